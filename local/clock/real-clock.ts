/** The clock on the wall, which can be set forward: everything that falls due on the way is run, in order. */
import { BaseClock, type ReportError } from "./base-clock.ts";

const DAY = 86_400_000;
const POLL_MS = 20;
/** setTimeout takes at most 2^31 - 1 ms. */
const LONGEST_TIMEOUT_MS = 2_000_000_000;

const realSleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class RealClock extends BaseClock {
  readonly isVirtual = false;
  #offset = 0;
  #timeout: NodeJS.Timeout | undefined;
  #armedFor = Infinity;
  #stopped = false;

  constructor(report: ReportError) {
    super(report);
    this.shared[0] = 0n;
  }

  now(): number {
    return Date.now() + this.#offset;
  }

  async advance(milliseconds: number): Promise<void> {
    const target = this.now() + milliseconds;
    for (;;) {
      const { due } = this.next();
      if (due === undefined || due > target) break;
      this.#setForward(due);
      this.fire(this.now());
      await this.#quiet();
    }
    this.#setForward(target);
    await this.#quiet();
  }

  async settle(withinMs: number = 30 * DAY): Promise<void> {
    const limit = this.now() + withinMs;
    await this.#quiet();
    while (this.next().foreground) {
      if (this.now() > limit) throw new Error(`Not settled within ${withinMs / 1000} s`);
      await realSleep(POLL_MS);
      await this.#quiet();
    }
  }

  async until<T>(
    condition: () => T | undefined | false | Promise<T | undefined | false>,
    withinMs: number = DAY,
  ): Promise<T> {
    const limit = this.now() + withinMs;
    for (;;) {
      let lastError: unknown;
      try {
        const result = await condition();
        if (result !== undefined && result !== false) return result;
      } catch (error) {
        lastError = error;
      }
      if (this.now() > limit) throw lastError ?? new Error(`The condition did not hold within ${withinMs / 1000} s`);
      await realSleep(POLL_MS);
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timeout);
  }

  protected wake(): void {
    if (this.#stopped) return;
    const due = this.timers.peek()?.due ?? Infinity;
    if (due === this.#armedFor) return;
    clearTimeout(this.#timeout);
    this.#armedFor = due;
    if (due === Infinity) return;
    this.#timeout = setTimeout(
      () => {
        this.#armedFor = Infinity;
        this.fire(this.now());
        this.wake();
      },
      Math.min(LONGEST_TIMEOUT_MS, Math.max(0, due - this.now())),
    );
    this.#timeout.unref();
  }

  #setForward(moment: number): void {
    if (moment <= this.now()) return;
    this.#offset = moment - Date.now();
    Atomics.store(this.shared, 1, BigInt(this.#offset));
    this.#armedFor = Number.NaN;
    this.wake();
  }

  async #quiet(): Promise<void> {
    const until = Date.now() + 5_000;
    for (let turns = 0; turns < 3;) {
      await new Promise((resolve) => setImmediate(resolve));
      turns = this.isIdle ? turns + 1 : 0;
      if (turns === 0) await realSleep(2);
      // Work that waits for something real must not keep a person's fast-forward from ending.
      if (Date.now() > until) return;
    }
  }
}
