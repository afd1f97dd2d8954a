/** Cost allocation tags of queues. */
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { missingParameter, type Queues, type SQS } from "../store.ts";

export const tagQueue =
  (queues: Queues): Handler<SQS, "TagQueue"> =>
  (input) => {
    const queue = queues.byUrl(input.QueueUrl);
    if (input.Tags === undefined) throw missingParameter("Tags");
    const tags = { ...queue.record.tags, ...input.Tags };
    checkTags(tags);
    queues.update(queue, { tags });
    return {};
  };

export const untagQueue =
  (queues: Queues): Handler<SQS, "UntagQueue"> =>
  (input) => {
    const queue = queues.byUrl(input.QueueUrl);
    const { TagKeys: keys } = input;
    if (keys === undefined) throw missingParameter("TagKeys");
    const kept = Object.entries(queue.record.tags).filter(([key]) => !keys.includes(key));
    queues.update(queue, { tags: Object.fromEntries(kept) });
    return {};
  };

export const listQueueTags =
  (queues: Queues): Handler<SQS, "ListQueueTags"> =>
  (input) => ({ Tags: { ...queues.byUrl(input.QueueUrl).record.tags } });

/** At most 50 tags, keys of 1 to 128 and values of up to 256 characters ("Amazon SQS cost allocation tags"). */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > 50) {
    throw new ServiceError("InvalidParameterValue", "Too many tags added for queue. The maximum is 50.");
  }
  for (const [key, value] of Object.entries(tags)) {
    if (key === "" || key.length > 128) {
      throw new ServiceError("InvalidParameterValue", "Tag keys must be between 1 and 128 characters in length.");
    }
    if (value.length > 256) {
      throw new ServiceError("InvalidParameterValue", "Tag values must be between 0 and 256 characters in length.");
    }
  }
}
