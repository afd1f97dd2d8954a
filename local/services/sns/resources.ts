/** AWS::SNS::Topic, AWS::SNS::Subscription and AWS::SNS::TopicPolicy. */
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../core/errors.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Properties, ResourceContext, ResourceProvider, ResourceState } from "../../core/service.ts";

const TOPIC_ATTRIBUTES = [
  "ContentBasedDeduplication",
  "DisplayName",
  "FifoThroughputScope",
  "FifoTopic",
  "KmsMasterKeyId",
  "SignatureVersion",
  "TracingConfig",
] as const;

/** What a topic attribute goes back to when it leaves the template. */
const RESET: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: "false",
  FifoThroughputScope: "Topic",
  SignatureVersion: "1",
  TracingConfig: "PassThrough",
};

const SUBSCRIPTION_ATTRIBUTES = [
  "FilterPolicyScope",
  "FilterPolicy",
  "DeliveryPolicy",
  "RawMessageDelivery",
  "RedrivePolicy",
] as const;

export const resourcesOf = (cloud: Cloud): Readonly<Record<string, ResourceProvider>> => ({
  "AWS::SNS::Topic": topicProvider(cloud),
  "AWS::SNS::Subscription": subscriptionProvider(cloud),
  "AWS::SNS::TopicPolicy": policyProvider(cloud),
});

const topicProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    TopicName: true,
    Subscription: [{ Endpoint: true, Protocol: true }],
    Tags: [{ Key: true, Value: true }],
    ...Object.fromEntries(TOPIC_ATTRIBUTES.map((name) => [name, true] as const)),
  },
  async create(properties, context) {
    const Tags = tagsOf(properties, context);
    const Attributes = textsOf(properties, TOPIC_ATTRIBUTES);
    const created = await cloud.call(
      "sns",
      "CreateTopic",
      { Name: topicNameOf(properties, context), Attributes, Tags },
      ACCOUNT,
    );
    const { TopicArn = "" } = created;
    for (const one of inlineOf(properties)) await cloud.call("sns", "Subscribe", { TopicArn, ...one }, ACCOUNT);
    return topicState(TopicArn);
  },
  async update(TopicArn, properties, previous, context) {
    if (["TopicName", "FifoTopic"].some((name) => textOf(properties[name] ?? "") !== textOf(previous[name] ?? "")))
      return "replace";
    const before = textsOf(previous, TOPIC_ATTRIBUTES);
    const after = textsOf(properties, TOPIC_ATTRIBUTES);
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (before[name] === after[name]) continue;
      const change = { TopicArn, AttributeName: name, AttributeValue: after[name] ?? RESET[name] ?? "" };
      await cloud.call("sns", "SetTopicAttributes", change, ACCOUNT);
    }
    await replaceTags(cloud, TopicArn, tagsOf(properties, context));
    await replaceInline(cloud, TopicArn, inlineOf(properties), inlineOf(previous));
    return topicState(TopicArn);
  },
  async delete(TopicArn) {
    await cloud.call("sns", "DeleteTopic", { TopicArn }, ACCOUNT);
  },
});

const subscriptionProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    TopicArn: true,
    Protocol: true,
    Endpoint: true,
    ...Object.fromEntries(SUBSCRIPTION_ATTRIBUTES.map((name) => [name, true] as const)),
  },
  async create(properties) {
    const Attributes = textsOf(properties, SUBSCRIPTION_ATTRIBUTES);
    const { TopicArn, Protocol, Endpoint } = properties;
    const target = { TopicArn: textOf(TopicArn), Protocol: textOf(Protocol), Endpoint: textOf(Endpoint) };
    const input = { ...target, Attributes, ReturnSubscriptionArn: true };
    const { SubscriptionArn = "" } = await cloud.call("sns", "Subscribe", input, ACCOUNT);
    return { physicalId: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
  async update(SubscriptionArn, properties, previous) {
    if (["TopicArn", "Protocol", "Endpoint"].some((name) => properties[name] !== previous[name])) return "replace";
    const before = textsOf(previous, SUBSCRIPTION_ATTRIBUTES);
    const after = textsOf(properties, SUBSCRIPTION_ATTRIBUTES);
    const set = async (name: string, value: string): Promise<void> => {
      const change = { SubscriptionArn, AttributeName: name, AttributeValue: value };
      await cloud.call("sns", "SetSubscriptionAttributes", change, ACCOUNT);
    };
    // A policy right in one scope may be wrong in the other, so it goes before the scope changes and comes after.
    if (before["FilterPolicyScope"] !== after["FilterPolicyScope"]) {
      await set("FilterPolicy", "");
      await set("FilterPolicyScope", after["FilterPolicyScope"] ?? "MessageAttributes");
    }
    for (const name of SUBSCRIPTION_ATTRIBUTES.filter((one) => one !== "FilterPolicyScope")) {
      const initial = name === "RawMessageDelivery" ? "false" : "";
      if (before[name] !== after[name] || name === "FilterPolicy") await set(name, after[name] ?? initial);
    }
    return { physicalId: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
  async delete(SubscriptionArn) {
    await cloud.call("sns", "Unsubscribe", { SubscriptionArn }, ACCOUNT);
  },
});

const policyProvider = (cloud: Cloud): ResourceProvider => {
  const apply = async (arns: readonly string[], policy: string): Promise<void> => {
    for (const TopicArn of arns) {
      const change = { TopicArn, AttributeName: "Policy", AttributeValue: policy };
      await cloud.call("sns", "SetTopicAttributes", change, ACCOUNT);
    }
  };
  const remove = async (arns: readonly string[]): Promise<void> => {
    for (const arn of arns) await unlessGone(apply([arn], ""));
  };
  return {
    known: { Topics: true, PolicyDocument: true },
    async create(properties, context) {
      await apply(topicsOf(properties), textOf(properties["PolicyDocument"]));
      const physicalId = context.physicalName(128);
      return { physicalId, attributes: { Id: physicalId } };
    },
    async update(physicalId, properties, previous) {
      const arns = topicsOf(properties);
      await remove(topicsOf(previous).filter((arn) => !arns.includes(arn)));
      await apply(arns, textOf(properties["PolicyDocument"]));
      return { physicalId, attributes: { Id: physicalId } };
    },
    delete: (_, properties) => remove(topicsOf(properties)),
  };
};

interface Inline {
  readonly Protocol: string;
  readonly Endpoint: string;
}

const isSame = (a: Inline, b: Inline): boolean => a.Protocol === b.Protocol && a.Endpoint === b.Endpoint;

async function replaceInline(
  cloud: Cloud,
  TopicArn: string,
  wanted: readonly Inline[],
  previous: readonly Inline[],
): Promise<void> {
  const gone = previous.filter((one) => !wanted.some((other) => isSame(one, other)));
  let NextToken: string | undefined;
  const all = [];
  do {
    const page = await cloud.call(
      "sns",
      "ListSubscriptionsByTopic",
      { TopicArn, ...(NextToken && { NextToken }) },
      ACCOUNT,
    );
    all.push(...(page.Subscriptions ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && gone.length > 0);
  for (const { Protocol = "", Endpoint = "", SubscriptionArn = "" } of all) {
    const isGone = gone.some((one) => isSame(one, { Protocol, Endpoint }));
    if (isGone && SubscriptionArn.startsWith("arn:"))
      await cloud.call("sns", "Unsubscribe", { SubscriptionArn }, ACCOUNT);
  }
  for (const one of wanted) {
    if (!previous.some((other) => isSame(one, other)))
      await cloud.call("sns", "Subscribe", { TopicArn, ...one }, ACCOUNT);
  }
}

async function replaceTags(cloud: Cloud, ResourceArn: string, wanted: { Key: string; Value: string }[]): Promise<void> {
  const { Tags: current = [] } = await cloud.call("sns", "ListTagsForResource", { ResourceArn }, ACCOUNT);
  const TagKeys = current.map(({ Key = "" }) => Key).filter((key) => !wanted.some(({ Key }) => Key === key));
  if (TagKeys.length > 0) await cloud.call("sns", "UntagResource", { ResourceArn, TagKeys }, ACCOUNT);
  if (wanted.length > 0) await cloud.call("sns", "TagResource", { ResourceArn, Tags: wanted }, ACCOUNT);
}

const topicState = (arn: string): ResourceState => ({
  physicalId: arn,
  attributes: { TopicArn: arn, TopicName: arn.slice(arn.lastIndexOf(":") + 1) },
});

function topicNameOf(properties: Properties, context: ResourceContext): string {
  const { TopicName: name, FifoTopic: fifo } = properties;
  if (name !== undefined) return textOf(name);
  return textOf(fifo ?? "") === "true" ? `${context.physicalName(251)}.fifo` : context.physicalName(256);
}

function inlineOf(properties: Properties): Inline[] {
  const { Subscription: list } = properties;
  return (Array.isArray(list) ? list : []).map((one) => ({
    Protocol: textOf(one?.Protocol),
    Endpoint: textOf(one?.Endpoint),
  }));
}

function tagsOf(properties: Properties, context: ResourceContext): { Key: string; Value: string }[] {
  const { Tags: own } = properties;
  const tags = new Map(Object.entries(context.tags));
  for (const tag of Array.isArray(own) ? own : []) tags.set(textOf(tag?.Key), textOf(tag?.Value ?? ""));
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

function topicsOf(properties: Properties): string[] {
  const { Topics: arns } = properties;
  if (!Array.isArray(arns)) throw new ServiceError("ValidationError", "Property Topics must be a list of topic ARNs.");
  return arns.map(String);
}

function textsOf(properties: Properties, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.filter((name) => properties[name] !== undefined).map((name) => [name, textOf(properties[name])]),
  );
}

const textOf = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : value === undefined ? "" : String(value);

/** What is deleted already needs no change. */
async function unlessGone(change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!isServiceError(error) || error.name !== "NotFoundException") throw error;
  }
}
