/** What subscribers get: the JSON document of notifications and confirmations, and the record of Lambda events. */
import type { Cloud } from "../../../core/cloud.ts";
import type { Notification, Protocol, Subscription } from "../store.ts";

/** Nothing signs here, and nothing could verify it: the certificate host of AWS is not ours to use. */
const SIGNATURE = Buffer.from("Local cloud: not signed").toString("base64");

interface Attribute {
  readonly Type: string;
  readonly Value: string;
}

export const textFor = (notification: Notification, protocol: Protocol): string =>
  notification.texts[protocol] ?? notification.texts["default"] ?? "";

/** The body of a delivery that is not raw ("HTTP/HTTPS notification JSON format"). FIFO topics do not sign, but count. */
export function envelopeOf(cloud: Cloud, notification: Notification, subscription: Subscription): string {
  const { sequenceNumber, subject } = notification;
  const attributes = attributesOf(notification);
  return format({
    Type: "Notification",
    MessageId: notification.id,
    ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
    TopicArn: notification.topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: textFor(notification, subscription.protocol),
    Timestamp: notification.timestamp,
    ...(sequenceNumber === undefined && signatureOf(cloud)),
    UnsubscribeURL: unsubscribeUrl(cloud, subscription),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  });
}

/** What an HTTP endpoint gets first, to confirm ("HTTP/HTTPS subscription confirmation JSON format"). */
export function confirmationOf(cloud: Cloud, subscription: Subscription, token: string, messageId: string): string {
  const { topicArn } = subscription;
  return format({
    Type: "SubscriptionConfirmation",
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `${cloud.endpoint}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`,
    Timestamp: new Date(cloud.clock.now()).toISOString(),
    ...signatureOf(cloud),
  });
}

/** The event of a Lambda function: one record ("Sample Amazon SNS event" of the Lambda guide). */
export function lambdaEventOf(cloud: Cloud, notification: Notification, subscription: Subscription): string {
  const { SignatureVersion, Signature, SigningCertURL } = signatureOf(cloud);
  return JSON.stringify({
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: subscription.arn,
        Sns: {
          Type: "Notification",
          MessageId: notification.id,
          TopicArn: notification.topicArn,
          Subject: notification.subject ?? null,
          Message: textFor(notification, subscription.protocol),
          Timestamp: notification.timestamp,
          SignatureVersion,
          Signature,
          SigningCertUrl: SigningCertURL,
          UnsubscribeUrl: unsubscribeUrl(cloud, subscription),
          MessageAttributes: attributesOf(notification),
        },
      },
    ],
  });
}

const unsubscribeUrl = (cloud: Cloud, subscription: Subscription): string =>
  `${cloud.endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`;

const signatureOf = (cloud: Cloud) => ({
  SignatureVersion: "1",
  Signature: SIGNATURE,
  SigningCertURL: `${cloud.endpoint}/SimpleNotificationService-local.pem`,
});

function attributesOf(notification: Notification): Record<string, Attribute> {
  const attributes: Record<string, Attribute> = {};
  for (const [name, { DataType: type = "", StringValue: text = "", BinaryValue: bytes }] of Object.entries(
    notification.attributes,
  )) {
    attributes[name] = { Type: type, Value: bytes ? Buffer.from(bytes).toString("base64") : text };
  }
  return attributes;
}

/** As SNS sets it: one member a line, a space on both sides of the colon, attributes one a line. */
function format(document: Readonly<Record<string, string | Readonly<Record<string, Attribute>>>>): string {
  const lines = Object.entries(document).map(([name, value]) => {
    if (typeof value === "string") return `  "${name}" : ${JSON.stringify(value)}`;
    const inner = Object.entries(value).map(([key, one]) => `    ${JSON.stringify(key)} : ${JSON.stringify(one)}`);
    return `  "${name}" : {\n${inner.join(",\n")}\n  }`;
  });
  return `{\n${lines.join(",\n")}\n}`;
}
