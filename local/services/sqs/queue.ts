/** One queue: its messages, which of them may be received, and the timers that make them visible again or expire them. */
import type { Cloud } from "../../core/cloud.ts";
import { Alarm } from "./alarm.ts";
import { Heap } from "./heap.ts";
import { FifoLine, type Line, StandardLine } from "./line.ts";
import { type Entry, NEVER_RECEIVED, type Receipts, type SentMessage } from "./message.ts";
import { Pollers } from "./pollers.ts";
import type { Draft, QueueRecord, QueueStorage } from "./queue-record.ts";

interface WakeUp {
  readonly due: number;
  readonly entry: Entry;
  readonly version: number;
}

export class Queue {
  record: QueueRecord;
  readonly arn: string;
  readonly isFifo: boolean;
  readonly #cloud: Cloud;
  readonly #storage: QueueStorage;
  readonly #entries = new Map<string, Entry>();
  readonly #wakeUps = new Heap<WakeUp>((a, b) => a.due < b.due);
  readonly #expiries = new Heap<Entry>((a, b) => a.message.sentAt < b.message.sentAt);
  #line: Line;
  #delayed = 0;
  #inFlight = 0;
  #order = 0;
  #sequence = 0n;
  readonly #pollers: Pollers;
  /** Rings when the next message becomes visible. */
  readonly #wakeUp: Alarm;
  /** Rings, in the background, when the oldest message has been kept long enough. */
  readonly #expiry: Alarm;
  #isDeleted = false;

  constructor(cloud: Cloud, storage: QueueStorage, record: QueueRecord) {
    this.#cloud = cloud;
    this.#storage = storage;
    this.record = record;
    this.arn = cloud.arn("sqs", record.name);
    this.isFifo = record.name.endsWith(".fifo");
    this.#line = this.#newLine();
    this.#pollers = new Pollers(cloud.clock);
    this.#wakeUp = new Alarm(cloud.clock, () => this.#onDue());
    this.#expiry = new Alarm(cloud.clock, () => this.#expire(), { background: true });
  }

  get counts(): { visible: number; delayed: number; inFlight: number } {
    const visible = this.#entries.size - this.#delayed - this.#inFlight;
    return { visible, delayed: this.#delayed, inFlight: this.#inFlight };
  }

  find(messageId: string): Entry | undefined {
    return this.#entries.get(messageId);
  }

  /** The visible messages, oldest first. For redrive; receiving is `receive`. */
  visible(): Entry[] {
    this.#wake();
    return [...this.#entries.values()].filter((entry) => entry.state === "visible");
  }

  /** Puts a message into the queue. A dead-lettered one brings the receipts of its former queue. */
  send(draft: Draft, receipts: Receipts = NEVER_RECEIVED): SentMessage {
    const message: SentMessage = {
      ...draft,
      queueName: this.record.name,
      order: ++this.#order,
      sequenceNumber: this.isFifo ? this.#nextSequenceNumber() : undefined,
    };
    this.#storage.messages.set(this.#key(message.id), message);
    if (receipts.count > 0) this.#storage.receipts.set(this.#key(message.id), receipts);
    const entry = this.#admit(message, receipts);
    this.#armTimers();
    if (entry.state === "visible") this.#announce();
    return message;
  }

  /** Takes back a message that was stored before a restart. Call `resume` when all are back. */
  restore(message: SentMessage): void {
    this.#order = Math.max(this.#order, message.order);
    const sequence = BigInt(message.sequenceNumber ?? 0);
    if (sequence > this.#sequence) this.#sequence = sequence;
    this.#admit(message, this.#storage.receipts.get(this.#key(message.id)) ?? NEVER_RECEIVED);
  }

  resume(): void {
    this.#wake();
    this.#armTimers();
    if (this.counts.visible > 0) this.#announce();
  }

  /**
   * Takes up to `limit` messages and hides them for `visibilityMs`. `isExhausted` is asked about each message that
   * could be received; one that it has taken elsewhere is passed over.
   */
  receive(limit: number, visibilityMs: number, isExhausted: (entry: Entry) => boolean): Entry[] {
    this.#wake();
    const now = this.#cloud.clock.now();
    const expiredBefore = now - this.#retentionMs();
    const taken = this.#line.take(limit, (entry) => {
      if (entry.message.sentAt <= expiredBefore) this.remove(entry);
      else if (!isExhausted(entry)) this.#hide(entry, now, visibilityMs);
      return entry.state === "in-flight";
    });
    this.#armTimers();
    return taken;
  }

  /** Hides an in-flight message for so long from now; 0 shows it at once. */
  changeVisibility(entry: Entry, visibilityMs: number): void {
    if (entry.state !== "in-flight") return;
    const now = this.#cloud.clock.now();
    this.#keepReceipts(entry, { ...entry.receipts, invisibleUntil: now + visibilityMs });
    entry.version += 1;
    entry.due = now + visibilityMs;
    if (visibilityMs === 0) {
      this.#show(entry);
      this.#announce();
    } else {
      this.#wakeUps.push({ due: entry.due, entry, version: entry.version });
    }
    this.#armTimers();
  }

  /** FIFO queues: another delay also holds for what is waiting already ("Amazon SQS delay queues"). */
  redelay(delayMs: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.state !== "delayed") continue;
      const due = entry.message.sentAt + delayMs;
      entry.message = { ...entry.message, delayedUntil: due };
      this.#storage.messages.set(this.#key(entry.message.id), entry.message);
      entry.version += 1;
      entry.due = due;
      this.#wakeUps.push({ due, entry, version: entry.version });
    }
    this.#onDue();
  }

  remove(entry: Entry): void {
    if (entry.state === "gone") return;
    const from = entry.state;
    if (from === "delayed") this.#delayed -= 1;
    if (from === "in-flight") this.#inFlight -= 1;
    entry.state = "gone";
    this.#forget(entry.message.id);
    this.#line.remove(entry, from);
    this.#expiries.dropWhile((first) => first.state === "gone");
    this.#armTimers();
    // The next message of a FIFO group may be received now.
    if (this.isFifo && from === "in-flight" && this.counts.visible > 0) this.#announce();
  }

  purge(): void {
    for (const entry of this.#entries.values()) {
      entry.state = "gone";
      this.#forget(entry.message.id);
    }
    this.#delayed = 0;
    this.#inFlight = 0;
    this.#line = this.#newLine();
    this.#expiries.dropWhile(() => true);
    this.#armTimers();
  }

  /** The queue is deleted: its messages go, and who waits for one is woken. */
  close(): void {
    this.#isDeleted = true;
    this.purge();
    this.stop();
  }

  /** Stops the timers; the messages stay for the next start. */
  stop(): void {
    this.#wakeUp.set(undefined);
    this.#expiry.set(undefined);
    this.#pollers.wake();
  }

  get isDeleted(): boolean {
    return this.#isDeleted;
  }

  /** Resolves when messages may have become visible, at `deadline` (epoch ms), or when the caller gave up. */
  untilAvailable(deadline: number, signal: AbortSignal): Promise<void> {
    return this.#pollers.wait(deadline, signal);
  }

  #admit(message: SentMessage, receipts: Receipts): Entry {
    const now = this.#cloud.clock.now();
    const due = Math.max(message.delayedUntil, receipts.invisibleUntil);
    const hidden = receipts.invisibleUntil > now ? "in-flight" : "delayed";
    const entry: Entry = { message, receipts, state: due > now ? hidden : "visible", version: 0, due, turn: 0 };
    this.#entries.set(message.id, entry);
    this.#expiries.push(entry);
    if (entry.state !== "visible") this.#wakeUps.push({ due, entry, version: 0 });
    if (entry.state === "delayed") this.#delayed += 1;
    if (entry.state === "in-flight") {
      this.#inFlight += 1;
      this.#line.readmitInFlight(entry);
    } else {
      this.#line.enter(entry);
    }
    return entry;
  }

  #hide(entry: Entry, now: number, visibilityMs: number): void {
    this.#keepReceipts(entry, {
      count: entry.receipts.count + 1,
      countBefore: entry.receipts.countBefore,
      firstAt: entry.receipts.firstAt ?? now,
      lastAt: now,
      invisibleUntil: now + visibilityMs,
      latest: this.#cloud.uuid(),
    });
    entry.state = "in-flight";
    this.#inFlight += 1;
    entry.version += 1;
    entry.due = now + visibilityMs;
    this.#wakeUps.push({ due: entry.due, entry, version: entry.version });
  }

  #show(entry: Entry): void {
    if (entry.state !== "delayed" && entry.state !== "in-flight") return;
    const from = entry.state;
    if (from === "delayed") this.#delayed -= 1;
    else this.#inFlight -= 1;
    entry.state = "visible";
    this.#line.show(entry, from);
  }

  /** Shows what is due. Answers whether there was anything. */
  #wake(): boolean {
    const now = this.#cloud.clock.now();
    let woken = false;
    for (let next = this.#wakeUps.peek(); next !== undefined && next.due <= now; next = this.#wakeUps.peek()) {
      this.#wakeUps.pop();
      if (isOutdated(next)) continue;
      this.#show(next.entry);
      woken = true;
    }
    return woken;
  }

  #armTimers(): void {
    this.#wakeUps.dropWhile(isOutdated);
    this.#wakeUp.set(this.#wakeUps.peek()?.due);
    const oldest = this.#expiries.peek();
    const expiry = oldest && oldest.message.sentAt + this.#retentionMs();
    // An alarm that is too early only looks and is set again; one that is too late is moved.
    if (expiry !== undefined && expiry < (this.#expiry.due ?? Infinity)) this.#expiry.set(expiry);
  }

  #onDue(): void {
    const woken = this.#wake();
    this.#armTimers();
    if (woken) this.#announce();
  }

  #expire(): void {
    const expiredBefore = this.#cloud.clock.now() - this.#retentionMs();
    for (let first = this.#expiries.peek(); first !== undefined; first = this.#expiries.peek()) {
      if (first.state !== "gone" && first.message.sentAt > expiredBefore) break;
      this.#expiries.pop();
      this.remove(first);
    }
    this.#armTimers();
  }

  #announce(): void {
    this.#pollers.wake();
    this.#cloud.signals.emit("sqs.available", { queueArn: this.arn });
  }

  #keepReceipts(entry: Entry, receipts: Receipts): void {
    entry.receipts = receipts;
    this.#storage.receipts.set(this.#key(entry.message.id), receipts);
  }

  #forget(messageId: string): void {
    this.#entries.delete(messageId);
    this.#storage.messages.delete(this.#key(messageId));
    this.#storage.receipts.delete(this.#key(messageId));
  }

  #key(messageId: string): string {
    return `${this.record.name}/${messageId}`;
  }

  #retentionMs(): number {
    return Number(this.record.attributes["MessageRetentionPeriod"] ?? 345_600) * 1000;
  }

  #newLine(): Line {
    return this.isFifo ? new FifoLine() : new StandardLine();
  }

  /** Twenty digits, later ones greater, also across restarts: they follow the clock. */
  #nextSequenceNumber(): string {
    const byTime = 18_000_000_000_000_000_000n + BigInt(this.#cloud.clock.now()) * 1_000_000n;
    this.#sequence = byTime > this.#sequence ? byTime : this.#sequence + 1n;
    return String(this.#sequence);
  }
}

function isOutdated(wakeUp: WakeUp): boolean {
  const { entry, version } = wakeUp;
  return entry.version !== version || (entry.state !== "delayed" && entry.state !== "in-flight");
}
