import type { Handler } from "../../../core/service.ts";
import type { Queues, SQS } from "../store.ts";

export const deleteQueue =
  (queues: Queues): Handler<SQS, "DeleteQueue"> =>
  (input) => {
    queues.delete(queues.byUrl(input.QueueUrl));
    return {};
  };
