/**
 * Whether the worker still has something to do. In virtual time the host lets time move only when it has not: when nothing
 * happened for two turns of the event loop and no work is under way outside of it (files, thread pool, sockets).
 *
 * Promises settle within a turn, timers are virtual and counted, HTTP requests are counted. What remains is work that ends
 * by a callback from the operating system or a thread: async_hooks tell when such work begins and when it calls back.
 */
import { createHook } from "node:async_hooks";
import { Word, type WorkerWord } from "./protocol.ts";

/** Work that calls back once: file system, crypto, name resolution, connections, and N-API work ("generic"), as sharp does it. */
const CALLS_BACK_ONCE =
  /^(?!HTTP).*REQUEST$|^FSREQ|^GETADDRINFO|^GETNAMEINFO|^QUERYWRAP|^FILEHANDLECLOSEREQ|^generic$|napi|async.?work/i;

/** Real ms between looks while something outside the loop is under way. */
const LOOK_AGAIN_MS = 1;

const turn = setImmediate;
const wait = setTimeout;

export class Activity {
  readonly #words: Int32Array;
  readonly #post: (word: WorkerWord) => void;
  /** Work by its asynchronous id. */
  readonly #underWay = new Map<number, object>();
  #promised = 0;
  #steps = 0;
  #isWatching = false;
  /** Called before the worker reports quiet, to publish what the host decides by. */
  onQuiet: () => void = () => {};

  constructor(words: Int32Array, post: (word: WorkerWord) => void) {
    this.#words = words;
    this.#post = post;
  }

  /** Something happened: the worker is busy until two turns have passed without anything more. */
  step(): void {
    this.#steps++;
    if (this.#isWatching) return;
    this.#isWatching = true;
    Atomics.store(this.#words, Word.busy, 1);
    let last = -1;
    const look = (): void => {
      if (this.#steps !== last) {
        last = this.#steps;
        turn(() => turn(look));
      } else if (this.#isWorkUnderWay()) {
        wait(look, LOOK_AGAIN_MS);
      } else {
        this.#isWatching = false;
        this.onQuiet();
        Atomics.store(this.#words, Word.busy, 0);
        this.#post({ kind: "quiet" });
      }
    };
    look();
  }

  /** Begins to observe. Promise hooks would cost too much and tell nothing that is needed. */
  observe(): void {
    const done = (id: number): void => {
      if (this.#underWay.delete(id)) this.step();
    };
    const hooks = {
      init: (id: number, type: string, _trigger: number, resource: object): void => {
        if (type === "ZLIB") this.#observeCompressor(id, resource);
        else if (CALLS_BACK_ONCE.test(type)) this.#underWay.set(id, resource);
      },
      before: done,
      destroy: done,
      // Not yet in the type definitions of Node 24.
      trackPromises: false,
    };
    createHook(hooks).enable();
    this.#observePromises();
  }

  #isWorkUnderWay(): boolean {
    for (const [id, resource] of this.#underWay) if (isOver(resource)) this.#underWay.delete(id);
    return this.#underWay.size > 0 || this.#promised > 0 || this.#isLoopKeptAlive();
  }

  /**
   * What keeps the loop alive besides timers: immediates, processes, and sockets beyond those of the counted HTTP requests
   * (a database connection, for instance).
   */
  #isLoopKeptAlive(): boolean {
    let sockets = 0;
    for (const type of process.getActiveResourcesInfo()) {
      if (type === "Immediate" || type === "ProcessWrap" || type === "Worker") return true;
      if (type === "TCPSocketWrap" || type === "PipeWrap") sockets++;
    }
    return sockets > Atomics.load(this.#words, Word.open);
  }

  /** A compressor lives long; it is at work from each asynchronous write until that calls back. */
  #observeCompressor(id: number, compressor: object): void {
    const write: unknown = Reflect.get(compressor, "write");
    if (typeof write !== "function") return;
    const observed = (...values: unknown[]): unknown => {
      this.#underWay.set(id, compressor);
      return Reflect.apply(write, compressor, values);
    };
    Object.defineProperty(compressor, "write", { value: observed, writable: true, configurable: true });
  }

  /** Work of which no hook knows: V8 compiles WebAssembly in threads of its own, WebCrypto settles promises natively. */
  #observePromises(): void {
    // The Node types know WebAssembly only as a namespace of types.
    const webAssembly = Reflect.get(globalThis, "WebAssembly") as object;
    const subtle = Object.getPrototypeOf(crypto.subtle) as object;
    const methods = Object.getOwnPropertyNames(subtle).filter((name) => name !== "constructor");
    this.#observeMethods(webAssembly, ["compile", "instantiate"]);
    this.#observeMethods(subtle, methods);
  }

  #observeMethods(owner: object, names: readonly string[]): void {
    const begin = (): void => {
      this.#promised++;
      this.step();
    };
    const end = (): void => {
      this.#promised--;
      this.step();
    };
    for (const name of names) {
      const original = Reflect.get(owner, name) as unknown;
      if (typeof original !== "function") continue;
      const observed = function (this: unknown, ...values: unknown[]): unknown {
        const result: unknown = Reflect.apply(original, this, values);
        if (!(result instanceof Promise)) return result;
        begin();
        void result.then(end, end);
        return result;
      };
      Object.defineProperty(owner, name, { value: observed, writable: true, configurable: true });
    }
  }
}

/**
 * Synchronous jobs of node:crypto look like asynchronous ones and never call back: only these are given a function for the
 * time when they are done. Such a job was over when its constructor's caller went on.
 */
const isOver = (resource: object): boolean => resource.constructor.name.endsWith("Job") && !("ondone" in resource);
