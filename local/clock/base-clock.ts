/** What the real and the virtual clock share: timers, holds and sleeping. They differ in how time comes to move. */
import type { Cancel, Clock, TimerOptions, TimeSource } from "../core/clock.ts";
import { HoldScopes, type OnWaiting } from "./hold-scope.ts";
import { TimerQueue } from "./timer-queue.ts";

export type ReportError = (label: string, error: unknown) => void;

export abstract class BaseClock implements Clock {
  abstract readonly isVirtual: boolean;
  readonly shared = new BigInt64Array(new SharedArrayBuffer(16));
  protected readonly timers = new TimerQueue();
  protected readonly scopes = new HoldScopes(() => this.wake());
  protected readonly sources = new Set<TimeSource>();
  protected readonly report: ReportError;

  constructor(report: ReportError) {
    this.report = report;
  }

  abstract now(): number;
  abstract advance(milliseconds: number): Promise<void>;
  abstract settle(withinMs?: number): Promise<void>;
  abstract until<T>(
    condition: () => T | undefined | false | Promise<T | undefined | false>,
    withinMs?: number,
  ): Promise<T>;
  abstract stop(): void;
  /** Something changed that may let time move. */
  protected abstract wake(): void;

  at(due: number, callback: () => void | Promise<void>, options?: TimerOptions): Cancel {
    const cancel = this.timers.add(due, callback, options);
    this.wake();
    return () => {
      cancel();
      this.wake();
    };
  }

  after(milliseconds: number, callback: () => void | Promise<void>, options?: TimerOptions): Cancel {
    return this.at(this.now() + Math.max(0, milliseconds), callback, options);
  }

  sleep(milliseconds: number, options: TimerOptions & { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal, ...timer } = options;
    return this.scopes.whileWaiting(
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = this.after(
          milliseconds,
          () => {
            signal?.removeEventListener("abort", abort);
            resolve();
          },
          timer,
        );
        signal?.addEventListener("abort", abort, { once: true });
      }),
    );
  }

  hold(label: string): Cancel {
    return this.scopes.open(label);
  }

  /** The next moment at which anything falls due, background work too; undefined when nothing is pending. */
  nextDue(): number | undefined {
    return this.next().due;
  }

  /** Runs work in a scope that holds time, as the dispatcher does for every call. */
  holding<T>(label: string, work: () => Promise<T> | T, onWaiting?: OnWaiting): Promise<T> {
    return this.scopes.run(label, work, onWaiting);
  }

  background(label: string, work: () => Promise<void>): void {
    this.scopes.runDetached(label, work).catch((error: unknown) => this.report(label, error));
  }

  waiting<T>(promise: Promise<T>): Promise<T> {
    return this.scopes.whileWaiting(promise);
  }

  /** As `waiting`, for a caller inside the cloud: its own work stands still, but that alone does not make time move. */
  blocked<T>(promise: Promise<T>): Promise<T> {
    return this.scopes.whileWaiting(promise);
  }

  addSource(source: TimeSource): { changed(): void; remove(): void } {
    this.sources.add(source);
    return {
      changed: () => this.wake(),
      remove: () => {
        this.sources.delete(source);
        this.wake();
      },
    };
  }

  protected get isIdle(): boolean {
    if (this.scopes.count > 0) return false;
    for (const source of this.sources) if (!source.isIdle()) return false;
    return true;
  }

  /** The earliest moment at which anything is due, and whether foreground work is pending at all. */
  protected next(): { due: number | undefined; foreground: boolean } {
    let due = this.timers.peek()?.due;
    let foreground = this.timers.foreground > 0;
    for (const source of this.sources) {
      const wanted = source.nextDue();
      if (!wanted) continue;
      foreground ||= !wanted.background;
      if (due === undefined || wanted.due < due) due = wanted.due;
    }
    return { due, foreground };
  }

  protected fire(now: number): void {
    for (const timer of this.timers.takeDue(now)) {
      if (timer.cancelled) continue;
      this.scopes
        .runDetached("timer", () => timer.callback())
        .catch((error: unknown) => this.report("a timer's callback", error));
    }
    for (const source of this.sources) source.fire(now);
  }
}
