import type { Handler } from "../../../core/service.ts";
import type { Queue } from "../queue.ts";
import { invalidParameter, type Queues, type SQS } from "../store.ts";
import { checkBatch, runBatch } from "./batch.ts";
import { messageOf } from "./receipt.ts";

export const deleteMessage =
  (queues: Queues): Handler<SQS, "DeleteMessage"> =>
  (input) => {
    remove(queues.byUrl(input.QueueUrl), input.ReceiptHandle);
    return {};
  };

export const deleteMessageBatch =
  (queues: Queues): Handler<SQS, "DeleteMessageBatch"> =>
  (input) => {
    const queue = queues.byUrl(input.QueueUrl);
    checkBatch(input.Entries, "DeleteMessageBatchRequestEntry");
    return runBatch(input.Entries, (entry, Id) => {
      remove(queue, entry.ReceiptHandle);
      return { Id };
    });
  };

/**
 * With the handle of an earlier receive the call succeeds and the message stays; a handle whose visibility timeout is
 * over still deletes, as long as nobody received the message since. FIFO queues refuse expired handles
 * (API reference of SQS, "DeleteMessage").
 */
function remove(queue: Queue, handle: string | undefined): void {
  const { entry, isLatest } = messageOf(queue, handle);
  if (entry === undefined) return;
  if (queue.isFifo && (!isLatest || entry.state !== "in-flight")) {
    throw invalidParameter(handle, "ReceiptHandle", "The receipt handle has expired.");
  }
  if (isLatest) queue.remove(entry);
}
