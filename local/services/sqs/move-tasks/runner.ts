/** Moves the messages of move tasks, second by second where a rate was asked for. */
import type { Cancel } from "../../../core/clock.ts";
import type { StoredMap } from "../../../core/storage.ts";
import type { Entry } from "../message.ts";
import type { Queue } from "../queue.ts";
import type { Queues } from "../store.ts";
import type { MoveTask } from "./task.ts";

const UNLIMITED_PER_STEP = 500;

export class MoveTasks {
  readonly #queues: Queues;
  readonly #stored: StoredMap<MoveTask>;
  readonly #timers = new Map<string, Cancel>();

  constructor(queues: Queues) {
    this.#queues = queues;
    this.#stored = queues.cloud.storage.map<MoveTask>("sqs.moveTasks");
  }

  get(id: string): MoveTask | undefined {
    return this.#stored.get(id);
  }

  /** Latest first. */
  of(sourceArn: string): MoveTask[] {
    return [...this.#stored.values()].filter((task) => task.sourceArn === sourceArn).reverse();
  }

  start(task: MoveTask): void {
    this.#stored.set(task.id, task);
    this.#schedule(task);
  }

  end(task: MoveTask, status: MoveTask["status"], failureReason?: string): void {
    this.#timers.get(task.id)?.();
    this.#timers.delete(task.id);
    this.#stored.set(task.id, { ...task, status, failureReason });
  }

  resume(): void {
    for (const task of this.#stored.values()) if (task.status === "RUNNING") this.#schedule(task);
  }

  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
  }

  #schedule(task: MoveTask): void {
    const delayMs = task.maxPerSecond === undefined ? 1 : 1000;
    this.#timers.set(
      task.id,
      this.#queues.cloud.clock.after(delayMs, () => this.#step(task.id)),
    );
  }

  #step(id: string): void {
    this.#timers.delete(id);
    let task = this.#stored.get(id);
    if (task?.status !== "RUNNING") return;
    const source = this.#queues.byArn(task.sourceArn);
    if (source === undefined) return this.end(task, "FAILED", "AWS.SimpleQueueService.NonExistentQueue");
    const batch = source.visible().slice(0, task.maxPerSecond ?? UNLIMITED_PER_STEP);
    if (batch.length === 0) return this.end(task, "COMPLETED");
    for (const entry of batch) {
      const arn = task.destinationArn ?? entry.message.deadLetterSourceArn;
      if (arn === undefined) return this.end(task, "FAILED", "CouldNotDetermineMessageSource");
      const destination = this.#queues.byArn(arn);
      if (destination === undefined) return this.end(task, "FAILED", "AWS.SimpleQueueService.NonExistentQueue");
      this.#move(entry, source, destination);
      task = { ...task, moved: task.moved + 1 };
    }
    this.#stored.set(id, task);
    this.#schedule(task);
  }

  /** A moved message is new: own id, own time, no receives ("Configuring a dead-letter queue redrive"). */
  #move(entry: Entry, source: Queue, destination: Queue): void {
    source.remove(entry);
    const { cloud } = this.#queues;
    const sentAt = cloud.clock.now();
    destination.send({ ...entry.message, id: cloud.uuid(), sentAt, delayedUntil: 0, deadLetterSourceArn: undefined });
  }
}
