/** Timers that wait for the host's clock. Only the earliest due moment is published; the host says when it has come. */
import type { Activity } from "./activity.ts";
import { NO_TIMER, Word } from "./protocol.ts";

/** Node takes longer delays as 1 ms (Node.js documentation, setTimeout). */
const LONGEST_DELAY = 2 ** 31 - 1;
/**
 * A timer due within this long before the invocation's deadline is a guard (middy sets one at every invocation), not
 * something that a handler waits for.
 */
const GUARD_MS = 100;

/** Looks like Node's Timeout. */
export class VirtualTimeout {
  readonly id: number;
  readonly run: () => void;
  readonly #timers: VirtualTimers;
  readonly delay: number;
  readonly repeats: boolean;
  due: number;
  isPending = true;
  #keepsAlive = true;

  constructor(timers: VirtualTimers, id: number, run: () => void, delay: number, due: number, repeats: boolean) {
    this.#timers = timers;
    this.id = id;
    this.run = run;
    this.delay = delay;
    this.due = due;
    this.repeats = repeats;
  }

  ref(): this {
    this.#keepsAlive = true;
    return this;
  }
  unref(): this {
    this.#keepsAlive = false;
    return this;
  }
  hasRef(): boolean {
    return this.#keepsAlive;
  }
  refresh(): this {
    this.#timers.refresh(this);
    return this;
  }
  close(): this {
    this.#timers.clear(this);
    return this;
  }
  [Symbol.toPrimitive](): number {
    return this.id;
  }
  [Symbol.dispose](): void {
    this.#timers.clear(this);
  }
}

export class VirtualTimers {
  readonly #pending = new Map<number, VirtualTimeout>();
  readonly #now: () => number;
  readonly #words: Int32Array;
  readonly #due: BigInt64Array;
  readonly #activity: Activity;
  #lastId = 0;
  /** Of the running invocation, epoch ms. */
  deadline = Infinity;

  constructor(now: () => number, words: Int32Array, due: BigInt64Array, activity: Activity) {
    this.#now = now;
    this.#words = words;
    this.#due = due;
    this.#activity = activity;
  }

  set(callback: () => void, delay: number | undefined, repeats: boolean): VirtualTimeout {
    if (typeof callback !== "function")
      throw Object.assign(new TypeError('The "callback" argument must be of type function.'), {
        code: "ERR_INVALID_ARG_TYPE",
      });
    const wanted = Number(delay);
    const milliseconds = wanted >= 1 && wanted <= LONGEST_DELAY ? Math.trunc(wanted) : 1;
    const timer = new VirtualTimeout(this, ++this.#lastId, callback, milliseconds, this.#now() + milliseconds, repeats);
    this.#pending.set(timer.id, timer);
    this.#activity.step();
    return timer;
  }

  /** Answers false when this is none of our timers. */
  clear(timer: unknown): boolean {
    const id = timer instanceof VirtualTimeout ? timer.id : Number(timer);
    const found = this.#pending.get(id);
    if (found) {
      found.isPending = false;
      this.#pending.delete(id);
      this.#activity.step();
    }
    return found !== undefined || timer instanceof VirtualTimeout;
  }

  refresh(timer: VirtualTimeout): void {
    timer.due = this.#now() + timer.delay;
    timer.isPending = true;
    // Behind those that were set for the same moment meanwhile.
    this.#pending.delete(timer.id);
    this.#pending.set(timer.id, timer);
    this.#activity.step();
  }

  /** Tells the host what is due when, and whether a handler may be waiting for it. */
  publish(): void {
    let earliest = Infinity;
    let awaited = 0;
    for (const timer of this.#pending.values()) {
      const { due } = timer;
      if (due < earliest) earliest = due;
      const isGuard = due < this.deadline && due >= this.deadline - GUARD_MS;
      if (timer.hasRef() && !isGuard) awaited++;
    }
    Atomics.store(this.#due, 0, earliest === Infinity ? NO_TIMER : BigInt(Math.ceil(earliest)));
    Atomics.store(this.#words, Word.awaited, awaited);
  }

  /** Takes the first of the due timers and runs it; answers whether there was one. */
  fireNext(): boolean {
    const now = this.#now();
    let next: VirtualTimeout | undefined;
    for (const timer of this.#pending.values())
      if (timer.due <= now && (next === undefined || timer.due < next.due)) next = timer;
    if (next === undefined) return false;
    this.#pending.delete(next.id);
    if (next.repeats) {
      next.due = now + next.delay;
      this.#pending.set(next.id, next);
    } else next.isPending = false;
    next.run();
    return true;
  }
}
