/** The attributes of a topic (API reference of SNS, "SetTopicAttributes"). */
import type { Cloud } from "../../../core/cloud.ts";
import { isResourcePolicy } from "../../resource-policy.ts";
import type { Topic, Topics } from "../store.ts";

const WORDS: Readonly<Record<string, readonly string[]>> = {
  FifoTopic: ["true", "false"],
  ContentBasedDeduplication: ["true", "false"],
  FifoThroughputScope: ["Topic", "MessageGroup"],
  SignatureVersion: ["1", "2"],
  TracingConfig: ["PassThrough", "Active"],
};
const FIFO_ONLY: ReadonlySet<string> = new Set(["ContentBasedDeduplication", "FifoThroughputScope"]);
const JSON_TEXTS: ReadonlySet<string> = new Set(["DeliveryPolicy"]);
const TEXTS: ReadonlySet<string> = new Set(["DisplayName", "KmsMasterKeyId"]);

const HTTP_DEFAULTS = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: "linear",
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: "text/plain; charset=UTF-8" },
  },
};

/** What `Invalid parameter: ` is followed by when an attribute cannot have this value, or undefined. */
export function attributeFault(name: string, value: string, isFifo: boolean): string | undefined {
  if (FIFO_ONLY.has(name) && !isFifo) return `${name} Reason: only FIFO topics have this attribute`;
  const words = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  if (words)
    return words.includes(value)
      ? undefined
      : `${name} Reason: Invalid value [${value}]. Must be ${words.join(" or ")}.`;
  if (name === "Policy") return value === "" || isResourcePolicy(value) ? undefined : "Policy Error: null";
  if (JSON_TEXTS.has(name))
    return value === "" || isJsonObject(value) ? undefined : `${name} Reason: failed to parse JSON`;
  if (name === "DisplayName" && value.length > 100) return "DisplayName Reason: must be at most 100 characters long";
  return TEXTS.has(name) ? undefined : "AttributeName";
}

export function describeTopic(topics: Topics, topic: Topic): Record<string, string> {
  const subscriptions = topics.subscriptionsOf(topic.arn);
  const pending = subscriptions.filter(({ pendingToken }) => pendingToken !== undefined).length;
  const { DeliveryPolicy: custom } = topic.attributes;
  return {
    TopicArn: topic.arn,
    Owner: topics.cloud.accountId,
    DisplayName: "",
    Policy: JSON.stringify(defaultPolicy(topics.cloud, topic.arn)),
    EffectiveDeliveryPolicy: custom ?? JSON.stringify(HTTP_DEFAULTS),
    SubscriptionsConfirmed: String(subscriptions.length - pending),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: String(topic.deletedSubscriptions),
    ...(topic.isFifo && { FifoTopic: "true", ContentBasedDeduplication: "false" }),
    ...topic.attributes,
  };
}

/** The policy of a topic that was given none: whoever belongs to the account. */
export const defaultPolicy = (cloud: Cloud, topicArn: string) => ({
  Version: "2008-10-17",
  Id: "__default_policy_ID",
  Statement: [
    {
      Sid: "__default_statement_ID",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: [
        "SNS:GetTopicAttributes",
        "SNS:SetTopicAttributes",
        "SNS:AddPermission",
        "SNS:RemovePermission",
        "SNS:DeleteTopic",
        "SNS:Subscribe",
        "SNS:ListSubscriptionsByTopic",
        "SNS:Publish",
      ],
      Resource: topicArn,
      Condition: { StringEquals: { "AWS:SourceOwner": cloud.accountId } },
    },
  ],
});

export function isJsonObject(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}

/** What was set before with one more; an empty text takes a policy or key away. */
export function withAttribute(
  attributes: Readonly<Record<string, string>>,
  name: string,
  value: string,
): Record<string, string> {
  const { [name]: _, ...others } = attributes;
  return value === "" ? others : { ...others, [name]: value };
}
