import type { Handler } from "../../../core/service.ts";
import { missingParameter, queueDoesNotExist, type Queues, type SQS } from "../store.ts";

export const getQueueUrl =
  (queues: Queues): Handler<SQS, "GetQueueUrl"> =>
  (input) => {
    if (!input.QueueName) throw missingParameter("QueueName");
    const isOwn = (input.QueueOwnerAWSAccountId ?? queues.cloud.accountId) === queues.cloud.accountId;
    const queue = isOwn ? queues.byName(input.QueueName) : undefined;
    if (queue === undefined) throw queueDoesNotExist();
    return { QueueUrl: queues.urlOf(queue) };
  };
