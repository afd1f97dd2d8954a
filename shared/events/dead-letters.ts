/** Puts hopeless records into a queue together with the reason, instead of letting them fail until they get there without one. */
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import * as z from "zod/mini";
import type { EachOptions } from "./records.ts";
import { sendMessages } from "../writes/send-messages.ts";

const QueueRecord = z.object({
  messageId: z.string(),
  body: z.string(),
  attributes: z.optional(z.object({ MessageGroupId: z.optional(z.string()) })),
  messageAttributes: z.optional(
    z.record(z.string(), z.object({ dataType: z.string(), stringValue: z.optional(z.string()) })),
  ),
});

/** SQS takes ten attributes a message, two are ours. */
const MOST_ATTRIBUTES = 8;
const LONGEST_REASON = 1_024;

/**
 * For `putAside`: sends the record to a queue with the attributes `error` and `reason`. A message of a queue keeps its body, its
 * text attributes and, into a FIFO queue, its group; any other record is sent as JSON.
 */
export function sendToDeadLetters(queueUrl: string): NonNullable<EachOptions["putAside"]> {
  return async (envelope, error) => {
    const record = QueueRecord.safeParse(envelope).data;
    const isFifo = queueUrl.endsWith(".fifo");
    await sendMessages(queueUrl, [
      {
        body: record?.body ?? envelope,
        attributes: {
          ...attributesOf(record),
          error: error.name,
          reason: error.message.replaceAll(/\p{Cc}/gu, " ").slice(0, LONGEST_REASON) || error.name,
        },
        ...(isFifo && record
          ? { groupId: record.attributes?.MessageGroupId ?? "dead", deduplicationId: record.messageId }
          : {}),
      },
    ]);
  };
}

function attributesOf(record: z.infer<typeof QueueRecord> | undefined): Record<string, MessageAttributeValue> {
  const texts = Object.entries(record?.messageAttributes ?? {}).filter(
    ([, { stringValue }]) => stringValue !== undefined,
  );
  return Object.fromEntries(
    texts
      .slice(0, MOST_ATTRIBUTES)
      .map(([name, { dataType, stringValue }]) => [name, { DataType: dataType, StringValue: stringValue }]),
  );
}
