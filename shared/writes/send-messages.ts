/** Messages into a queue. */
import { SendMessageBatchCommand, type MessageAttributeValue } from "@aws-sdk/client-sqs";
import { sqs } from "../clients/sqs.ts";
import { entryAt, writeAll } from "./write-all.ts";

export interface OutgoingMessage {
  /** Text as it is, anything else as JSON. */
  readonly body: unknown;
  readonly attributes?: Readonly<Record<string, string | MessageAttributeValue>>;
  readonly delaySeconds?: number;
  /** FIFO queues only. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/**
 * Sends all messages, ten a call; what SQS fails on is sent again. Throws EntriesLeft.
 * In a FIFO queue one call at a time may be behind: messages of a group that must keep their order are sent one by one.
 */
export async function sendMessages(queueUrl: string, messages: readonly OutgoingMessage[]): Promise<void> {
  await writeAll(
    messages.map((message) => ({ ...message, text: textOf(message.body) })),
    {
      most: 10,
      mostBytes: 262_144,
      bytesOf: ({ text, attributes }) => Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(attributes ?? {})),
      async send(entries) {
        const { Failed = [] } = await sqs.send(
          new SendMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: entries.map(({ text, attributes, delaySeconds, groupId, deduplicationId }, index) => ({
              Id: String(index),
              MessageBody: text,
              ...(attributes ? { MessageAttributes: attributesOf(attributes) } : {}),
              ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
              ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
              ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
            })),
          }),
        );
        return Failed.map(({ Id, Code, SenderFault }) => ({
          entry: entryAt(entries, Id),
          code: Code ?? "Unknown",
          isFinal: SenderFault ?? false,
        }));
      },
    },
  );
}

const textOf = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));

function attributesOf(attributes: NonNullable<OutgoingMessage["attributes"]>): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === "string" ? { DataType: "String", StringValue: value } : value,
    ]),
  );
}
