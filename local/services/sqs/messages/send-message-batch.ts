import { isServiceError, ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { Queues, SQS } from "../store.ts";
import { checkBatch, runBatch } from "./batch.ts";
import { checkGrouping, checkMessage, messageSize } from "./check-message.ts";
import { send } from "./send-message.ts";

const MAX_BATCH_BYTES = 1_048_576;

export const sendMessageBatch =
  (queues: Queues): Handler<SQS, "SendMessageBatch"> =>
  (input, call) => {
    const queue = queues.byUrl(input.QueueUrl);
    const entries = input.Entries ?? [];
    checkBatch(entries, "SendMessageBatchRequestEntry");
    const size = entries.reduce((sum, entry) => sum + messageSize(entry), 0);
    if (size > MAX_BATCH_BYTES) {
      const message = `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${size} bytes.`;
      throw new ServiceError("BatchRequestTooLong", message);
    }
    for (const entry of entries) {
      try {
        checkGrouping(queue, entry);
      } catch (error) {
        // In a batch a missing group is an invalid value, and fails the request as a whole.
        if (isServiceError(error)) throw new ServiceError("InvalidParameterValue", error.message);
        throw error;
      }
    }
    return runBatch(entries, (entry, Id) => {
      checkMessage(queue, entry);
      return { Id, ...send(queues, queue, entry, call) };
    });
  };
