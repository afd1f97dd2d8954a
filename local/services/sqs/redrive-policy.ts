/** Dead-letter queues: where exhausted messages go, and who may send theirs here ("Using dead-letter queues in Amazon SQS"). */
import { ServiceError } from "../../core/errors.ts";
import type { Queue } from "./queue.ts";

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** The queue's redrive policy. Undefined when it has none. */
export function redrivePolicyOf(queue: Queue): RedrivePolicy | undefined {
  const text = queue.record.attributes["RedrivePolicy"];
  return text === undefined ? undefined : parse(text, "RedrivePolicy", readRedrivePolicy);
}

/** Throws InvalidParameterValue unless the policy is well-formed and its dead-letter queue is there and lets this queue in. */
export function checkRedrivePolicy(
  text: string,
  source: { readonly arn: string; readonly isFifo: boolean },
  queueByArn: (arn: string) => Queue | undefined,
): void {
  const { deadLetterTargetArn, maxReceiveCount } = parse(text, "RedrivePolicy", readRedrivePolicy);
  if (!/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/.test(deadLetterTargetArn)) {
    throw refused(text, "RedrivePolicy", "Invalid value for deadLetterTargetArn.");
  }
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1000) {
    const reason = `Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to 1000 both inclusive.`;
    throw refused(text, "RedrivePolicy", reason);
  }
  const target = queueByArn(deadLetterTargetArn);
  if (target === undefined) throw refused(text, "RedrivePolicy", "Dead letter target does not exist.");
  if (target.isFifo !== source.isFifo) {
    throw refused(text, "RedrivePolicy", "Dead-letter queue must be same type of queue as the source.");
  }
  if (!admits(target, source.arn)) {
    throw refused(text, "RedrivePolicy", "The dead-letter queue does not allow this queue as a source queue.");
  }
}

/** Throws InvalidParameterValue unless the policy says who may use this queue as a dead-letter queue. */
export function checkRedriveAllowPolicy(text: string): void {
  const { redrivePermission, sourceQueueArns } = parse(text, "RedriveAllowPolicy", readAllowPolicy);
  if (!["allowAll", "denyAll", "byQueue"].includes(redrivePermission)) {
    throw refused(text, "RedriveAllowPolicy", `Invalid value for redrivePermission: ${redrivePermission}.`);
  }
  const count = sourceQueueArns?.length;
  if (redrivePermission === "byQueue" ? count === undefined || count < 1 || count > 10 : count !== undefined) {
    const reason = "sourceQueueArns must have 1 to 10 ARNs with the permission byQueue, and none otherwise.";
    throw refused(text, "RedriveAllowPolicy", reason);
  }
}

function admits(target: Queue, sourceArn: string): boolean {
  const text = target.record.attributes["RedriveAllowPolicy"];
  if (text === undefined) return true;
  const { redrivePermission, sourceQueueArns } = parse(text, "RedriveAllowPolicy", readAllowPolicy);
  return redrivePermission === "allowAll" || (sourceQueueArns?.includes(sourceArn) ?? false);
}

function readRedrivePolicy(policy: Readonly<Record<string, unknown>>, text: string): RedrivePolicy {
  const { deadLetterTargetArn: arn, maxReceiveCount: count } = policy;
  const missing = arn === undefined ? "deadLetterTargetArn" : "maxReceiveCount";
  if (arn === undefined || count === undefined) {
    throw refused(text, "RedrivePolicy", `Redrive policy does not contain mandatory attribute: ${missing}.`);
  }
  return { deadLetterTargetArn: String(arn), maxReceiveCount: Number(count) };
}

function readAllowPolicy(policy: Readonly<Record<string, unknown>>): {
  redrivePermission: string;
  sourceQueueArns: readonly string[] | undefined;
} {
  const { redrivePermission, sourceQueueArns: arns } = policy;
  return {
    redrivePermission: String(redrivePermission),
    sourceQueueArns: Array.isArray(arns) ? arns.map(String) : undefined,
  };
}

function parse<T>(
  text: string,
  attribute: string,
  read: (policy: Readonly<Record<string, unknown>>, text: string) => T,
): T {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    policy = undefined;
  }
  if (typeof policy !== "object" || policy === null || Array.isArray(policy)) {
    throw refused(text, attribute, "Redrive policy is not a valid JSON map.");
  }
  return read({ ...policy }, text);
}

const refused = (text: string, attribute: string, reason: string): ServiceError =>
  new ServiceError("InvalidParameterValue", `Value ${text} for parameter ${attribute} is invalid. Reason: ${reason}`);
