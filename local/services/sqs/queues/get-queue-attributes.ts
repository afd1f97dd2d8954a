import type { Handler } from "../../../core/service.ts";
import { effectiveAttributes, isAttributeName, unknownAttribute } from "../attributes.ts";
import type { Queue } from "../queue.ts";
import type { Queues, SQS } from "../store.ts";

export const getQueueAttributes =
  (queues: Queues): Handler<SQS, "GetQueueAttributes"> =>
  (input) => {
    const queue = queues.byUrl(input.QueueUrl);
    const names: readonly string[] = input.AttributeNames ?? [];
    const unknown = names.find((name) => !isAttributeName(name));
    if (unknown !== undefined) throw unknownAttribute(unknown);
    const isWanted = (name: string): boolean => names.includes("All") || names.includes(name);
    const attributes = Object.entries(describe(queue)).filter(([name]) => isWanted(name));
    return attributes.length > 0 ? { Attributes: Object.fromEntries(attributes) } : {};
  };

function describe(queue: Queue): Record<string, string> {
  const { visible, delayed, inFlight } = queue.counts;
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.record.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.record.modifiedAt / 1000)),
    ...effectiveAttributes(queue.record.attributes, queue.isFifo),
  };
}
