/**
 * Time that jumps. It moves only while somebody waits for it (advance, settle, until, or a blocked call from outside) and
 * nothing is being worked on; then it jumps to the moment at which the next timer is due.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { BaseClock, type ReportError } from "./base-clock.ts";

const DAY = 86_400_000;
const STANDSTILL_MS = 10_000;

interface Goal {
  /** Looks at the quiet world: true when the goal is reached (and its promise settled). */
  check(next: { due: number | undefined; foreground: boolean }): boolean | Promise<boolean>;
  /** Time must not jump past this moment in one step. */
  readonly stopAt: number | undefined;
}

class Stuck extends Error {}

export class VirtualClock extends BaseClock {
  readonly isVirtual = true;
  #now: number;
  readonly #goals = new Set<Goal>();
  #waiters = 0;
  readonly #condition = new AsyncLocalStorage<boolean>();
  #running = false;
  #woken: (() => void) | undefined;
  #stopped = false;

  constructor(report: ReportError, start: number = Date.now()) {
    super(report);
    this.#now = start;
    this.shared[0] = 1n;
    Atomics.store(this.shared, 1, BigInt(start));
  }

  now(): number {
    return this.#now;
  }

  advance(milliseconds: number): Promise<void> {
    const target = this.#now + milliseconds;
    return this.#pursue((resolve) => ({
      stopAt: target,
      check: (next) => {
        if (this.#now < target || (next.due !== undefined && next.due <= this.#now)) return false;
        resolve();
        return true;
      },
    }));
  }

  settle(withinMs: number = 30 * DAY): Promise<void> {
    const limit = this.#now + withinMs;
    return this.#pursue((resolve, reject) => ({
      stopAt: undefined,
      check: ({ due, foreground }) => {
        if (!foreground) resolve();
        else if (due !== undefined && due > limit) {
          reject(
            new Error(
              `Not settled within ${withinMs / 1000} s of virtual time: work is still planned for ${new Date(due).toISOString()}`,
            ),
          );
        } else return false;
        return true;
      },
    }));
  }

  until<T>(
    condition: () => T | undefined | false | Promise<T | undefined | false>,
    withinMs: number = DAY,
  ): Promise<T> {
    const limit = this.#now + withinMs;
    let lastError: unknown;
    return this.#pursue<T>((resolve, reject) => ({
      stopAt: limit,
      check: async ({ due }) => {
        const release = this.hold("the condition of until()");
        try {
          const result = await this.#unlessStuck(this.#condition.run(true, async () => condition()));
          if (result !== undefined && result !== false) {
            resolve(result);
            return true;
          }
          lastError = undefined;
        } catch (error) {
          lastError = error;
          if (error instanceof Stuck) {
            reject(error);
            return true;
          }
        } finally {
          release();
        }
        // The condition may itself have set timers; look again before giving up.
        const next = this.next();
        if (this.#now < limit && (due !== undefined || next.due !== undefined)) return false;
        reject(lastError ?? new Error(`The condition did not hold within ${withinMs / 1000} s of virtual time`));
        return true;
      },
    }));
  }

  /** A condition that waits for what only time brings about, the next try of a throttled call for instance, would wait for ever. */
  async #unlessStuck<T>(condition: Promise<T>): Promise<T> {
    let watch: NodeJS.Timeout | undefined;
    const stuck = new Promise<never>((_, reject) => {
      watch = setInterval(() => {
        if (this.scopes.count === 1)
          reject(new Stuck("The condition of until() waits for time, which it holds itself"));
      }, STANDSTILL_MS);
    });
    try {
      return await Promise.race([condition, stuck]);
    } finally {
      clearInterval(watch);
    }
  }

  /** A blocked call from outside: time may move until it is answered. */
  override waiting<T>(promise: Promise<T>): Promise<T> {
    this.#waiters++;
    this.wake();
    return super.waiting(promise).finally(() => {
      this.#waiters--;
      this.wake();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#goals.clear();
    this.wake();
  }

  protected wake(): void {
    this.#woken?.();
    if (!this.#running && !this.#stopped && (this.#goals.size > 0 || this.#waiters > 0)) {
      this.#running = true;
      void this.#run();
    }
  }

  #pursue<T>(make: (resolve: (value: T) => void, reject: (error: unknown) => void) => Goal): Promise<T> {
    // Time waits for the condition, and the condition would wait for time.
    if (this.#condition.getStore())
      return Promise.reject(new Error("The condition of until() cannot move time itself"));
    return new Promise<T>((resolve, reject) => {
      this.#goals.add(make(resolve, reject));
      this.wake();
    });
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopped && (this.#goals.size > 0 || this.#waiters > 0)) await this.#step();
    } finally {
      // Within the same turn as the last look at goals and waiters: whoever comes after it starts a new run.
      this.#running = false;
    }
  }

  /** Waits until all is quiet, looks at the goals, and moves to the next moment at which anything is due. */
  async #step(): Promise<void> {
    await this.#quiet();
    for (const goal of this.#goals) if (await goal.check(this.next())) this.#goals.delete(goal);
    if (!this.isIdle || (this.#goals.size === 0 && this.#waiters === 0)) return;
    const { due } = this.next();
    const stops = [...this.#goals].flatMap((goal) => goal.stopAt ?? []).filter((stop) => stop > this.#now);
    const target = Math.min(due ?? Infinity, ...stops);
    // Nothing is planned: whoever waits, waits for a call from outside.
    if (target === Infinity) await this.#change();
    else this.#moveTo(Math.max(target, this.#now));
  }

  #moveTo(moment: number): void {
    this.#now = moment;
    Atomics.store(this.shared, 1, BigInt(Math.floor(moment)));
    this.fire(moment);
  }

  /** Resolves when nothing has been worked on for two turns of the event loop. */
  async #quiet(): Promise<void> {
    for (let turns = 0; turns < 2 && !this.#stopped;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.isIdle) turns++;
      else {
        turns = 0;
        const watch = setTimeout(() => this.#complain(), STANDSTILL_MS);
        await this.#change();
        clearTimeout(watch);
      }
    }
  }

  /** Somebody waits for time, and nothing has moved for long: says who holds it. */
  #complain(): void {
    const holders = this.scopes.labels().join(", ") || "a function that waits for something outside the cloud";
    this.report(`Virtual time has stood still for ${STANDSTILL_MS / 1000} s: ${holders}`, undefined);
  }

  /** Resolves at the next change of holds, timers or sources. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#woken = () => {
        this.#woken = undefined;
        resolve();
      };
      // A change may have come between the check and this line only through synchronous code, of which there is none.
      if (this.#stopped) this.#woken();
    });
  }
}
