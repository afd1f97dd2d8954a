import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { checkAttributes, checkThroughput, mergeAttributes } from "../attributes.ts";
import { checkRedriveAllowPolicy, checkRedrivePolicy } from "../redrive-policy.ts";
import { missingParameter, type Queues, type SQS } from "../store.ts";

export const setQueueAttributes =
  (queues: Queues): Handler<SQS, "SetQueueAttributes"> =>
  (input) => {
    const queue = queues.byUrl(input.QueueUrl);
    const { Attributes: attributes } = input;
    if (attributes === undefined) throw missingParameter("Attributes");
    if (queue.isFifo && attributes.FifoQueue !== undefined && attributes.FifoQueue !== "true") {
      throw new ServiceError(
        "InvalidAttributeValue",
        "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.",
      );
    }
    checkAttributes(attributes, queue.isFifo);
    if (attributes.RedrivePolicy) checkRedrivePolicy(attributes.RedrivePolicy, queue, (arn) => queues.byArn(arn));
    if (attributes.RedriveAllowPolicy) checkRedriveAllowPolicy(attributes.RedriveAllowPolicy);
    const merged = mergeAttributes(queue.record.attributes, attributes);
    checkThroughput(merged);
    queues.update(queue, { attributes: merged, modifiedAt: queues.cloud.clock.now() });
    if (queue.isFifo && attributes.DelaySeconds !== undefined) queue.redelay(Number(attributes.DelaySeconds) * 1000);
    return {};
  };
