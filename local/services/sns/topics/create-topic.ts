import type { Tag } from "@aws-sdk/client-sns";
import type { Handler } from "../../../core/service.ts";
import { invalid, type SNS, type Topic, type Topics } from "../store.ts";
import { attributeFault, describeTopic, withAttribute } from "./topic-attributes.ts";

/** Creating a topic that exists answers its ARN, unless tags or attributes that are given differ. */
export const createTopic =
  (topics: Topics): Handler<SNS, "CreateTopic"> =>
  (input) => {
    const { Name: name = "", Attributes: wanted = {} } = input;
    if (input.DataProtectionPolicy) throw invalid("DataProtectionPolicy Reason: not supported by the local cloud");
    const isFifo = wanted["FifoTopic"] === "true";
    checkName(name, isFifo);
    const tags = readTags(input.Tags ?? []);
    let attributes: Record<string, string> = {};
    for (const [key, value] of Object.entries(wanted)) {
      const fault = attributeFault(key, value, isFifo);
      if (fault !== undefined)
        throw invalid(`Attributes Reason: ${fault === "AttributeName" ? `Unknown attribute ${key}` : fault}`);
      // A standard topic does not show that it is none of FIFO.
      if (key !== "FifoTopic" || isFifo) attributes = withAttribute(attributes, key, value);
    }
    const arn = topics.cloud.arn("sns", name);
    const existing = topics.find(arn);
    if (existing) checkSame(topics, existing, attributes, input.Tags && tags);
    else topics.put({ arn, name, isFifo, attributes, tags, deletedSubscriptions: 0 });
    return { TopicArn: arn };
  };

function checkName(name: string, isFifo: boolean): void {
  if (isFifo) {
    if (!/^[\w-]{1,251}\.fifo$/.test(name)) {
      throw invalid(
        "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.",
      );
    }
  } else if (!/^[\w-]{1,256}$/.test(name)) {
    throw invalid("Topic Name");
  }
}

function checkSame(
  topics: Topics,
  topic: Topic,
  attributes: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>> | undefined,
): void {
  if (tags && JSON.stringify(Object.entries(tags).sort()) !== JSON.stringify(Object.entries(topic.tags).sort())) {
    throw invalid("Tags Reason: Topic already exists with different tags");
  }
  const actual = describeTopic(topics, topic);
  if (Object.entries(attributes).some(([key, value]) => actual[key] !== value)) {
    throw invalid("Attributes Reason: Topic already exists with different attributes");
  }
}

/** Throws InvalidParameterException for a key that comes twice. */
export function readTags(tags: readonly Tag[]): Record<string, string> {
  const read: Record<string, string> = {};
  for (const { Key: key = "", Value: value = "" } of tags) {
    if (Object.hasOwn(read, key)) throw invalid("Duplicated keys are not allowed.");
    if (key === "" || key.length > 128 || value.length > 256)
      throw invalid("Tags Reason: invalid length of key or value");
    read[key] = value;
  }
  return read;
}
