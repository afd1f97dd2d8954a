/** Five minutes in which a FIFO queue accepts a message once ("Exactly-once processing in Amazon SQS"). */
import type { Clock } from "../../core/clock.ts";
import type { StoredMap } from "../../core/storage.ts";

const INTERVAL_MS = 5 * 60 * 1000;

export interface Sighting {
  readonly queueName: string;
  readonly key: string;
  /** Epoch milliseconds of the message that was accepted. */
  readonly at: number;
  readonly messageId: string;
  readonly sequenceNumber: string | undefined;
}

export class Deduplication {
  readonly #clock: Clock;
  readonly #stored: StoredMap<Sighting>;
  /** Per queue, oldest first. */
  readonly #byQueue = new Map<string, Map<string, Sighting>>();

  constructor(clock: Clock, stored: StoredMap<Sighting>) {
    this.#clock = clock;
    this.#stored = stored;
    for (const sighting of [...stored.values()].sort((a, b) => a.at - b.at))
      this.#of(sighting.queueName).set(sighting.key, sighting);
  }

  /** The message with this id that was accepted in the last five minutes. `scope` is the message group, or empty for the queue. */
  find(queueName: string, scope: string, id: string): Sighting | undefined {
    this.#prune(queueName);
    return this.#byQueue.get(queueName)?.get(keyOf(scope, id));
  }

  remember(
    queueName: string,
    scope: string,
    id: string,
    message: { readonly id: string; readonly sequenceNumber: string | undefined },
  ): void {
    const { id: messageId, sequenceNumber } = message;
    const sighting = { queueName, key: keyOf(scope, id), at: this.#clock.now(), messageId, sequenceNumber };
    this.#of(queueName).set(sighting.key, sighting);
    this.#stored.set(`${queueName}/${sighting.key}`, sighting);
  }

  forgetQueue(queueName: string): void {
    for (const key of this.#byQueue.get(queueName)?.keys() ?? []) this.#stored.delete(`${queueName}/${key}`);
    this.#byQueue.delete(queueName);
  }

  #of(queueName: string): Map<string, Sighting> {
    let sightings = this.#byQueue.get(queueName);
    if (sightings === undefined) this.#byQueue.set(queueName, (sightings = new Map()));
    return sightings;
  }

  #prune(queueName: string): void {
    const sightings = this.#byQueue.get(queueName);
    const before = this.#clock.now() - INTERVAL_MS;
    for (const [key, sighting] of sightings ?? []) {
      if (sighting.at > before) break;
      sightings?.delete(key);
      this.#stored.delete(`${queueName}/${key}`);
    }
  }
}

const keyOf = (scope: string, id: string): string => JSON.stringify([scope, id]);
