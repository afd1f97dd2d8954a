import type { Handler } from "../../../core/service.ts";
import type { Queue } from "../queue.ts";
import { invalidParameter, missingParameter, type Queues, type SQS } from "../store.ts";
import { checkBatch, runBatch } from "./batch.ts";
import { messageOf } from "./receipt.ts";

const MAX_SECONDS = 43_200;

export const changeMessageVisibility =
  (queues: Queues): Handler<SQS, "ChangeMessageVisibility"> =>
  (input) => {
    change(queues, queues.byUrl(input.QueueUrl), input.ReceiptHandle, input.VisibilityTimeout);
    return {};
  };

export const changeMessageVisibilityBatch =
  (queues: Queues): Handler<SQS, "ChangeMessageVisibilityBatch"> =>
  (input) => {
    const queue = queues.byUrl(input.QueueUrl);
    checkBatch(input.Entries, "ChangeMessageVisibilityBatchRequestEntry");
    return runBatch(input.Entries, (entry, Id) => {
      change(queues, queue, entry.ReceiptHandle, entry.VisibilityTimeout);
      return { Id };
    });
  };

/**
 * Twelve hours from the receive is the most ("Amazon SQS visibility timeout"). A message that is visible again stays so:
 * AWS answers success and changes nothing, MessageNotInflight is documented but was never seen.
 */
function change(queues: Queues, queue: Queue, handle: string | undefined, seconds: number | undefined): void {
  if (seconds === undefined) throw missingParameter("VisibilityTimeout");
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_SECONDS) {
    throw invalidParameter(seconds, "VisibilityTimeout", `Must be between 0 and ${MAX_SECONDS}, if provided.`);
  }
  const { entry, isLatest } = messageOf(queue, handle);
  if (entry === undefined) {
    const reason = "Message does not exist or is not available for visibility timeout change.";
    throw invalidParameter(handle, "ReceiptHandle", reason);
  }
  if (!isLatest || entry.state !== "in-flight") return;
  const elapsedMs = queues.cloud.clock.now() - entry.receipts.lastAt;
  if (elapsedMs + seconds * 1000 > MAX_SECONDS * 1000) {
    const reason = `Total VisibilityTimeout for the message is beyond the limit [${MAX_SECONDS} seconds].`;
    throw invalidParameter(seconds, "VisibilityTimeout", reason);
  }
  queue.changeVisibility(entry, seconds * 1000);
}
