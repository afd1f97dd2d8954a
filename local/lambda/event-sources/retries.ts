/** Reading that failed is tried again, ever more slowly, as Lambda's pollers do. */
import type { Cancel, Clock } from "../../core/clock.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export class Retries {
  readonly #clock: Clock;
  readonly #again: () => void;
  #failures = 0;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, again: () => void) {
    this.#clock = clock;
    this.#again = again;
  }

  failed(error: unknown): void {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++);
    this.#cancel?.();
    // What only a person mends is tried for ever: nobody waits for it.
    const background = /AccessDenied|NotFound|NonExistent|DoesNotExist/.test(error instanceof Error ? error.name : "");
    this.#cancel = this.#clock.after(
      pauseMs,
      () => {
        this.#cancel = undefined;
        this.#again();
      },
      { background },
    );
  }

  succeeded(): void {
    this.#failures = 0;
    this.stop();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
