/** Events as the services send them, for tests. */

export interface QueueRecordOptions {
  readonly id?: string;
  readonly queue?: string;
  readonly group?: string;
  readonly receiveCount?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One record of SQS; the body is text as it is, anything else as JSON. */
export function queueRecord(
  body: unknown,
  { id = "m-1", queue = "orders", group, receiveCount = 1, attributes = {} }: QueueRecordOptions = {},
) {
  return {
    messageId: id,
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: "1893931200000",
      SenderId: "AIDAIENQZJOLO23YVJ4VO",
      ApproximateFirstReceiveTimestamp: "1893931200001",
      ...(group === undefined ? {} : { MessageGroupId: group }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [
        name,
        { stringValue, stringListValues: [], binaryListValues: [], dataType: "String" },
      ]),
    ),
    md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:eu-west-1:123456789012:${queue}`,
    awsRegion: "eu-west-1",
  };
}

/** What SNS puts around a message on its way to a queue. */
export function notification(message: unknown, attributes: Readonly<Record<string, string>> = {}) {
  return {
    Type: "Notification",
    MessageId: "s-1",
    TopicArn: "arn:aws:sns:eu-west-1:123456789012:uploads",
    Subject: "Amazon S3 Notification",
    Message: typeof message === "string" ? message : JSON.stringify(message),
    Timestamp: "2030-01-07T12:00:00.000Z",
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertURL: "EXAMPLE",
    UnsubscribeURL: "EXAMPLE",
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, Value]) => [name, { Type: "String", Value }]),
    ),
  };
}

/** An event of SNS itself. */
export const topicEvent = (...messages: readonly unknown[]) => ({
  Records: messages.map((message) => ({
    EventVersion: "1.0",
    EventSubscriptionArn: "arn:aws:sns:eu-west-1:123456789012:uploads:1",
    EventSource: "aws:sns",
    Sns: notification(message),
  })),
});

/** One record of an S3 notification; the key as S3 writes it, encoded. */
export function objectRecord(
  key: string,
  object: Readonly<Record<string, unknown>> = {},
  eventName = "ObjectCreated:Put",
) {
  return {
    eventVersion: "2.6",
    eventSource: "aws:s3",
    awsRegion: "eu-west-1",
    eventTime: "2030-01-07T12:00:00.000Z",
    eventName,
    userIdentity: { principalId: "EXAMPLE" },
    requestParameters: { sourceIPAddress: "203.0.113.7" },
    responseElements: { "x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "EXAMPLE" },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: "uploads",
      bucket: { name: "photos", ownerIdentity: { principalId: "EXAMPLE" }, arn: "arn:aws:s3:::photos" },
      object: { key, ...object },
    },
  };
}

/** An event of EventBridge. */
export function busEvent(detailType: string, detail: unknown, source = "aws.s3") {
  return {
    version: "0",
    id: "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": detailType,
    source,
    account: "123456789012",
    time: "2030-01-07T12:00:00Z",
    region: "eu-west-1",
    resources: ["arn:aws:s3:::photos"],
    detail,
  };
}
