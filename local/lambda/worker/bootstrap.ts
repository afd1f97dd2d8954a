/** A worker thread that is one execution environment: loads the handler, runs invocations one after the other. */
import { enableCompileCache, flushCompileCache } from "node:module";
import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { seededRandom } from "../../core/random.ts";
import { Activity } from "./activity.ts";
import { cloudNow, installDate } from "./date.ts";
import { failureOf, RuntimeError } from "./failure.ts";
import { installPerformanceNow, installTimers } from "./install-timers.ts";
import { type HandlerFunction, loadHandler } from "./load-handler.ts";
import { resolveLocalNames } from "./network.ts";
import { countOpenRequests } from "./open-requests.ts";
import { Output } from "./output.ts";
import type { HostWord, InvokeWord, WorkerStart, WorkerWord } from "./protocol.ts";
import { Word } from "./protocol.ts";
import { installStreaming } from "./response-stream.ts";
import { takeSegments } from "./segments.ts";
import { mapStackTraces } from "./source-maps.ts";
import { checkSignature, runInvocation } from "./run-invocation.ts";
import { VirtualTimers } from "./virtual-timers.ts";

const start = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error("This is the program of a worker thread");
const post = (word: WorkerWord): void => port.postMessage(word);

const now = () => cloudNow(start.clock);
const output = new Output({
  format: start.format,
  level: start.level,
  now,
  write: (at, text) => post({ kind: "log", at, text }),
});
const activity = new Activity(start.words, post);
const timers = new VirtualTimers(now, start.words, start.due, activity);
const turn = setImmediate;

const isVirtual = Atomics.load(start.clock, 0) === 1n;
if (start.compileCache !== undefined) enableCompileCache(start.compileCache);
if (start.nodeOptions !== undefined) process.env["NODE_OPTIONS"] = start.nodeOptions;
mapStackTraces();
resolveLocalNames();
installDate(start.clock);
output.install();
installStreaming();
if (start.daemon) takeSegments(start.daemon, (datagram) => post({ kind: "segment", datagram }));
if (isVirtual) {
  activity.onQuiet = () => timers.publish();
  activity.observe();
  countOpenRequests(start.words, activity);
  installTimers(timers);
  installPerformanceNow(now);
  Math.random = seededRandom(start.seed);
  activity.step();
}

/** The runtime reports what nobody caught, and ends the process. */
function crash(title: string, error: unknown): void {
  output.failure(title, error);
  post({ kind: "crash", failure: failureOf(error) });
  process.exit(1);
}
process.on("uncaughtException", (error) => crash("Uncaught Exception", error));
process.on("unhandledRejection", (reason) => {
  const error = new RuntimeError("Runtime.UnhandledPromiseRejection", String(reason));
  crash("Unhandled Promise Rejection", Object.assign(error, { reason }));
});

async function invoke(handler: HandlerFunction, word: InvokeWord): Promise<void> {
  const { requestId } = word;
  process.env["_X_AMZN_TRACE_ID"] = word.traceId;
  output.requestId = requestId;
  timers.deadline = word.deadline;
  try {
    const answer = await runInvocation(handler, word, now);
    if (start.daemon) await sent();
    post({ kind: "result", requestId, ...answer, heapBytes: heapBytes() });
  } catch (error) {
    output.failure("Invoke Error", error);
    if (start.daemon) await sent();
    post({ kind: "failure", requestId, failure: failureOf(error), heapBytes: heapBytes() });
  }
}

/** The X-Ray SDK sends in the next ticks; the host must know the segments before it knows that the invocation has ended. */
const sent = (): Promise<void> => new Promise((resolve) => void turn(resolve));

const heapBytes = (): number => {
  const { used_heap_size: used, external_memory: external } = getHeapStatistics();
  return used + external;
};

function fireDue(): void {
  // As in Node, what a timer's callback has resolved goes on before the next timer fires.
  if (timers.fireNext()) {
    activity.step();
    turn(fireDue);
  }
}

async function serve(): Promise<void> {
  try {
    const handler = await loadHandler(start.root, start.handler);
    checkSignature(handler, start.runtime);
    port?.on("message", (word: HostWord) => {
      if (isVirtual) activity.step();
      Atomics.store(start.words, Word.seen, word.word);
      if (word.kind === "tick") fireDue();
      else void invoke(handler, word);
    });
    post({ kind: "ready" });
    if (start.compileCache !== undefined) flushCompileCache();
  } catch (error) {
    output.failure("Uncaught Exception", error);
    post({ kind: "init-failure", failure: failureOf(error) });
    process.exit(1);
  }
}

void serve();
