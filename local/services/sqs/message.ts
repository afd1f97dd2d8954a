/** A message as a queue keeps it. */
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";

/** What a receive never changes: written once, and again only when the delay of a FIFO queue is changed. */
export interface SentMessage {
  readonly queueName: string;
  readonly id: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly traceHeader: string | undefined;
  readonly senderId: string;
  /** Epoch milliseconds. Retention counts from here; a standard dead-letter queue keeps the time of the first queue. */
  readonly sentAt: number;
  /** Not receivable before this moment (epoch ms). */
  readonly delayedUntil: number;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** Twenty digits, of messages in FIFO queues; within a queue later is greater. */
  readonly sequenceNumber: string | undefined;
  readonly deadLetterSourceArn: string | undefined;
  /** Position in its queue: counts up. */
  readonly order: number;
}

/** What every receive changes. */
export interface Receipts {
  readonly count: number;
  /** The count at which the message came into this queue: those before were in the queue it was dead-lettered from. */
  readonly countBefore: number;
  readonly firstAt: number | undefined;
  readonly lastAt: number;
  /** The message is in flight until then (epoch ms). */
  readonly invisibleUntil: number;
  /** The part of the latest receipt handle that differs from receive to receive. */
  readonly latest: string;
}

export const NEVER_RECEIVED: Receipts = {
  count: 0,
  countBefore: 0,
  firstAt: undefined,
  lastAt: 0,
  invisibleUntil: 0,
  latest: "",
};

/** A message in a queue's memory. */
export interface Entry {
  message: SentMessage;
  receipts: Receipts;
  state: "visible" | "delayed" | "in-flight" | "gone";
  /** Counts the changes of `due`, so that an outdated wake-up is recognised. */
  version: number;
  /** When a delayed or in-flight message becomes visible (epoch ms). */
  due: number;
  /** Standard queues hand out messages in the order in which they became visible. */
  turn: number;
}
