/** Tells Lambda functions, queues, topics and EventBridge what happened to objects, after it has happened. */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import { asService } from "../../../core/principal.ts";
import type { StoredMap } from "../../../core/storage.ts";
import type { Bucket } from "../buckets/bucket.ts";
import { eventRecord } from "./event-record.ts";
import { eventBridgeEntry } from "./eventbridge-event.ts";
import type { ObjectEvent } from "./object-event.ts";
import { type Target, targetsOf, wants } from "./targets.ts";

/** Waits between tries, in seconds; then the event is given up. AWS tries for longer; a target that throttles recovers sooner. */
const WAITS = [1, 2, 4, 8, 16, 32, 60, 120];

interface Delivery {
  readonly id: string;
  readonly bucketArn: string;
  readonly target: Pick<Target, "kind" | "arn"> | "eventbridge";
  /** JSON: an entry of PutEvents for EventBridge, a message with its record otherwise. */
  readonly message: string;
  /** Goes on to functions, queues and topics; EventBridge does not pass it on. */
  readonly traceHeader?: string | undefined;
}

export class Notifier {
  readonly #cloud: Cloud;
  /** What is not delivered yet, so that a restart loses nothing. */
  readonly #pending: StoredMap<Delivery>;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#pending = cloud.storage.map<Delivery>("s3.deliveries");
  }

  announce(bucket: Bucket, event: ObjectEvent): void {
    const { notification } = bucket.record;
    for (const target of targetsOf(notification)) {
      if (!wants(target, event.name, event.key)) continue;
      const message = { Records: [eventRecord(this.#cloud, bucket, event, target.id)] };
      const traceHeader = event.request === "lifecycle" ? undefined : event.request.traceHeader;
      this.#start(bucket, { kind: target.kind, arn: target.arn }, message, traceHeader);
    }
    if (notification.EventBridgeConfiguration) {
      this.#start(bucket, "eventbridge", eventBridgeEntry(this.#cloud, bucket, event));
    }
  }

  resume(): void {
    for (const delivery of this.#pending.values()) this.#deliver(delivery);
  }

  #start(bucket: Bucket, target: Delivery["target"], message: unknown, traceHeader?: string): void {
    const delivery = {
      id: this.#cloud.uuid(),
      bucketArn: bucket.arn,
      target,
      message: JSON.stringify(message),
      traceHeader,
    };
    this.#pending.set(delivery.id, delivery);
    this.#deliver(delivery);
  }

  #deliver(delivery: Delivery): void {
    const name = delivery.target === "eventbridge" ? "EventBridge" : delivery.target.arn;
    this.#cloud.clock.background(`event of ${delivery.bucketArn} to ${name}`, async () => {
      for (const wait of [...WAITS, undefined]) {
        try {
          await send(this.#cloud, delivery);
          break;
        } catch (error) {
          if (wait === undefined || !isPassing(error)) {
            this.#cloud.log.warn(`S3 could not deliver an event of ${delivery.bucketArn} to ${name}: ${String(error)}`);
            break;
          }
          await this.#cloud.clock.sleep(wait * 1000);
        }
      }
      this.#pending.delete(delivery.id);
    });
  }
}

/** Throttling and failures of the service pass; a missing permission or target does not. */
function isPassing(error: unknown): boolean {
  if (!isServiceError(error) || error.name === "NotImplemented") return false;
  return (error.status ?? 400) >= 500 || error.status === 429 || /thrott|TooManyRequests|SlowDown/i.test(error.name);
}

async function send(cloud: Cloud, { bucketArn, target, message, traceHeader }: Delivery): Promise<void> {
  const as = asService("s3.amazonaws.com", bucketArn);
  if (target === "eventbridge") {
    // The entry was made by eventBridgeEntry; only its date has become text.
    const entry = JSON.parse(message) as ReturnType<typeof eventBridgeEntry> & { Time: string };
    const answer = await cloud.call("events", "PutEvents", { Entries: [{ ...entry, Time: new Date(entry.Time) }] }, as);
    const [result] = answer.Entries ?? [];
    if (result?.ErrorCode) throw new ServiceError(result.ErrorCode, result.ErrorMessage ?? "", { status: 500 });
    return;
  }
  await sendTo(cloud, bucketArn, target, message, traceHeader);
}

/** Gives a text to a queue, topic or function, as S3 on behalf of the bucket. Throws what the target refuses with. */
export async function sendTo(
  cloud: Cloud,
  bucketArn: string,
  target: Pick<Target, "kind" | "arn">,
  message: string,
  traceHeader?: string,
): Promise<void> {
  const headers = { "x-amzn-trace-id": traceHeader };
  const as = asService("s3.amazonaws.com", bucketArn);
  switch (target.kind) {
    case "lambda":
      await cloud.call(
        "lambda",
        "Invoke",
        { FunctionName: target.arn, InvocationType: "Event", Payload: Buffer.from(message) },
        as,
        headers,
      );
      return;
    case "sqs": {
      const [, , , , account, name] = target.arn.split(":");
      const QueueUrl = `${cloud.endpoint}/${account}/${name}`;
      await cloud.call("sqs", "SendMessage", { QueueUrl, MessageBody: message }, as, headers);
      return;
    }
    case "sns":
      await cloud.call(
        "sns",
        "Publish",
        { TopicArn: target.arn, Message: message, Subject: "Amazon S3 Notification" },
        as,
        headers,
      );
  }
}
