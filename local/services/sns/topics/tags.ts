/** Tags of topics. */
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { SNS, Topic, Topics } from "../store.ts";
import { readTags } from "./create-topic.ts";

export const tagResource =
  (topics: Topics): Handler<SNS, "TagResource"> =>
  (input) => {
    const topic = resource(topics, input.ResourceArn);
    const tags = { ...topic.tags, ...readTags(input.Tags ?? []) };
    if (Object.keys(tags).length > 50) {
      throw new ServiceError(
        "TagLimitExceededException",
        "Could not complete request: tag quota of per resource exceeded",
      );
    }
    topics.put({ ...topic, tags });
    return {};
  };

export const untagResource =
  (topics: Topics): Handler<SNS, "UntagResource"> =>
  (input) => {
    const topic = resource(topics, input.ResourceArn);
    const kept = Object.entries(topic.tags).filter(([key]) => !input.TagKeys?.includes(key));
    topics.put({ ...topic, tags: Object.fromEntries(kept) });
    return {};
  };

export const listTagsForResource =
  (topics: Topics): Handler<SNS, "ListTagsForResource"> =>
  (input) => ({
    Tags: Object.entries(resource(topics, input.ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
  });

function resource(topics: Topics, arn: string | undefined): Topic {
  const topic = topics.find(arn ?? "");
  if (topic === undefined) throw new ServiceError("ResourceNotFoundException", "Resource does not exist");
  return topic;
}
