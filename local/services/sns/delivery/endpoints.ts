/** One attempt to hand a message to an endpoint. Throws DeliveryFailed. */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import { asService, type Principal } from "../../../core/principal.ts";
import { addToOutbox } from "../outbox.ts";
import type { Notification, Subscription } from "../store.ts";
import { DeliveryFailed } from "./delivery-failed.ts";
import { envelopeOf, lambdaEventOf, textFor } from "./envelope.ts";
import { post } from "./http.ts";

const sns = (topicArn: string): Principal => asService("sns.amazonaws.com", topicArn);

export async function deliver(cloud: Cloud, notification: Notification, subscription: Subscription): Promise<void> {
  const { protocol, endpoint } = subscription;
  switch (protocol) {
    case "sqs":
      return toQueue(cloud, endpoint, notification, subscription);
    case "lambda":
      return toFunction(cloud, notification, subscription);
    case "http":
    case "https":
      return toUrl(cloud, notification, subscription);
    case "email":
    case "email-json": {
      const isJson = protocol === "email-json";
      const text = isJson ? envelopeOf(cloud, notification, subscription) : textFor(notification, protocol);
      const subject = notification.subject ?? "AWS Notification Message";
      const from = "no-reply@sns.amazonaws.com";
      addToOutbox(cloud, { kind: "email", from, to: [endpoint], subject, text, source: notification.topicArn });
      return undefined;
    }
    case "sms": {
      const text = textFor(notification, protocol);
      addToOutbox(cloud, { kind: "sms", to: [endpoint], text, source: notification.topicArn });
      return undefined;
    }
  }
}

/** Raw or in the envelope; a FIFO queue gets group and deduplication ids, a standard one the group for fair queues. */
export async function toQueue(
  cloud: Cloud,
  queueArn: string,
  notification: Notification,
  subscription: Subscription,
): Promise<void> {
  const [, , , , account, name = ""] = queueArn.split(":");
  const isRaw = subscription.attributes["RawMessageDelivery"] === "true";
  const { groupId, deduplicationId, traceHeader } = notification;
  const input = {
    QueueUrl: `${cloud.endpoint}/${account}/${name}`,
    MessageBody: isRaw ? textFor(notification, "sqs") : envelopeOf(cloud, notification, subscription),
    ...(isRaw && { MessageAttributes: { ...notification.attributes } }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(name.endsWith(".fifo") && deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(traceHeader !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: traceHeader } },
    }),
  };
  await reached(() => cloud.call("sqs", "SendMessage", input, sns(notification.topicArn)));
}

async function toFunction(cloud: Cloud, notification: Notification, subscription: Subscription): Promise<void> {
  const Payload = Buffer.from(lambdaEventOf(cloud, notification, subscription));
  const input = { FunctionName: subscription.endpoint, InvocationType: "Event" as const, Payload };
  const headers = { "x-amzn-trace-id": notification.traceHeader };
  await reached(() => cloud.call("lambda", "Invoke", input, sns(notification.topicArn), headers));
}

async function toUrl(cloud: Cloud, notification: Notification, subscription: Subscription): Promise<void> {
  const isRaw = subscription.attributes["RawMessageDelivery"] === "true";
  const body = isRaw ? textFor(notification, subscription.protocol) : envelopeOf(cloud, notification, subscription);
  const { id: messageId, topicArn } = notification;
  await post(subscription.endpoint, body, {
    type: "Notification",
    messageId,
    topicArn,
    subscriptionArn: subscription.arn,
    isRaw,
  });
}

async function reached(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const isRetriable =
      !isServiceError(error) || (error.status ?? 400) >= 500 || /Throttl|TooManyRequests|Internal/.test(error.name);
    throw new DeliveryFailed(error instanceof Error ? `${error.name}: ${error.message}` : String(error), isRetriable);
  }
}
