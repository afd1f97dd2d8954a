/** All queues of the account, by name, URL and ARN. */
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { Deduplication, type Sighting } from "./deduplication.ts";
import type { Entry, Receipts, SentMessage } from "./message.ts";
import { Queue } from "./queue.ts";
import type { QueueRecord } from "./queue-record.ts";
import { redrivePolicyOf } from "./redrive-policy.ts";

export type SQS = typeof import("@aws-sdk/client-sqs");

export class Queues {
  readonly cloud: Cloud;
  readonly deduplication: Deduplication;
  readonly #records;
  readonly #storage;
  readonly #deletedAt;
  readonly #queues = new Map<string, Queue>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.#records = cloud.storage.map<QueueRecord>("sqs.queues");
    this.#deletedAt = cloud.storage.map<number>("sqs.deletions");
    this.#storage = {
      messages: cloud.storage.map<SentMessage>("sqs.messages"),
      receipts: cloud.storage.map<Receipts>("sqs.receipts"),
    };
    this.deduplication = new Deduplication(cloud.clock, cloud.storage.map<Sighting>("sqs.deduplication"));
    for (const record of this.#records.values()) this.#queues.set(record.name, new Queue(cloud, this.#storage, record));
    const messages = [...this.#storage.messages.values()].sort((a, b) => a.order - b.order);
    for (const message of messages) this.#queues.get(message.queueName)?.restore(message);
  }

  all(): Queue[] {
    return [...this.#queues.values()].sort((a, b) => (a.record.name < b.record.name ? -1 : 1));
  }

  byName(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  byArn(arn: string): Queue | undefined {
    const queue = this.#queues.get(arn.slice(arn.lastIndexOf(":") + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  /** The queue of a URL, whatever its host. Throws QueueDoesNotExist or InvalidAddress. */
  byUrl(url: string | undefined): Queue {
    if (!url) throw missingParameter("QueueUrl");
    const { account, name } = readQueueUrl(url);
    if (name === undefined)
      throw new ServiceError("InvalidAddress", `The address ${url} is not valid for this endpoint.`);
    const queue = account === this.cloud.accountId ? this.#queues.get(name) : undefined;
    if (queue === undefined) throw queueDoesNotExist();
    return queue;
  }

  urlOf(queue: Queue): string {
    return `${this.cloud.endpoint}/${this.cloud.accountId}/${queue.record.name}`;
  }

  /** Throws QueueDeletedRecently within 60 seconds of the deletion of a queue of this name. */
  create(name: string, attributes: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>): Queue {
    const now = this.cloud.clock.now();
    if (now < (this.#deletedAt.get(name) ?? -Infinity) + 60_000) {
      throw new ServiceError(
        "QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
      );
    }
    this.#deletedAt.delete(name);
    const record = { name, attributes, tags, createdAt: now, modifiedAt: now, purgedAt: undefined };
    const queue = new Queue(this.cloud, this.#storage, record);
    this.#queues.set(name, queue);
    this.#records.set(name, record);
    return queue;
  }

  update(queue: Queue, changes: Partial<QueueRecord>): void {
    queue.record = { ...queue.record, ...changes };
    this.#records.set(queue.record.name, queue.record);
  }

  delete(queue: Queue): void {
    const { name } = queue.record;
    queue.close();
    this.#queues.delete(name);
    this.#records.delete(name);
    this.deduplication.forgetQueue(name);
    this.#deletedAt.set(name, this.cloud.clock.now());
  }

  /** The queues whose redrive policy names this one as their dead-letter queue. */
  sourcesOf(queue: Queue): Queue[] {
    return this.all().filter((source) => redrivePolicyOf(source)?.deadLetterTargetArn === queue.arn);
  }

  /** Moves a message that was received too often to the dead-letter queue. Answers false when it may still be received. */
  moveIfExhausted(queue: Queue, entry: Entry): boolean {
    const policy = redrivePolicyOf(queue);
    const { message, receipts } = entry;
    if (policy === undefined || receipts.count - receipts.countBefore < policy.maxReceiveCount) return false;
    const target = this.byArn(policy.deadLetterTargetArn);
    if (target === undefined) return false;
    queue.remove(entry);
    // FIFO queues restart the retention period, standard ones keep it ("Dead-letter queues and message retention").
    const sentAt = target.isFifo ? this.cloud.clock.now() : message.sentAt;
    target.send(
      { ...message, sentAt, delayedUntil: 0, deadLetterSourceArn: queue.arn },
      { ...receipts, countBefore: receipts.count, invisibleUntil: 0, latest: "" },
    );
    return true;
  }

  resume(): void {
    for (const queue of this.#queues.values()) queue.resume();
  }

  stop(): void {
    for (const queue of this.#queues.values()) queue.stop();
  }
}

/** Account and queue name: the last two segments of a queue URL. */
export function readQueueUrl(url: string): { account: string | undefined; name: string | undefined } {
  const path = URL.canParse(url) ? new URL(url).pathname : "";
  const segments = path.split("/").filter((segment) => segment !== "");
  return segments.length < 2
    ? { account: undefined, name: undefined }
    : { account: segments.at(-2), name: segments.at(-1) };
}

export const queueDoesNotExist = (): ServiceError =>
  new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");

export const missingParameter = (name: string): ServiceError =>
  new ServiceError("MissingParameter", `The request must contain the parameter ${name}.`);

export const invalidParameter = (value: unknown, name: string, reason: string): ServiceError =>
  new ServiceError(
    "InvalidParameterValue",
    `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`,
  );
