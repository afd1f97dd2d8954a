/** Reads a queue and invokes the function with batches of its messages ("Using Lambda with Amazon SQS"). */
import type { Cancel } from "../../core/clock.ts";
import type { Cloud } from "../../core/cloud.ts";
import { asRole, type Principal } from "../../core/principal.ts";
import type { Attempt } from "../asynchronous/asynchronous-target.ts";
import { queueUrl } from "../asynchronous/destinations.ts";
import { failedItems } from "./batch-answer.ts";
import { filterOf, parsedBody } from "./filter.ts";
import type { EventSourceHost, Mapping, RunningSource } from "./mapping.ts";
import { Retries } from "./retries.ts";
import { type SqsRecord, sqsRecord } from "./sqs-record.ts";

/** Batches at a time with which Lambda begins. It would go on to hundreds; here five show what a function must bear. */
const BATCHES_AT_A_TIME = 5;
const MOST_A_CALL = 10;
/** A batch is sent off before its records exceed the payload of an invocation (6 MB). */
const LARGEST_BATCH_BYTES = 5_900_000;
/** After a throttle the source is read more slowly. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

export class SqsSource implements RunningSource {
  readonly #cloud: Cloud;
  readonly #host: EventSourceHost;
  readonly #mapping: Mapping;
  readonly #queueUrl: string;
  readonly #retries: Retries;
  #gathered: SqsRecord[] = [];
  #gatheredBytes = 0;
  #inFlight = 0;
  #throttles = 0;
  #isReading = false;
  #hasNews = false;
  #isStopped = false;
  #endWindow: Cancel | undefined;
  #endPause: Cancel | undefined;
  #lastWarning = "";

  constructor(cloud: Cloud, host: EventSourceHost, mapping: Mapping) {
    this.#cloud = cloud;
    this.#host = host;
    this.#mapping = mapping;
    this.#queueUrl = queueUrl(cloud, mapping.eventSourceArn);
    this.#retries = new Retries(cloud.clock, () => this.wake());
  }

  start(): void {
    this.wake();
  }

  wake(): void {
    if (this.#isStopped || this.#endPause) return;
    this.#hasNews = true;
    if (this.#isReading) return;
    this.#isReading = true;
    this.#cloud.clock.background(`reading ${this.#mapping.eventSourceArn}`, () => this.#read());
  }

  /** Messages that were received and not yet handed over become visible again by themselves. */
  stop(): void {
    this.#isStopped = true;
    this.#retries.stop();
    this.#endWindow?.();
    this.#endPause?.();
  }

  async #read(): Promise<void> {
    try {
      while (this.#hasNews && !this.#isStopped) {
        this.#hasNews = false;
        while (this.#mayTakeMore() && (await this.#receive())) this.#dispatchIfFull();
        if (this.#mapping.windowSeconds === 0) this.#dispatch();
      }
      this.#retries.succeeded();
    } catch (error) {
      this.#warn(error);
      if (!this.#isStopped) this.#retries.failed(error);
    } finally {
      this.#isReading = false;
    }
  }

  #mayTakeMore(): boolean {
    const limit = this.#mapping.maximumConcurrency ?? BATCHES_AT_A_TIME;
    return !this.#isStopped && this.#endPause === undefined && this.#inFlight < limit;
  }

  /** Takes up to ten messages; answers whether there were any. */
  async #receive(): Promise<boolean> {
    const role = this.#role();
    const { Messages: messages = [] } = await this.#cloud.call(
      "sqs",
      "ReceiveMessage",
      {
        QueueUrl: this.#queueUrl,
        MaxNumberOfMessages: Math.min(MOST_A_CALL, this.#mapping.batchSize - this.#gathered.length),
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
        WaitTimeSeconds: 0,
      },
      role,
    );
    const passes = await filterOf(this.#mapping);
    const refused: SqsRecord[] = [];
    for (const message of messages) {
      const record = sqsRecord(message, this.#mapping.eventSourceArn);
      if (!passes({ ...record, body: parsedBody(record.body) })) refused.push(record);
      else {
        this.#gathered.push(record);
        this.#gatheredBytes += JSON.stringify(record).length;
      }
    }
    // What the filters refuse is deleted, as if it had been handled.
    await this.#delete(refused);
    if (this.#gathered.length > 0) this.#openWindow();
    return messages.length > 0;
  }

  #openWindow(): void {
    const { windowSeconds } = this.#mapping;
    if (windowSeconds === 0 || this.#endWindow) return;
    this.#endWindow = this.#cloud.clock.after(windowSeconds * 1000, () => {
      this.#endWindow = undefined;
      this.#dispatch();
      this.wake();
    });
  }

  #dispatchIfFull(): void {
    const isFull = this.#gathered.length >= this.#mapping.batchSize || this.#gatheredBytes > LARGEST_BATCH_BYTES;
    if (isFull || (this.#mapping.windowSeconds === 0 && this.#gathered.length > 0)) this.#dispatch();
  }

  /** Invokes the function. The invocation does not hold time: the environment does, while it computes. */
  #dispatch(): void {
    this.#endWindow?.();
    this.#endWindow = undefined;
    const batch = this.#gathered;
    if (batch.length === 0 || this.#isStopped) return;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#inFlight++;
    const traceHeader = batch[0]?.attributes["AWSTraceHeader"];
    const request = { requestId: this.#cloud.uuid(), payload: JSON.stringify({ Records: batch }), traceHeader };
    const { clock } = this.#cloud;
    const label = `the end of a batch of ${this.#mapping.eventSourceArn}`;
    this.#host.invoke(this.#mapping.reference, request).then(
      (attempt) => clock.background(label, () => this.#ended(batch, attempt)),
      (error: unknown) => clock.background(label, async () => this.#refused(error)),
    );
  }

  async #ended(batch: readonly SqsRecord[], attempt: Attempt): Promise<void> {
    this.#throttles = 0;
    try {
      // What failed becomes visible again when its visibility timeout ends.
      await this.#delete(this.#done(batch, attempt));
    } catch (error) {
      this.#warn(error);
    } finally {
      this.#inFlight--;
      this.wake();
    }
  }

  #done(batch: readonly SqsRecord[], attempt: Attempt): readonly SqsRecord[] {
    if (attempt.failure) return [];
    if (!this.#mapping.reportsItemFailures) return batch;
    const identifiers = new Set(batch.map(({ messageId }) => messageId));
    const failed = failedItems(Buffer.from(attempt.payload).toString(), identifiers);
    return failed === undefined ? [] : batch.filter(({ messageId }) => !failed.has(messageId));
  }

  /** Throttled: the batch's messages return to the queue by themselves, and the source pauses. */
  #refused(error: unknown): void {
    this.#inFlight--;
    this.#warn(error);
    if (this.#isStopped || this.#endPause) return;
    const pauseMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#throttles++);
    this.#endPause = this.#cloud.clock.after(pauseMs, () => {
      this.#endPause = undefined;
      this.wake();
    });
  }

  async #delete(records: readonly SqsRecord[]): Promise<void> {
    for (let at = 0; at < records.length; at += MOST_A_CALL) {
      const Entries = records
        .slice(at, at + MOST_A_CALL)
        .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      await this.#cloud.call("sqs", "DeleteMessageBatch", { QueueUrl: this.#queueUrl, Entries }, this.#role());
    }
  }

  #role(): Principal {
    const { reference } = this.#mapping;
    return asRole(this.#host.roleOf(reference), reference.name);
  }

  /** Each new reason once. */
  #warn(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#lastWarning) return;
    this.#lastWarning = message;
    this.#cloud.log.warn(
      `The event source ${this.#mapping.eventSourceArn} of ${this.#mapping.reference.name}: ${message}`,
    );
  }
}
