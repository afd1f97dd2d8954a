/** The attributes of a queue: names, ranges, defaults and what may be set when (API reference of SQS, "SetQueueAttributes"). */
import { ServiceError } from "../../core/errors.ts";
import { isResourcePolicy } from "../resource-policy.ts";

/** Lowest, highest and default value of the numeric attributes. */
const NUMBERS: Readonly<Record<string, readonly [min: number, max: number, initial: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
  KmsDataKeyReusePeriodSeconds: [60, 86_400, 300],
};

/** The values of the attributes that are one of a few words. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ["true"],
  ContentBasedDeduplication: ["true", "false"],
  SqsManagedSseEnabled: ["true", "false"],
  DeduplicationScope: ["messageGroup", "queue"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
};

const TEXTS: ReadonlySet<string> = new Set(["Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId"]);
const FIFO_ONLY: ReadonlySet<string> = new Set([
  "FifoQueue",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
]);
const COMPUTED: ReadonlySet<string> = new Set([
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
]);

export const isAttributeName = (name: string): boolean =>
  name === "All" || name in NUMBERS || name in WORDS || TEXTS.has(name) || COMPUTED.has(name);

/** The number that an attribute of a queue has, set or by default. */
export const numberOf = (attributes: Readonly<Record<string, string>>, name: string): number =>
  Number(attributes[name] ?? NUMBERS[name]?.[2] ?? 0);

/**
 * Checks names and values of attributes that a caller wants to set.
 * Throws InvalidAttributeName, InvalidAttributeValue or InvalidParameterValue.
 */
export function checkAttributes(attributes: Readonly<Record<string, string | undefined>>, isFifo: boolean): void {
  for (const [name, value = ""] of Object.entries(attributes)) {
    if (FIFO_ONLY.has(name) && !isFifo) throw unknownAttribute(name);
    const range = NUMBERS[name];
    const words = WORDS[name];
    if (range) {
      const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
      if (number < range[0] || number > range[1]) throw invalidValue(name);
    } else if (words) {
      if (!words.includes(value.toLowerCase()) && !words.includes(value)) throw invalidValue(name);
    } else if (name === "Policy") {
      if (value !== "" && !isResourcePolicy(value)) throw invalidValue(name);
    } else if (!TEXTS.has(name)) {
      throw unknownAttribute(name);
    }
  }
  if (attributes["KmsMasterKeyId"] && attributes["SqsManagedSseEnabled"] === "true") {
    throw new ServiceError(
      "InvalidAttributeName",
      "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
    );
  }
}

/** High throughput per group needs deduplication per group ("High throughput for FIFO queues"). */
export function checkThroughput(attributes: Readonly<Record<string, string>>): void {
  const perGroup = attributes["FifoThroughputLimit"] === "perMessageGroupId";
  if (perGroup && attributes["DeduplicationScope"] !== "messageGroup") {
    throw new ServiceError(
      "InvalidAttributeValue",
      "Invalid value for the parameter FifoThroughputLimit. Reason: The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
    );
  }
}

/** What was set before and what is set now, together. An empty text takes a policy or key away. */
export function mergeAttributes(
  previous: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const merged: Record<string, string> = { ...previous };
  for (const [name, value = ""] of Object.entries(changes)) {
    if (value === "") delete merged[name];
    else merged[name] = name in WORDS && value.toLowerCase() === "true" ? "true" : value;
  }
  if (changes["KmsMasterKeyId"]) merged["SqsManagedSseEnabled"] = "false";
  if (changes["SqsManagedSseEnabled"] === "true") delete merged["KmsMasterKeyId"];
  return merged;
}

/** All settable attributes as a reader sees them: with the defaults, without what does not apply. */
export function effectiveAttributes(
  attributes: Readonly<Record<string, string>>,
  isFifo: boolean,
): Record<string, string> {
  const effective: Record<string, string> = {};
  for (const [name, [, , initial]] of Object.entries(NUMBERS)) {
    if (name !== "KmsDataKeyReusePeriodSeconds" || attributes["KmsMasterKeyId"]) effective[name] = String(initial);
  }
  if (isFifo) {
    effective["ContentBasedDeduplication"] = "false";
    effective["DeduplicationScope"] = "queue";
    effective["FifoThroughputLimit"] = "perQueue";
  }
  return { ...effective, SqsManagedSseEnabled: "true", ...attributes };
}

export const unknownAttribute = (name: string): ServiceError =>
  new ServiceError("InvalidAttributeName", `Unknown Attribute ${name}.`);

const invalidValue = (name: string): ServiceError =>
  new ServiceError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
