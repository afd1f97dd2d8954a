/**
 * The ways in which one message reaches a function: by itself, in SQS records, in SNS records, and through SNS into SQS with or
 * without the envelope of SNS (RawMessageDelivery).
 */
import * as z from "zod/mini";
import type { InputInvalid } from "../errors.ts";
import { parse, parseJson } from "../input.ts";
import { correlationOf, correlationOfRecord } from "../observability/correlation.ts";
import type { Item, SourceRecord } from "./records.ts";

/** A message on its way, taken out of the envelopes of the services that carried it. */
export interface Delivery {
  /** As JSON; throws InputInvalid when it is none. */
  content(): unknown;
  /** String and number attributes of the message, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly queue?: QueueDelivery;
  readonly topic?: TopicDelivery;
  readonly envelope: unknown;
}

export interface QueueDelivery {
  readonly messageId: string;
  readonly queueArn: string;
  readonly groupId?: string;
  /** 1 for the first time. */
  readonly receiveCount: number;
}

export interface TopicDelivery {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string;
  /** ISO 8601. */
  readonly publishedAt: string;
}

const SqsRecord = z.object({
  eventSource: z.literal("aws:sqs"),
  messageId: z.string(),
  body: z.string(),
  eventSourceARN: z.string(),
  attributes: z.optional(
    z.object({ MessageGroupId: z.optional(z.string()), ApproximateReceiveCount: z.optional(z.string()) }),
  ),
  messageAttributes: z.optional(z.record(z.string(), z.object({ stringValue: z.optional(z.string()) }))),
});

const Notification = z.object({
  Type: z.literal("Notification"),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  Subject: z.optional(z.nullable(z.string())),
  MessageAttributes: z.optional(z.record(z.string(), z.object({ Value: z.optional(z.string()) }))),
});

const SnsRecord = z.object({ EventSource: z.literal("aws:sns"), Sns: Notification });
const Source = z.object({ Records: z.array(z.unknown()) });
const RecordSource = z.object({ eventSource: z.optional(z.string()), EventSource: z.optional(z.string()) });

/**
 * Each message that an event brings, read by `read`. An event that no queue and no topic carried is one message by itself.
 * Throws InputInvalid when the event has the form of neither.
 */
export function messagesOf<I extends Item>(
  event: unknown,
  read: (delivery: Delivery) => readonly (I | InputInvalid)[],
): readonly SourceRecord<I>[] {
  const records = Source.safeParse(event).data?.Records;
  if (records?.length === 0) return [];
  const source = RecordSource.safeParse(records?.[0]).data;
  if (records && source?.eventSource === "aws:sqs")
    return records.map((record, index) => fromQueue(record, index, read));
  if (records && source?.EventSource === "aws:sns")
    return records.map((record, index) => fromTopic(record, index, read));
  const delivery: Delivery = { content: () => event, attributes: new Map(), envelope: event };
  return [{ envelope: event, ...correlated(correlationOf(event)), read: () => read(delivery) }];
}

function fromQueue<I extends Item>(
  envelope: unknown,
  index: number,
  read: (delivery: Delivery) => readonly (I | InputInvalid)[],
): SourceRecord<I> {
  const record = parse(SqsRecord, envelope, `Records[${index}]`);
  const groupId = record.attributes?.MessageGroupId;
  // Standard queues may have message groups too (fair queues), and promise no order within them.
  const isFifo = record.eventSourceARN.endsWith(".fifo");
  const queue: QueueDelivery = {
    messageId: record.messageId,
    queueArn: record.eventSourceARN,
    receiveCount: Number(record.attributes?.ApproximateReceiveCount ?? 1),
    ...(groupId === undefined ? {} : { groupId }),
  };
  return {
    identifier: record.messageId,
    ...(isFifo && groupId !== undefined ? { group: groupId } : {}),
    ...correlated(correlationOfRecord(envelope)),
    envelope,
    read() {
      const body = record.body;
      const attributes = attributesOf(record.messageAttributes, "stringValue");
      const notification = notificationIn(body);
      if (!notification) return read({ content: () => parseJson(body, "body"), attributes, queue, envelope });
      return read({ ...unwrapped(notification), queue, envelope });
    },
  };
}

function fromTopic<I extends Item>(
  envelope: unknown,
  index: number,
  read: (delivery: Delivery) => readonly (I | InputInvalid)[],
): SourceRecord<I> {
  const { Sns } = parse(SnsRecord, envelope, `Records[${index}]`);
  return {
    ...correlated(correlationOfRecord(envelope)),
    envelope,
    read: () => read({ ...unwrapped(Sns), envelope }),
  };
}

/** The envelope that SNS puts around a message on its way to a queue, where the body is one. */
function notificationIn(body: string): z.infer<typeof Notification> | undefined {
  if (!body.includes('"Notification"')) return undefined;
  try {
    return Notification.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function unwrapped(notification: z.infer<typeof Notification>): Pick<Delivery, "content" | "attributes" | "topic"> {
  return {
    content: () => parseJson(notification.Message, "Message"),
    attributes: attributesOf(notification.MessageAttributes, "Value"),
    topic: {
      messageId: notification.MessageId,
      topicArn: notification.TopicArn,
      publishedAt: notification.Timestamp,
      ...(notification.Subject ? { subject: notification.Subject } : {}),
    },
  };
}

function attributesOf<Member extends string>(
  attributes: Readonly<Record<string, { readonly [M in Member]?: string | undefined }>> | undefined,
  member: Member,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(attributes ?? {}).flatMap(([name, attribute]): [string, string][] => {
      const value = attribute[member];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

const correlated = (correlationId: string | undefined) => (correlationId === undefined ? {} : { correlationId });
