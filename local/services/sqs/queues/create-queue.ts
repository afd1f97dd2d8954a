import type { Handler } from "../../../core/service.ts";
import { ServiceError } from "../../../core/errors.ts";
import { checkAttributes, checkThroughput, effectiveAttributes, mergeAttributes } from "../attributes.ts";
import { checkRedriveAllowPolicy, checkRedrivePolicy } from "../redrive-policy.ts";
import type { Queue } from "../queue.ts";
import { missingParameter, type Queues, type SQS } from "../store.ts";
import { checkTags } from "./tags.ts";

/** Creating a queue that exists answers its URL, unless an attribute that is given differs. */
export const createQueue =
  (queues: Queues): Handler<SQS, "CreateQueue"> =>
  (input) => {
    const { QueueName: name, Attributes: attributes = {}, tags = {} } = input;
    if (!name) throw missingParameter("QueueName");
    const isFifo = attributes.FifoQueue === "true";
    checkName(name, isFifo);
    checkAttributes(attributes, isFifo);
    checkTags(tags);
    const existing = queues.byName(name);
    if (existing) {
      checkSame(existing, attributes);
      return { QueueUrl: queues.urlOf(existing) };
    }
    const merged = mergeAttributes({}, attributes);
    checkThroughput(merged);
    if (merged["RedrivePolicy"] !== undefined) {
      const arn = queues.cloud.arn("sqs", name);
      checkRedrivePolicy(merged["RedrivePolicy"], { arn, isFifo }, (target) => queues.byArn(target));
    }
    if (merged["RedriveAllowPolicy"] !== undefined) checkRedriveAllowPolicy(merged["RedriveAllowPolicy"]);
    return { QueueUrl: queues.urlOf(queues.create(name, merged, tags)) };
  };

function checkName(name: string, isFifo: boolean): void {
  if (isFifo ? /^[\w-]{1,75}\.fifo$/.test(name) : /^[\w-]{1,80}$/.test(name)) return;
  throw new ServiceError(
    "InvalidParameterValue",
    isFifo
      ? "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."
      : "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  );
}

function checkSame(queue: Queue, wanted: Readonly<Record<string, string | undefined>>): void {
  const actual = effectiveAttributes(queue.record.attributes, queue.isFifo);
  for (const [name, value = ""] of Object.entries(wanted)) {
    if (normal(actual[name] ?? "") !== normal(value)) {
      throw new ServiceError(
        "QueueNameExists",
        `A queue already exists with the same name and a different value for attribute ${name}`,
      );
    }
  }
}

/** Policies that differ in white space only are the same. */
function normal(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    return value;
  }
}
