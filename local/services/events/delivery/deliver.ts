/** Delivery with retries and a dead-letter queue (Event retry policy and using dead-letter queues, EventBridge User Guide). */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import { asService } from "../../../core/principal.ts";
import type { StoredMap } from "../../../core/storage.ts";
import { type Delivery, send } from "./send.ts";

export interface RetryRules {
  readonly maximumAttempts: number;
  readonly maximumAgeSeconds: number;
  readonly deadLetterArn: string | undefined;
}

/** 24 hours and up to 185 times, with exponential back-off and jitter. */
export const DEFAULT_RETRY = { maximumAttempts: 185, maximumAgeSeconds: 86_400 } as const;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 900_000;

/** Errors that no repetition mends. */
const FINAL =
  /AccessDenied|AuthorizationError|NotFound|DoesNotExist|NonExistent|InvalidRequest|Validation|InvalidParameter|NotImplemented|InvalidArn|TooLarge|ExecutionAlreadyExists/;

export interface Outcome {
  readonly delivered: boolean;
  readonly attempts: number;
}

/** What is neither delivered nor given up. */
interface Pending {
  readonly id: string;
  readonly delivery: Delivery;
  readonly rules: RetryRules;
  readonly startedAt: number;
}

const pendingOf = (cloud: Cloud): StoredMap<Pending> => cloud.storage.map("events.deliveries");

/**
 * Sends until it succeeds, cannot, or may no longer; then to the dead-letter queue. Never throws. From the call on the delivery is kept:
 * a restart takes it up again.
 */
export function deliver(cloud: Cloud, delivery: Delivery, rules: RetryRules): Promise<Outcome> {
  const pending = { id: cloud.uuid(), delivery, rules, startedAt: cloud.clock.now() };
  pendingOf(cloud).set(pending.id, pending);
  return finish(cloud, pending);
}

/** Takes up what a restart has interrupted, by its age, with the count of attempts begun anew. */
export function resumeDeliveries(cloud: Cloud): void {
  for (const pending of pendingOf(cloud).values())
    cloud.clock.background(`event to ${pending.delivery.targetArn}`, async () => void (await finish(cloud, pending)));
}

async function finish(cloud: Cloud, pending: Pending): Promise<Outcome> {
  const outcome = await attempt(cloud, pending);
  pendingOf(cloud).delete(pending.id);
  return outcome;
}

async function attempt(cloud: Cloud, { delivery, rules, startedAt }: Pending): Promise<Outcome> {
  for (let retries = 0; ; retries++) {
    try {
      await send(cloud, delivery);
      return { delivered: true, attempts: retries + 1 };
    } catch (thrown) {
      if (!isServiceError(thrown)) cloud.log.error(`${delivery.sourceArn} to ${delivery.targetArn}`, thrown);
      const error = isServiceError(thrown)
        ? thrown
        : new ServiceError("SdkClientException", thrown instanceof Error ? thrown.message : String(thrown));
      const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** retries) * (0.5 + cloud.random() / 2);
      const exhausted = exhaustion(error, retries, cloud.clock.now() + delay - startedAt, rules);
      if (exhausted !== undefined) {
        await bury(cloud, delivery, rules, error, retries, exhausted);
        return { delivered: false, attempts: retries + 1 };
      }
      await cloud.clock.sleep(delay);
    }
  }
}

function exhaustion(error: ServiceError, retries: number, ageMs: number, rules: RetryRules): string | undefined {
  if (FINAL.test(error.name)) return "";
  if (retries >= rules.maximumAttempts) return "MaximumRetryAttempts";
  return ageMs > rules.maximumAgeSeconds * 1000 ? "MaximumEventAgeInSeconds" : undefined;
}

async function bury(
  cloud: Cloud,
  delivery: Delivery,
  rules: RetryRules,
  error: ServiceError,
  retries: number,
  exhausted: string,
): Promise<void> {
  if (rules.deadLetterArn === undefined) {
    cloud.log.warn(
      `${delivery.sourceArn}: an event for ${delivery.targetArn} was dropped: ${error.name}: ${error.message}`,
    );
    return;
  }
  const [, , , , account = "", queue = ""] = rules.deadLetterArn.split(":");
  const isRule = delivery.service === "events.amazonaws.com";
  const attributes: Record<string, string> = {
    ERROR_CODE: error.name,
    ERROR_MESSAGE: error.message,
    [isRule ? "RULE_ARN" : "SCHEDULE_ARN"]: delivery.sourceArn,
    TARGET_ARN: delivery.targetArn,
    RETRY_ATTEMPTS: String(retries),
    ...(exhausted === "" ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  try {
    await cloud.call(
      "sqs",
      "SendMessage",
      {
        QueueUrl: `${cloud.endpoint}/${account}/${queue}`,
        MessageBody: delivery.payload,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value || "-" }]),
        ),
      },
      isRule || delivery.roleArn === undefined
        ? asService(delivery.service, delivery.sourceArn)
        : { kind: "role", roleArn: delivery.roleArn, sessionName: "scheduler" },
    );
  } catch (failure) {
    cloud.log.warn(
      `${delivery.sourceArn}: its dead-letter queue refused an event: ${failure instanceof Error ? failure.message : String(failure)}`,
    );
  }
}
