/** Timers in the order in which they are due; those due at the same moment in the order in which they were set. */
import type { Cancel, TimerOptions } from "../core/clock.ts";

export interface Timer {
  readonly due: number;
  readonly order: number;
  readonly background: boolean;
  readonly callback: () => void | Promise<void>;
  cancelled: boolean;
  /** Taken out of the queue to be run: no longer counted. */
  taken: boolean;
}

export class TimerQueue {
  readonly #heap: Timer[] = [];
  #order = 0;
  #foreground = 0;
  #cancelled = 0;

  /** How many foreground timers are pending. */
  get foreground(): number {
    return this.#foreground;
  }

  add(due: number, callback: () => void | Promise<void>, options: TimerOptions = {}): Cancel {
    const timer: Timer = {
      due,
      order: this.#order++,
      background: options.background ?? false,
      callback,
      cancelled: false,
      taken: false,
    };
    if (!timer.background) this.#foreground++;
    this.#push(timer);
    return () => {
      if (timer.cancelled) return;
      timer.cancelled = true;
      if (timer.taken) return;
      if (!timer.background) this.#foreground--;
      this.#cancelled++;
      if (this.#cancelled > 1_000 && this.#cancelled > this.#heap.length / 2) this.#compact();
    };
  }

  peek(): Timer | undefined {
    while (this.#heap[0]?.cancelled) this.#drop();
    return this.#heap[0];
  }

  /** Takes out all timers due at `now` or before, in order. */
  takeDue(now: number): Timer[] {
    const due: Timer[] = [];
    for (let next = this.peek(); next && next.due <= now; next = this.peek()) {
      this.#pop();
      next.taken = true;
      if (!next.background) this.#foreground--;
      due.push(next);
    }
    return due;
  }

  #drop(): void {
    this.#pop();
    this.#cancelled--;
  }

  #compact(): void {
    const alive = this.#heap.filter((timer) => !timer.cancelled);
    this.#heap.length = 0;
    this.#cancelled = 0;
    for (const timer of alive) this.#push(timer);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, timer)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const a = heap[left];
      if (!a) break;
      const b = heap[left + 1];
      const child = b && isBefore(b, a) ? left + 1 : left;
      const smaller = child === left ? a : b;
      if (!smaller || isBefore(last, smaller)) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);
