/** One timer that is set, moved and taken away as what it waits for changes. */
import type { Cancel, Clock, TimerOptions } from "../../core/clock.ts";

const noCancel: Cancel = () => {};

export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  readonly #options: TimerOptions;
  #due: number | undefined;
  #cancel: Cancel = noCancel;

  constructor(clock: Clock, ring: () => void, options: TimerOptions = {}) {
    this.#clock = clock;
    this.#ring = ring;
    this.#options = options;
  }

  /** When it will ring (epoch ms). */
  get due(): number | undefined {
    return this.#due;
  }

  set(due: number | undefined): void {
    if (due === this.#due) return;
    this.#cancel();
    this.#due = due;
    if (due === undefined) return;
    const ring = (): void => {
      this.#due = undefined;
      this.#cancel = noCancel;
      this.#ring();
    };
    this.#cancel = this.#clock.at(due, ring, this.#options);
  }
}
