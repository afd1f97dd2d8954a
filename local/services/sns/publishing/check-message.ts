/** What SNS refuses in a message that is published (API reference of SNS, "Publish"). */
import type { MessageAttributeValue, PublishInput } from "@aws-sdk/client-sns";
import { ServiceError } from "../../../core/errors.ts";
import { attributeSize, baseType, isNumber, nameFault } from "../../sqs/messages/message-attributes.ts";
import { invalid, type Topic } from "../store.ts";

export const MAX_BYTES = 262_144;

export type OutgoingMessage = Omit<PublishInput, "TopicArn" | "TargetArn" | "PhoneNumber">;

/** Throws InvalidParameterException or InvalidParameterValueException; answers the text for each protocol beside `default`. */
export function checkMessage(message: OutgoingMessage): Record<string, string> {
  if (!message.Message) throw invalid("Empty message");
  if (messageSize(message) > MAX_BYTES) throw invalid("Message too long");
  if (message.Subject !== undefined) checkSubject(message.Subject);
  for (const [name, attribute] of Object.entries(message.MessageAttributes ?? {})) checkAttribute(name, attribute);
  if (message.MessageStructure === undefined) return { default: message.Message };
  if (message.MessageStructure !== "json") throw invalid("MessageStructure");
  return readTexts(message.Message);
}

/** Group and deduplication: FIFO topics demand them; a standard topic hands the group on to fair queues. */
export function checkGrouping(topic: Topic, message: OutgoingMessage): void {
  const { MessageGroupId: group, MessageDeduplicationId: deduplication } = message;
  if (topic.isFifo && !group) throw invalid("The MessageGroupId parameter is required for FIFO topics");
  checkId("MessageGroupId", group);
  if (!topic.isFifo && deduplication !== undefined) {
    throw invalid(
      "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
    );
  }
  checkId("MessageDeduplicationId", deduplication);
  if (topic.isFifo && deduplication === undefined && topic.attributes["ContentBasedDeduplication"] !== "true") {
    throw invalid(
      "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  }
}

export function messageSize(message: OutgoingMessage): number {
  let size = Buffer.byteLength(message.Message ?? "");
  for (const [name, attribute] of Object.entries(message.MessageAttributes ?? {}))
    size += attributeSize(name, attribute);
  return size;
}

/** MessageStructure json: an object with at least a text for `default`. */
function readTexts(message: string): Record<string, string> {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    throw invalid("Message Structure - JSON message body failed to parse");
  }
  const entries = typeof json === "object" && json !== null ? Object.entries(json) : [];
  const texts: Record<string, string> = {};
  for (const [protocol, text] of entries) if (typeof text === "string") texts[protocol] = text;
  if (texts["default"] === undefined) throw invalid("Message Structure - No default entry in JSON message body");
  return texts;
}

/** Up to 100 characters without line breaks and control characters, and not beginning with a space. */
function checkSubject(subject: string): void {
  if (subject === "" || subject.length > 100 || /^\s|\p{Cc}/u.test(subject)) throw invalid("Subject");
}

function checkId(name: string, value: string | undefined): void {
  if (value !== undefined && !/^[\x21-\x7e]{1,128}$/.test(value)) {
    throw invalid(`${name} Reason: can only include alphanumeric and punctuation characters, 1 to 128 in length`);
  }
}

function checkAttribute(name: string, attribute: MessageAttributeValue): void {
  const fault = nameFault(name);
  if (fault !== undefined) throw invalidValue(fault);
  const { DataType: type = "", StringValue: text, BinaryValue: bytes } = attribute;
  const base = baseType(type);
  if (base === undefined) {
    throw invalidValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const field = base === "Binary" ? "Binary" : "String";
  if (field === "Binary" ? text !== undefined : bytes !== undefined) {
    throw invalidValue(`The message attribute '${name}' with type '${type}' must use field '${field}'.`);
  }
  if (field === "Binary" ? !bytes?.byteLength : !text) {
    throw invalidValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  if (base === "Number" && !isNumber(text ?? "")) {
    throw invalidValue(`Could not cast message attribute '${name}' value to number.`);
  }
}

const invalidValue = (message: string): ServiceError => new ServiceError("InvalidParameterValueException", message);
