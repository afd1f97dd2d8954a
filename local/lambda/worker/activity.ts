/**
 * Whether the worker still has something to do. In virtual time the host lets time move only when it has not: when nothing
 * happened for two turns of the event loop and no work is under way outside of it (files, thread pool, sockets).
 *
 * Promises settle within a turn, timers are virtual and counted, HTTP requests are counted. What remains is work that ends
 * by a callback from the operating system or a thread: async_hooks tell when such work begins and when it calls back.
 */
import { createHook } from "node:async_hooks";
import { promisify } from "node:util";
import { Word, type WorkerWord } from "./protocol.ts";

/** Work that calls back once: file system, crypto, name resolution, connections, and N-API work ("generic"), as sharp does it. */
const CALLS_BACK_ONCE =
  /^(?!HTTP).*REQUEST$|^FSREQ|^GETADDRINFO|^GETNAMEINFO|^QUERYWRAP|^FILEHANDLECLOSEREQ|^generic$|napi|async.?work/i;

/** A (de)compressor calls back after every block; it is taken to be at work until this long (real ms) after the last one. */
const COMPRESSING_MS = 50;
/** Real ms between looks while something outside the loop is under way. */
const LOOK_AGAIN_MS = 1;

const turn = setImmediate;
const wait = setTimeout;
const realNow = performance.now.bind(performance);

export class Activity {
  readonly #words: Int32Array;
  readonly #post: (word: WorkerWord) => void;
  readonly #underWay = new Set<number>();
  readonly #compressors = new Set<number>();
  #compressedAt = -Infinity;
  #compilations = 0;
  #immediates = 0;
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
      if (this.#compressors.has(id)) this.#compressedAt = realNow();
    };
    const hooks = {
      init: (id: number, type: string): void => {
        if (type === "ZLIB") {
          this.#compressors.add(id);
          this.#compressedAt = realNow();
        } else if (CALLS_BACK_ONCE.test(type)) {
          this.#underWay.add(id);
        }
      },
      before: done,
      destroy: (id: number): void => {
        done(id);
        this.#compressors.delete(id);
      },
      // Not yet in the type definitions of Node 24.
      trackPromises: false,
    };
    createHook(hooks).enable();
    this.#observeImmediates();
    this.#observeCompilations();
  }

  #isWorkUnderWay(): boolean {
    return (
      this.#underWay.size > 0 ||
      this.#immediates > 0 ||
      this.#compilations > 0 ||
      realNow() - this.#compressedAt < COMPRESSING_MS ||
      this.#hasForeignSocket()
    );
  }

  /** Sockets that keep the loop alive beyond those of the counted HTTP requests: a database connection, for instance. */
  #hasForeignSocket(): boolean {
    let sockets = 0;
    for (const type of process.getActiveResourcesInfo()) {
      if (type === "ProcessWrap" || type === "Worker") return true;
      if (type === "TCPSocketWrap" || type === "PipeWrap") sockets++;
    }
    return sockets > Atomics.load(this.#words, Word.open);
  }

  #observeImmediates(): void {
    const { setImmediate: set, clearImmediate: clear } = globalThis;
    const pending = new Set<NodeJS.Immediate>();
    const observed = (callback: (...values: unknown[]) => void, ...values: unknown[]): NodeJS.Immediate => {
      const immediate: NodeJS.Immediate = set(() => {
        pending.delete(immediate);
        this.#immediates = pending.size;
        this.step();
        callback(...values);
      });
      pending.add(immediate);
      this.#immediates = pending.size;
      return immediate;
    };
    // Assigned rather than set: the type of setImmediate also has the member for promisify, which is kept by its symbol.
    Object.assign(globalThis, {
      setImmediate: Object.assign(observed, { [promisify.custom]: Reflect.get(set, promisify.custom) as unknown }),
      clearImmediate: (immediate: NodeJS.Immediate | undefined): void => {
        clear(immediate);
        if (immediate) pending.delete(immediate);
        this.#immediates = pending.size;
      },
    });
  }

  /** V8 compiles WebAssembly in threads of its own, of which no hook knows. */
  #observeCompilations(): void {
    // The Node types know WebAssembly only as a namespace of types.
    const api = Reflect.get(globalThis, "WebAssembly") as Record<string, (...values: unknown[]) => Promise<unknown>>;
    for (const name of ["compile", "instantiate"]) {
      const original = api[name];
      if (original === undefined) continue;
      api[name] = async (...values) => {
        this.#compilations++;
        this.step();
        try {
          return await original.apply(api, values);
        } finally {
          this.#compilations--;
          this.step();
        }
      };
    }
  }
}
