/** AWS::SQS::Queue and AWS::SQS::QueuePolicy. */
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../core/errors.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Properties, ResourceContext, ResourceProvider, ResourceState } from "../../core/service.ts";

const ATTRIBUTES = [
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoQueue",
  "FifoThroughputLimit",
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ReceiveMessageWaitTimeSeconds",
  "RedriveAllowPolicy",
  "RedrivePolicy",
  "SqsManagedSseEnabled",
  "VisibilityTimeout",
] as const;

/** Changes of these make a new queue ("AWS::SQS::Queue": Update requires: Replacement). */
const REPLACING = ["QueueName", "FifoQueue"] as const;

/** What an attribute goes back to when it leaves the template. */
const RESET: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: "false",
  DeduplicationScope: "queue",
  DelaySeconds: "0",
  FifoThroughputLimit: "perQueue",
  KmsDataKeyReusePeriodSeconds: "300",
  KmsMasterKeyId: "",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  RedriveAllowPolicy: "",
  RedrivePolicy: "",
  SqsManagedSseEnabled: "true",
  VisibilityTimeout: "30",
};

export const resourcesOf = (cloud: Cloud): Readonly<Record<string, ResourceProvider>> => ({
  "AWS::SQS::Queue": queueProvider(cloud),
  "AWS::SQS::QueuePolicy": policyProvider(cloud),
});

const queueProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    QueueName: true,
    Tags: [{ Key: true, Value: true }],
    ...Object.fromEntries(ATTRIBUTES.map((name) => [name, true] as const)),
  },
  async create(properties, context) {
    const name = queueNameOf(properties, context);
    const input = { QueueName: name, Attributes: attributesOf(properties), tags: tagsOf(properties, context) };
    const { QueueUrl } = await cloud.call("sqs", "CreateQueue", input, ACCOUNT);
    return stateOf(cloud, QueueUrl ?? "");
  },
  async update(url, properties, previous, context) {
    if (REPLACING.some((name) => String(properties[name] ?? "") !== String(previous[name] ?? ""))) return "replace";
    const attributes = attributesOf(properties);
    const removed = Object.keys(attributesOf(previous)).filter((name) => !(name in attributes));
    const resets = Object.fromEntries(removed.map((name) => [name, RESET[name] ?? ""]));
    const QueueUrl = url;
    const Attributes = { ...resets, ...attributes };
    if (Object.keys(Attributes).length > 0)
      await cloud.call("sqs", "SetQueueAttributes", { QueueUrl, Attributes }, ACCOUNT);
    const tags = tagsOf(properties, context);
    const { Tags: current = {} } = await cloud.call("sqs", "ListQueueTags", { QueueUrl }, ACCOUNT);
    const TagKeys = Object.keys(current).filter((key) => !(key in tags));
    if (TagKeys.length > 0) await cloud.call("sqs", "UntagQueue", { QueueUrl, TagKeys }, ACCOUNT);
    await cloud.call("sqs", "TagQueue", { QueueUrl, Tags: tags }, ACCOUNT);
    return stateOf(cloud, url);
  },
  async delete(url) {
    await unlessGone(cloud.call("sqs", "DeleteQueue", { QueueUrl: url }, ACCOUNT));
  },
});

const policyProvider = (cloud: Cloud): ResourceProvider => {
  const apply = async (urls: readonly string[], policy: string): Promise<void> => {
    for (const QueueUrl of urls) {
      await cloud.call("sqs", "SetQueueAttributes", { QueueUrl, Attributes: { Policy: policy } }, ACCOUNT);
    }
  };
  const remove = async (urls: readonly string[]): Promise<void> => {
    for (const url of urls) await unlessGone(apply([url], ""));
  };
  return {
    known: { Queues: true, PolicyDocument: true },
    async create(properties, context) {
      await apply(queuesOf(properties), textOf(properties["PolicyDocument"]));
      const physicalId = context.physicalName(128);
      return { physicalId, attributes: { Id: physicalId } };
    },
    async update(physicalId, properties, previous) {
      const urls = queuesOf(properties);
      await remove(queuesOf(previous).filter((url) => !urls.includes(url)));
      await apply(urls, textOf(properties["PolicyDocument"]));
      return { physicalId, attributes: { Id: physicalId } };
    },
    delete: (_, properties) => remove(queuesOf(properties)),
  };
};

function stateOf(cloud: Cloud, url: string): ResourceState {
  const name = url.slice(url.lastIndexOf("/") + 1);
  return { physicalId: url, attributes: { Arn: cloud.arn("sqs", name), QueueName: name, QueueUrl: url } };
}

function queueNameOf(properties: Properties, context: ResourceContext): string {
  const { QueueName: name } = properties;
  if (name !== undefined) return String(name);
  return isFifo(properties) ? `${context.physicalName(75)}.fifo` : context.physicalName(80);
}

const isFifo = (properties: Properties): boolean => String(properties["FifoQueue"]) === "true";

/** Numbers and booleans become texts, policies JSON. `FifoQueue: false` is what a standard queue is anyway. */
function attributesOf(properties: Properties): Record<string, string> {
  const given = ATTRIBUTES.filter((name) => properties[name] !== undefined);
  const wanted = given.filter((name) => name !== "FifoQueue" || isFifo(properties));
  return Object.fromEntries(wanted.map((name) => [name, textOf(properties[name])]));
}

function tagsOf(properties: Properties, context: ResourceContext): Record<string, string> {
  const { Tags: own } = properties;
  const tags: Record<string, string> = { ...context.tags };
  for (const tag of Array.isArray(own) ? own : []) tags[String(tag?.Key)] = String(tag?.Value ?? "");
  return tags;
}

function queuesOf(properties: Properties): string[] {
  const { Queues: urls } = properties;
  if (!Array.isArray(urls)) throw new ServiceError("ValidationError", "Property Queues must be a list of queue URLs.");
  return urls.map(String);
}

const textOf = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** What is deleted already needs no deleting. */
async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isServiceError(error) || error.name !== "QueueDoesNotExist") throw error;
  }
}
