/** Functions behind a queue. */
import * as z from "zod/mini";
import { InputInvalid } from "../errors.ts";
import { type Parsed, parse, type Schema } from "../input.ts";
import type { LambdaHandler } from "../middleware.ts";
import { messagesOf, type QueueDelivery } from "./deliveries.ts";
import { type BatchResponse, type EachOptions, handleRecords } from "./records.ts";

/** What a handler gets beside the body. */
export interface SqsMessage extends QueueDelivery {
  readonly attributes: ReadonlyMap<string, string>;
}

const Batch = z.object({ Records: z.array(z.object({ eventSource: z.literal("aws:sqs") })) });

/**
 * Wraps a function that works on the JSON bodies of messages, also of those that SNS put into the queue. Failed messages are
 * reported one by one; in a FIFO queue the messages of a group that come after a failed one are reported with it.
 *
 * ```ts
 * export const handler = handleSqs({ body: Task, idempotent: by("taskId") }, async (task, { receiveCount }) => { ... });
 * ```
 */
export function handleSqs<Body extends Schema>(
  { body, ...options }: EachOptions & { readonly body: Body },
  work: (body: Parsed<Body>, message: SqsMessage) => Promise<unknown> | unknown,
): LambdaHandler<BatchResponse | undefined> {
  return handleRecords(
    (event) => {
      parse(Batch, event);
      return messagesOf(event, ({ content, queue, attributes }) => [
        queue === undefined
          ? new InputInvalid([{ field: "Records", problem: "not from a queue" }])
          : { input: parse(body, content(), "body"), message: { ...queue, attributes } },
      ]);
    },
    options,
    (item) => work(item.input, item.message),
  );
}
