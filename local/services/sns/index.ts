/** Amazon SNS. */
import * as sdk from "@aws-sdk/client-sns";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { Deliveries } from "./delivery/deliveries.ts";
import { permissionsOf, policyOf } from "./permissions.ts";
import { publish } from "./publishing/publish.ts";
import { publishBatch } from "./publishing/publish-batch.ts";
import { resourcesOf } from "./resources.ts";
import { Topics } from "./store.ts";
import { subscribe } from "./subscriptions/subscribe.ts";
import {
  confirmSubscription,
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  unsubscribe,
} from "./subscriptions/subscriptions.ts";
import { createTopic } from "./topics/create-topic.ts";
import { listTagsForResource, tagResource, untagResource } from "./topics/tags.ts";
import { deleteTopic, getTopicAttributes, listTopics, setTopicAttributes } from "./topics/topics.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const topics = new Topics(cloud);
  const deliveries = new Deliveries(topics);
  return {
    sdk,
    handlers: {
      ConfirmSubscription: confirmSubscription(topics),
      CreateTopic: createTopic(topics),
      DeleteTopic: deleteTopic(topics),
      GetSubscriptionAttributes: getSubscriptionAttributes(topics),
      GetTopicAttributes: getTopicAttributes(topics),
      ListSubscriptions: listSubscriptions(topics),
      ListSubscriptionsByTopic: listSubscriptionsByTopic(topics),
      ListTagsForResource: listTagsForResource(topics),
      ListTopics: listTopics(topics),
      Publish: publish(topics, deliveries),
      PublishBatch: publishBatch(topics, deliveries),
      SetSubscriptionAttributes: setSubscriptionAttributes(topics),
      SetTopicAttributes: setTopicAttributes(topics),
      Subscribe: subscribe(topics),
      TagResource: tagResource(topics),
      Unsubscribe: unsubscribe(topics),
      UntagResource: untagResource(topics),
    },
    permissions: (operation, input) => permissionsOf(cloud, operation, input),
    resourcePolicy: (arn) => policyOf(topics, arn),
    resources: resourcesOf(cloud),
    resume: () => deliveries.resume(),
    stop: () => deliveries.stop(),
  };
}
