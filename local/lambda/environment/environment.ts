/** One execution environment: a worker thread that runs one invocation at a time and is used again while it is warm. */
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Cloud } from "../../core/cloud.ts";
import { asRole } from "../../core/principal.ts";
import type { FunctionSpec, InvocationRequest, LogEvent } from "../function-spec.ts";
import {
  type Failure,
  type HostWord,
  NO_TIMER,
  Word,
  WORDS,
  type WorkerStart,
  type WorkerWord,
} from "../worker/protocol.ts";
import { exited, outOfMemory, timedOut } from "./failures.ts";
import { DAEMON, variablesOf } from "./variables.ts";

/** Node needs this much for itself, whatever the function's MemorySize. */
const LEAST_HEAP_MB = 128;
/** When the cloud stops, real ms. */
const LONGEST_START_MS = 5_000;
/** What an empty function of this runtime reports as used. */
const RUNTIME_MB = 60;

export interface Place {
  readonly program: URL;
  readonly root: string;
  readonly logStream: string;
  readonly compileCache: string | undefined;
}

/** How an invocation ended. */
export interface Ending {
  readonly payload: string | Uint8Array;
  readonly failure: Failure | undefined;
  readonly isTimeout?: boolean;
  readonly log: readonly LogEvent[];
}

interface Running {
  readonly request: InvocationRequest;
  readonly end: (ending: Ending) => void;
  readonly cancelTimeout: () => void;
}

export class Environment {
  readonly spec: FunctionSpec;
  readonly place: Place;
  readonly accessKeyId: string;
  /** Settles once the handler is loaded: with the failure when it could not be. */
  readonly ready: Promise<Failure | undefined>;
  /** How many of its requests the gateway lets wait. */
  blocked = 0;
  /** Called whenever its part in whether time may move may have changed. */
  onChange: () => void = () => {};
  onEnd: () => void = () => {};
  readonly #cloud: Cloud;
  readonly #worker: Worker;
  readonly #words = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  readonly #due = new BigInt64Array(new SharedArrayBuffer(8));
  readonly #log: LogEvent[] = [];
  #sent = 0;
  #running: Running | undefined;
  #isStarting = true;
  #isAlive = true;
  #isAbandoned = false;
  #heapBytes = 0;
  /** Real time since when it has been active without a pause, for the watchdog. */
  activeSince = performance.now();
  /** Nothing it could wait for is known: time moves, so that it times out. */
  isStuck = false;

  constructor(cloud: Cloud, spec: FunctionSpec, place: Place) {
    this.#cloud = cloud;
    this.spec = spec;
    this.place = place;
    const credentials = cloud.iam.issue(spec.roleArn, spec.name);
    this.accessKeyId = credentials.accessKeyId;
    this.#words[Word.busy] = 1;
    this.#due[0] = NO_TIMER;
    const env = variablesOf(spec, cloud, credentials, place);
    const nodeOptions = env["NODE_OPTIONS"];
    const start: WorkerStart = {
      clock: cloud.clock.shared,
      words: this.#words,
      due: this.#due,
      root: place.root,
      handler: spec.handler,
      runtime: spec.runtime,
      format: spec.logging.format,
      level: spec.logging.applicationLevel ?? "INFO",
      compileCache: place.compileCache,
      nodeOptions,
      seed: Math.floor(cloud.random() * 2 ** 32),
      daemon: cloud.isTracing ? DAEMON : undefined,
    };
    this.#worker = new Worker(place.program, {
      workerData: start,
      // The worker maps stack traces itself, at less cost.
      env: nodeOptions === undefined ? env : { ...env, NODE_OPTIONS: nodeOptions.replace("--enable-source-maps", "") },
      resourceLimits: { maxOldGenerationSizeMb: Math.max(LEAST_HEAP_MB, spec.memoryMb) },
      // The process's own flags (a debugger's, a test runner's) are not the function's.
      execArgv: ["--no-warnings"],
      stdin: false,
    });
    this.ready = new Promise((resolve) => this.#listen(resolve));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Loading its code or running an invocation. */
  get isActive(): boolean {
    return this.#isAlive && (this.#isStarting || this.#running !== undefined);
  }

  get runningRequestId(): string | undefined {
    return this.#running?.request.requestId;
  }

  /** Runs one invocation. Never rejects: whatever happens is the ending. There is none once the cloud has stopped. */
  invoke(request: InvocationRequest): Promise<Ending> {
    const timeoutMs = this.spec.timeoutSeconds * 1000;
    const { clock } = this.#cloud;
    return new Promise((resolve) => {
      if (this.#isAbandoned) return;
      const cancelTimeout = clock.after(timeoutMs, () => this.timeOut());
      this.#running = { request, end: resolve, cancelTimeout };
      this.#begin();
      this.#send({
        kind: "invoke",
        word: ++this.#sent,
        requestId: request.requestId,
        payload: request.payload,
        deadline: clock.now() + timeoutMs,
        invokedFunctionArn: request.invokedFunctionArn,
        traceId: request.traceId,
        clientContext: request.clientContext,
      });
    });
  }

  /** Megabytes in use at the end of the last invocation, Node itself included; never more than the function has. */
  get memoryMb(): number {
    return Math.min(this.spec.memoryMb, RUNTIME_MB + Math.ceil(this.#heapBytes / 1024 ** 2));
  }

  /** True when nothing moves here before time does. */
  isIdle(): boolean {
    // In this order: a worker counts a request down, or sees a word, only after it has called itself busy.
    const open = Atomics.load(this.#words, Word.open);
    const seen = Atomics.load(this.#words, Word.seen);
    if (Atomics.load(this.#words, Word.busy) !== 0 || seen !== this.#sent) return false;
    if (open > 0) return open <= this.blocked;
    return this.isStuck || Atomics.load(this.#words, Word.awaited) > 0;
  }

  /** Quiet, but with nothing that time could bring about. */
  isWaitingForNothing(): boolean {
    return Atomics.load(this.#words, Word.busy) === 0 && Atomics.load(this.#words, Word.open) === 0 && !this.isIdle();
  }

  nextDue(): number | undefined {
    const due = Atomics.load(this.#due, 0);
    return due === NO_TIMER ? undefined : Number(due);
  }

  /** Time has reached `now`. */
  tick(now: number): void {
    const due = this.nextDue();
    if (due === undefined || due > now) return;
    // The worker publishes the next one when it is quiet again.
    Atomics.store(this.#due, 0, NO_TIMER);
    this.#send({ kind: "tick", word: ++this.#sent });
  }

  timeOut(): void {
    const requestId = this.#running?.request.requestId ?? "";
    this.#stop(timedOut(requestId, this.spec.timeoutSeconds), true);
  }

  /** Ends the thread. A running invocation ends with it. */
  end(): void {
    this.#stop(exited(this.#running?.request.requestId ?? "", 137));
  }

  /**
   * The cloud stops: the thread ends, and nobody is told. A queued event is tried again when the cloud is started again. A thread that
   * is loading its code gets to the end of that first: V8 ends the whole process where it is terminated while a module awaits something
   * ("Check failed: (location_) != nullptr" in AsyncModuleExecutionFulfilled, Node 24).
   */
  async abandon(): Promise<void> {
    this.#isAlive = false;
    this.#isAbandoned = true;
    this.#running?.cancelTimeout();
    this.#running = undefined;
    await Promise.race([this.ready, sleep(LONGEST_START_MS, undefined, { ref: false })]);
    await this.#worker.terminate();
  }

  /** Log lines since the last call. */
  takeLog(): readonly LogEvent[] {
    return this.#log.splice(0);
  }

  #begin(): void {
    this.activeSince = performance.now();
    this.isStuck = false;
    this.onChange();
  }

  #send(word: HostWord): void {
    this.#worker.postMessage(word);
  }

  #listen(ready: (failure: Failure | undefined) => void): void {
    const started = (failure: Failure | undefined): void => {
      this.#isStarting = false;
      ready(failure);
      this.onChange();
    };
    this.#worker.on("message", (word: WorkerWord) => {
      switch (word.kind) {
        case "log":
          this.#log.push({ at: word.at, text: word.text });
          return;
        case "segment":
          this.#tell(word.datagram);
          return;
        case "quiet":
          this.onChange();
          return;
        case "ready":
          started(undefined);
          return;
        case "init-failure":
          started(word.failure);
          this.#stop(word.failure);
          return;
        case "result":
          this.#heapBytes = word.heapBytes;
          this.#finish(word.requestId, { payload: word.streamed ?? word.payload, failure: undefined });
          return;
        case "failure":
          this.#heapBytes = word.heapBytes;
          this.#finish(word.requestId, { payload: JSON.stringify(word.failure), failure: word.failure });
          return;
        case "crash":
          started(word.failure);
          this.#stop(word.failure);
      }
    });
    const stopped = (failure: Failure): void => {
      this.#stop(failure);
      started(failure);
    };
    // Without this listener an error in the worker would end the host.
    this.#worker.on("error", (error: unknown) => {
      const requestId = this.#running?.request.requestId ?? "";
      const isMemory = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
      stopped(isMemory ? outOfMemory(requestId) : exited(requestId, 1));
    });
    this.#worker.on("exit", (code) => stopped(exited(this.#running?.request.requestId ?? "", code)));
  }

  /** As the X-Ray daemon does: in the name of the function's role. The first line says only that JSON follows. */
  #tell(datagram: string): void {
    const documents = datagram.slice(datagram.indexOf("\n") + 1).split("\n");
    this.#cloud.signals.emit("xray.segments", { documents, as: asRole(this.spec.roleArn, this.spec.name) });
  }

  #finish(requestId: string, ending: Pick<Ending, "payload" | "failure">): void {
    const running = this.#running;
    if (running?.request.requestId !== requestId) return;
    this.#running = undefined;
    running.cancelTimeout();
    running.end({ ...ending, log: this.takeLog() });
    this.onChange();
  }

  #stop(failure: Failure, isTimeout = false): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    void this.#worker.terminate();
    const running = this.#running;
    this.#running = undefined;
    running?.cancelTimeout();
    running?.end({ payload: JSON.stringify(failure), failure, isTimeout, log: this.takeLog() });
    this.onEnd();
    this.onChange();
  }
}
