/** Long polls that wait for a queue to have something. */
import type { Clock } from "../../core/clock.ts";

export class Pollers {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves at the next `wake`, at `deadline` (epoch ms), or when the caller gives up. */
  async wait(deadline: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener("abort", done);
        cancelTimer();
        resolve();
      };
      let cancelTimer = this.#clock.at(deadline, () => {
        cancelTimer = () => {};
        done();
      });
      this.#waiting.add(done);
      signal.addEventListener("abort", done, { once: true });
      if (signal.aborted) done();
    });
  }

  wake(): void {
    for (const done of this.#waiting) done();
  }
}
