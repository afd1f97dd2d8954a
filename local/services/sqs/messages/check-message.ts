/** What SQS refuses in a message that is sent (API reference of SQS, "SendMessage"). */
import type { MessageAttributeValue, SendMessageRequest } from "@aws-sdk/client-sqs";
import { ServiceError } from "../../../core/errors.ts";
import { numberOf } from "../attributes.ts";
import type { Queue } from "../queue.ts";
import { invalidParameter, missingParameter } from "../store.ts";
import { attributeSize, baseType, isNumber, nameFault } from "./message-attributes.ts";

export type OutgoingMessage = Omit<SendMessageRequest, "QueueUrl">;

/** The set of XML 1.0. A lone surrogate is not in it. */
const INVALID_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Throws InvalidMessageContents, InvalidParameterValue, MissingParameter or UnsupportedOperation. */
export function checkMessage(queue: Queue, message: OutgoingMessage): void {
  if (!message.MessageBody) throw missingParameter("MessageBody");
  checkCharacters(message.MessageBody, "message body");
  checkDelay(queue, message.DelaySeconds);
  checkAttributes(message.MessageAttributes ?? {});
  checkTraceHeader(message);
  const limit = numberOf(queue.record.attributes, "MaximumMessageSize");
  if (messageSize(message) > limit) {
    throw new ServiceError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  }
}

/** Group and deduplication: what a FIFO queue demands and a standard queue does not know. */
export function checkGrouping(queue: Queue, message: OutgoingMessage): void {
  const { MessageGroupId: group, MessageDeduplicationId: deduplication } = message;
  if (queue.isFifo && !group) throw missingParameter("MessageGroupId");
  if (group !== undefined) checkId("MessageGroupId", group);
  if (deduplication === undefined) {
    if (queue.isFifo && queue.record.attributes["ContentBasedDeduplication"] !== "true") {
      throw new ServiceError(
        "InvalidParameterValue",
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      );
    }
  } else if (queue.isFifo) {
    checkId("MessageDeduplicationId", deduplication);
  } else {
    const reason = "The request includes a parameter that is not valid for this queue type.";
    throw invalidParameter(deduplication, "MessageDeduplicationId", reason);
  }
}

/** Bytes of body and attributes; system attributes do not count. */
export function messageSize(message: OutgoingMessage): number {
  let size = Buffer.byteLength(message.MessageBody ?? "");
  for (const [name, attribute] of Object.entries(message.MessageAttributes ?? {}))
    size += attributeSize(name, attribute);
  return size;
}

function checkDelay(queue: Queue, seconds: number | undefined): void {
  if (seconds === undefined) return;
  if (queue.isFifo && seconds !== 0) {
    const reason = "The request include parameter that is not valid for this queue type.";
    throw invalidParameter(seconds, "DelaySeconds", reason);
  }
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 900) {
    throw invalidParameter(seconds, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
  }
}

function checkId(name: string, value: string): void {
  if (!/^[\x21-\x7e]{1,128}$/.test(value)) {
    const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
    throw invalidParameter(value, name, reason);
  }
}

function checkCharacters(text: string, where: string): void {
  const odd = INVALID_CHARACTER.exec(text)?.[0];
  if (odd === undefined) return;
  const code = odd.codePointAt(0)?.toString(16).toUpperCase();
  throw new ServiceError(
    "InvalidMessageContents",
    `Invalid binary character '#x${code}' was found in the ${where}, the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].`,
  );
}

function checkAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): void {
  const count = Object.keys(attributes).length;
  if (count > 10) throw invalid(`Number of message attributes [${count}] exceeds the allowed maximum [10].`);
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute);
}

function checkAttribute(name: string, attribute: MessageAttributeValue): void {
  const fault = nameFault(name);
  if (fault !== undefined) throw invalid(fault);
  const { DataType: type, StringValue: text, BinaryValue: bytes } = attribute;
  if (attribute.StringListValues?.length || attribute.BinaryListValues?.length) {
    throw new ServiceError(
      "UnsupportedOperation",
      "Message attribute list values in SendMessage operation are not supported.",
    );
  }
  if (!type) throw invalid(`The message attribute '${name}' must contain non-empty message attribute type.`);
  const base = baseType(type);
  if (base === undefined) {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const field = base === "Binary" ? "Binary" : "String";
  if (field === "Binary" ? text !== undefined : bytes !== undefined) {
    throw invalid(`The message attribute '${name}' with type '${type}' must use field '${field}'.`);
  }
  if (field === "Binary" ? !bytes?.byteLength : !text) {
    throw invalid(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
  }
  if (base === "Number" && !isNumber(text ?? "")) {
    throw invalid(`Could not cast message attribute '${name}' value to number.`);
  }
  if (text !== undefined) checkCharacters(text, `message attribute '${name}'`);
}

function checkTraceHeader(message: OutgoingMessage): void {
  for (const [name, attribute] of Object.entries(message.MessageSystemAttributes ?? {})) {
    if (name !== "AWSTraceHeader") throw invalid(`Message system attribute name '${name}' is invalid.`);
    if (attribute.DataType !== "String" || !attribute.StringValue) {
      throw invalid(`Message (system) attribute '${name}' must contain a non-empty value of type 'String'.`);
    }
  }
}

const invalid = (message: string): ServiceError => new ServiceError("InvalidParameterValue", message);
