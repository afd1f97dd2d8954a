/**
 * Receives of FIFO queues that may be asked for again: "During a visibility timeout, the same ReceiveRequestAttemptId brings the same
 * messages and receipt handles, for five minutes, unless one of them was deleted or had its visibility changed" (ReceiveMessage).
 */
import type { Clock } from "../../../core/clock.ts";
import type { Entry } from "../message.ts";
import type { Queue } from "../queue.ts";
import { invalidParameter } from "../store.ts";

const INTERVAL_MS = 5 * 60 * 1000;

interface Attempt {
  readonly at: number;
  readonly received: readonly { readonly entry: Entry; readonly version: number }[];
}

export class ReceiveAttempts {
  readonly #clock: Clock;
  readonly #attempts = new WeakMap<Queue, Map<string, Attempt>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The messages of this attempt, hidden anew; undefined when there was none. Throws InvalidParameterValue when they have changed. */
  repeat(queue: Queue, id: string, visibilityMs: number): readonly Entry[] | undefined {
    const attempt = this.#of(queue).get(id);
    if (!attempt) return undefined;
    if (attempt.received.some(({ entry, version }) => entry.state !== "in-flight" || entry.version !== version))
      throw invalidParameter(
        id,
        "ReceiveRequestAttemptId",
        "The receiveRequestAttemptId is not valid anymore since the receive call is not retryable.",
      );
    const entries = attempt.received.map(({ entry }) => entry);
    for (const entry of entries) queue.changeVisibility(entry, visibilityMs);
    this.#keep(queue, id, entries, attempt.at);
    return entries;
  }

  remember(queue: Queue, id: string, entries: readonly Entry[]): void {
    this.#keep(queue, id, entries, this.#clock.now());
  }

  #keep(queue: Queue, id: string, entries: readonly Entry[], at: number): void {
    this.#of(queue).set(id, { at, received: entries.map((entry) => ({ entry, version: entry.version })) });
  }

  /** Those of the last five minutes. */
  #of(queue: Queue): Map<string, Attempt> {
    let attempts = this.#attempts.get(queue);
    if (!attempts) this.#attempts.set(queue, (attempts = new Map()));
    const before = this.#clock.now() - INTERVAL_MS;
    for (const [id, { at }] of attempts) if (at <= before) attempts.delete(id);
    return attempts;
  }
}
