import type { Message, MessageAttributeValue, ReceiveMessageRequest } from "@aws-sdk/client-sqs";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { isAttributeName, numberOf, unknownAttribute } from "../attributes.ts";
import type { Entry } from "../message.ts";
import type { Queue } from "../queue.ts";
import { makeReceiptHandle } from "../receipt-handle.ts";
import { invalidParameter, type Queues, type SQS } from "../store.ts";
import { md5OfAttributes } from "./md5.ts";
import { ReceiveAttempts } from "./receive-attempts.ts";

/** Messages in flight at a time, standard and FIFO ("Amazon SQS standard queue quotas", "FIFO queue message quotas"). */
const MAX_IN_FLIGHT = 120_000;

const SYSTEM_ATTRIBUTES: Readonly<Record<string, (entry: Entry) => string | undefined>> = {
  SenderId: ({ message }) => message.senderId,
  SentTimestamp: ({ message }) => String(message.sentAt),
  ApproximateReceiveCount: ({ receipts }) => String(receipts.count),
  ApproximateFirstReceiveTimestamp: ({ receipts }) => String(receipts.firstAt),
  MessageGroupId: ({ message }) => message.groupId,
  MessageDeduplicationId: ({ message }) => message.deduplicationId,
  SequenceNumber: ({ message }) => message.sequenceNumber,
  AWSTraceHeader: ({ message }) => message.traceHeader,
  DeadLetterQueueSourceArn: ({ message }) => message.deadLetterSourceArn,
};

/** Waits up to WaitTimeSeconds (or the queue's own) until there is at least one message: long polling. */
export const receiveMessage = (queues: Queues): Handler<SQS, "ReceiveMessage"> => {
  const { clock } = queues.cloud;
  const attempts = new ReceiveAttempts(clock);
  return async (input, call) => {
    const queue = queues.byUrl(input.QueueUrl);
    check(input);
    const attemptId = checkedAttemptId(queue, input);
    const waitSeconds = input.WaitTimeSeconds ?? numberOf(queue.record.attributes, "ReceiveMessageWaitTimeSeconds");
    const deadline = clock.now() + waitSeconds * 1000;
    for (;;) {
      const limit = Math.min(input.MaxNumberOfMessages ?? 1, MAX_IN_FLIGHT - queue.counts.inFlight);
      if (limit <= 0 && !queue.isFifo && waitSeconds === 0) throw tooManyInFlight();
      const visibility = input.VisibilityTimeout ?? numberOf(queue.record.attributes, "VisibilityTimeout");
      const again = attemptId === undefined ? undefined : attempts.repeat(queue, attemptId, visibility * 1000);
      if (again) return { Messages: again.map((entry) => describe(entry, input)) };
      const entries = queue.receive(limit, visibility * 1000, (entry) => queues.moveIfExhausted(queue, entry));
      if (entries.length > 0) {
        if (attemptId !== undefined) attempts.remember(queue, attemptId, entries);
        return { Messages: entries.map((entry) => describe(entry, input)) };
      }
      if (clock.now() >= deadline || call.signal.aborted || queue.isDeleted) return {};
      await call.waiting(queue.untilAvailable(deadline, call.signal));
    }
  };
};

/** Throws InvalidParameterValue for a standard queue, and for what is no id (ReceiveMessage, ReceiveRequestAttemptId). */
function checkedAttemptId(queue: Queue, { ReceiveRequestAttemptId: id }: ReceiveMessageRequest): string | undefined {
  if (id === undefined) return undefined;
  if (!queue.isFifo) {
    const reason = "The request include parameter that is not valid for this queue type.";
    throw invalidParameter(id, "ReceiveRequestAttemptId", reason);
  }
  if (!/^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/.test(id)) {
    const reason =
      "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.";
    throw invalidParameter(id, "ReceiveRequestAttemptId", reason);
  }
  return id;
}

function check(input: ReceiveMessageRequest): void {
  const range = (name: "VisibilityTimeout" | "WaitTimeSeconds", max: number): void => {
    const value = input[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= max)) {
      throw invalidParameter(value, name, `Must be >= 0 and <= ${max}, if provided.`);
    }
  };
  const { MaxNumberOfMessages: count } = input;
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 10)) {
    throw invalidParameter(count, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.");
  }
  range("VisibilityTimeout", 43_200);
  range("WaitTimeSeconds", 20);
  for (const name of systemAttributeNames(input)) {
    // The older parameter AttributeNames also takes names of queue attributes, which a message does not have.
    if (!(name in SYSTEM_ATTRIBUTES) && !isAttributeName(name)) throw unknownAttribute(name);
  }
}

function describe(entry: Entry, input: ReceiveMessageRequest): Message {
  const { message, receipts } = entry;
  const attributes = pickAttributes(message.attributes, input.MessageAttributeNames ?? []);
  const digest = md5OfAttributes(attributes);
  const system = pickSystemAttributes(entry, systemAttributeNames(input));
  return {
    MessageId: message.id,
    ReceiptHandle: makeReceiptHandle(message.queueName, message.id, receipts.latest),
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(digest && { MD5OfMessageAttributes: digest, MessageAttributes: attributes }),
  };
}

const systemAttributeNames = (input: ReceiveMessageRequest): readonly string[] => [
  ...(input.AttributeNames ?? []),
  ...(input.MessageSystemAttributeNames ?? []),
];

function pickSystemAttributes(entry: Entry, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, read] of Object.entries(SYSTEM_ATTRIBUTES)) {
    const value = names.includes("All") || names.includes(name) ? read(entry) : undefined;
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** `All`, `.*` and `prefix.*` stand for several names. */
function pickAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
  names: readonly string[],
): Record<string, MessageAttributeValue> {
  const isWanted = (name: string): boolean =>
    names.some(
      (wanted) =>
        wanted === "All" || wanted === name || (wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

const tooManyInFlight = (): ServiceError =>
  new ServiceError("OverLimit", `Too many messages in flight: the queue has reached its limit of ${MAX_IN_FLIGHT}.`);
