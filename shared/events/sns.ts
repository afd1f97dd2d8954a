/** Functions that a topic notifies, by itself or through a queue. */
import { InputInvalid } from "../errors.ts";
import { type Parsed, parse, type Schema } from "../input.ts";
import type { LambdaHandler } from "../middleware.ts";
import { messagesOf, type TopicDelivery } from "./deliveries.ts";
import { type BatchResponse, type EachOptions, handleRecords } from "./records.ts";

/** What a handler gets beside the message. */
export interface SnsNotification extends TopicDelivery {
  readonly attributes: ReadonlyMap<string, string>;
}

/**
 * Wraps a function that works on the JSON messages of a topic. Behind a queue without RawMessageDelivery failures are reported
 * message by message; a raw message says nothing of its topic and is for `handleSqs`.
 */
export function handleSns<Message extends Schema>(
  { message, ...options }: EachOptions & { readonly message: Message },
  work: (message: Parsed<Message>, notification: SnsNotification) => Promise<unknown> | unknown,
): LambdaHandler<BatchResponse | undefined> {
  return handleRecords(
    (event) =>
      messagesOf(event, ({ content, topic, attributes }) => [
        topic === undefined
          ? new InputInvalid([{ field: "input", problem: "not a notification of a topic" }])
          : { input: parse(message, content(), "Message"), notification: { ...topic, attributes } },
      ]),
    options,
    (item) => work(item.input, item.notification),
  );
}
