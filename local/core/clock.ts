/** Time as the local cloud sees it: the real clock with an offset, or a virtual one that jumps. */

export type Cancel = () => void;

export interface TimerOptions {
  /**
   * Housekeeping that never ends by itself (schedules, TTL sweeps, retention, alarm periods, the RDS seven-day start).
   * `settle()` does not wait for it; `advance()` runs it like any other.
   */
  readonly background?: boolean;
}

export interface Clock {
  readonly isVirtual: boolean;
  /** Epoch milliseconds. */
  now(): number;
  /** Runs the callback once, when time reaches `due` (epoch ms), never synchronously. An error it throws is logged. */
  at(due: number, callback: () => void | Promise<void>, options?: TimerOptions): Cancel;
  after(milliseconds: number, callback: () => void | Promise<void>, options?: TimerOptions): Cancel;
  /** Resolves after a time; rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, options?: TimerOptions & { readonly signal?: AbortSignal }): Promise<void>;

  /**
   * Says that something is being worked on: virtual time stands still until the returned function is called.
   * The dispatcher holds time during every call, so handlers need this only for work they start and do not await.
   */
  hold(label: string): Cancel;
  /** Runs work that nobody awaits, holding time until it is over; an error is logged with the label, never thrown. */
  background(label: string, work: () => Promise<void>): void;

  /** Moves time on, running everything due in between, and waits until what that set off is quiet. */
  advance(milliseconds: number): Promise<void>;
  /** Virtual: jumps from timer to timer until no foreground timer is left. Throws after `withinMs` (default 30 days) of virtual time. */
  settle(withinMs?: number): Promise<void>;
  /** Moves time until the condition holds; throws after `withinMs` (default 1 day) with the last error of the condition. */
  until<T>(condition: () => T | undefined | false | Promise<T | undefined | false>, withinMs?: number): Promise<T>;
  /** A call from outside that blocks (long poll, synchronous invocation) lets virtual time move until it is over. */
  waiting<T>(promise: Promise<T>): Promise<T>;

  /**
   * For worker threads: two 64-bit integers, [0] mode (1 virtual, 0 real), [1] virtual now or the real clock's offset, in ms.
   */
  readonly shared: BigInt64Array;
  /**
   * Something that runs elsewhere (a worker thread) and says by itself whether it is busy. Time moves only when all are idle.
   * Call `changed()` whenever the answer may have become true.
   */
  addSource(source: TimeSource): { changed(): void; remove(): void };
}

export interface TimeSource {
  /** True when nothing here moves before time does. */
  isIdle(): boolean;
  /** The earliest moment (epoch ms) at which this source wants to be woken. */
  nextDue(): { due: number; background: boolean } | undefined;
  /** Time has reached `now`: fire what is due. */
  fire(now: number): void;
}
