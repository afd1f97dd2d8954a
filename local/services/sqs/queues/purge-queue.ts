import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { Queues, SQS } from "../store.ts";

export const purgeQueue =
  (queues: Queues): Handler<SQS, "PurgeQueue"> =>
  (input) => {
    const queue = queues.byUrl(input.QueueUrl);
    const now = queues.cloud.clock.now();
    if (queue.record.purgedAt !== undefined && now < queue.record.purgedAt + 60_000) {
      throw new ServiceError(
        "PurgeQueueInProgress",
        `Only one PurgeQueue operation on ${queue.record.name} is allowed every 60 seconds.`,
      );
    }
    queue.purge();
    queues.update(queue, { purgedAt: now });
    return {};
  };
