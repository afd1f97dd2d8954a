import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { BUCKET as Bucket, bucketFixture, type Fixture, refusal } from "../testing/s3-fixture.ts";

const BUCKET_ARN = `arn:aws:s3:::${Bucket}`;

interface Received {
  readonly Event?: string;
  readonly Records?: readonly {
    readonly eventName: string;
    readonly s3: { readonly object: Readonly<Record<string, unknown>>; readonly configurationId: string };
  }[];
}

/** A queue to which S3, SNS and EventBridge may send. */
async function queueOf({ cloud }: Fixture, name = "events", Principal: unknown = "*") {
  const sqs = cloud.client(SQSClient);
  const arn = cloud.arn("sqs", name);
  const statement = { Effect: "Allow", Principal, Action: "sqs:SendMessage", Resource: arn };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  const receive = async () => {
    await cloud.clock.settle();
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return bodies;
      for (const { Body = "", ReceiptHandle } of Messages) {
        bodies.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  const events = async () => (await receive()).map((body) => JSON.parse(body) as Received);
  return { arn, receive, events, records: async () => (await events()).flatMap(({ Records = [] }) => Records) };
}

const configure = ({ s3 }: Fixture, NotificationConfiguration: NotificationConfiguration) =>
  s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));

const queueEntry = (QueueArn: string, Events: string[], rules: Record<string, string> = {}) => ({
  QueueArn,
  Events: Events as "s3:ObjectCreated:*"[],
  Filter: {
    Key: { FilterRules: Object.entries(rules).map(([Name, Value]) => ({ Name: Name as "prefix", Value })) },
  },
});

describe("a queue", () => {
  it("gets a test event when it is configured, and then what happens to objects", async () => {
    await using fixture = await bucketFixture();
    const queue = await queueOf(fixture);
    await configure(fixture, {
      QueueConfigurations: [{ ...queueEntry(queue.arn, ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]), Id: "mine" }],
    });
    expect(await queue.events()).toMatchObject([{ Service: "Amazon S3", Event: "s3:TestEvent", Bucket }]);
    await fixture.put("in/red flower ü+.jpg");
    const [record] = await queue.records();
    expect(record).toEqual({
      eventVersion: "2.6",
      eventSource: "aws:s3",
      awsRegion: "us-east-1",
      eventTime: "2030-01-07T12:00:00.000Z",
      eventName: "ObjectCreated:Put",
      userIdentity: { principalId: "AWS:123456789012" },
      requestParameters: { sourceIPAddress: "127.0.0.1" },
      responseElements: { "x-amz-request-id": expect.any(String), "x-amz-id-2": expect.any(String) },
      s3: {
        s3SchemaVersion: "1.0",
        configurationId: "mine",
        bucket: { name: Bucket, ownerIdentity: { principalId: "123456789012" }, arn: BUCKET_ARN },
        object: {
          key: "in/red+flower+%C3%BC%2B.jpg",
          size: 5,
          eTag: "5d41402abc4b2a76b9719d911017c592",
          sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
        },
      },
    });
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "in/red flower ü+.jpg" }));
    const [removed] = await queue.records();
    expect(removed?.eventName).toBe("ObjectRemoved:Delete");
    expect(Object.keys(removed?.s3.object ?? {})).toEqual(["key", "sequencer"]);
  });

  it("is told of every kind of event by its name, in versioned buckets with the version", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const queue = await queueOf(fixture);
    await configure(fixture, {
      QueueConfigurations: [queueEntry(queue.arn, ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*"])],
    });
    await queue.receive();
    const VersionId = (await fixture.put("k")) ?? "";
    await fixture.s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/k` }));
    const Tagging = { TagSet: [{ Key: "a", Value: "1" }] };
    await fixture.s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging }));
    await fixture.s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "k" }));
    const marker = await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId }));
    const records = await queue.records();
    const told = records.map(({ eventName, s3 }) => [eventName, s3.object["key"], s3.object["versionId"]]);
    expect(told).toEqual(
      expect.arrayContaining([
        ["ObjectCreated:Put", "k", VersionId],
        ["ObjectCreated:Copy", "copy", expect.any(String)],
        ["ObjectTagging:Put", "k", VersionId],
        ["ObjectTagging:Delete", "k", VersionId],
        ["ObjectRemoved:DeleteMarkerCreated", "k", marker.VersionId],
        ["ObjectRemoved:Delete", "k", VersionId],
      ]),
    );
    expect(told).toHaveLength(6);
    const sequencers = records.filter(({ s3 }) => s3.object["key"] === "k").map(({ s3 }) => s3.object["sequencer"]);
    expect(sequencers).toEqual(sequencers.toSorted());
    expect(new Set(sequencers).size).toBe(5);
  });

  it("is told only of keys and events that it wants", async () => {
    await using fixture = await bucketFixture();
    const queue = await queueOf(fixture);
    await configure(fixture, {
      QueueConfigurations: [queueEntry(queue.arn, ["s3:ObjectCreated:Put"], { Prefix: "in/", suffix: ".txt" })],
    });
    await queue.receive();
    for (const key of ["in/a.txt", "in/a.txt.bak", "out/a.txt", "in/"]) await fixture.put(key);
    await fixture.s3.send(new CopyObjectCommand({ Bucket, Key: "in/b.txt", CopySource: `${Bucket}/in/a.txt` }));
    expect((await queue.records()).map(({ s3 }) => s3.object["key"])).toEqual(["in/a.txt"]);
  });

  it("that throttles is tried again, a little later each time", async () => {
    await using fixture = await bucketFixture();
    const queue = await queueOf(fixture);
    await configure(fixture, { QueueConfigurations: [queueEntry(queue.arn, ["s3:ObjectCreated:*"])] });
    await queue.receive();
    const { clock, faults } = fixture.cloud;
    const began = clock.now();
    // A fault that names no role hits every caller but the account: S3 acts as a service.
    const throttling = faults.add({ service: "sqs", operation: "SendMessage", error: "throttle", times: 3 });
    await fixture.put("k");
    expect(await queue.records()).toHaveLength(1);
    expect([throttling.hits, clock.now() - began]).toEqual([3, 7000]);
  });

  it("that is gone loses its events, and the log says so", async () => {
    await using fixture = await bucketFixture();
    const queue = await queueOf(fixture);
    await configure(fixture, { QueueConfigurations: [queueEntry(queue.arn, ["s3:ObjectCreated:*"])] });
    const sqs = fixture.cloud.client(SQSClient);
    await sqs.send(new DeleteQueueCommand({ QueueUrl: `${fixture.cloud.endpoint}/123456789012/events` }));
    await fixture.put("k");
    await fixture.cloud.clock.settle();
    expect(fixture.cloud.logged).toEqual([expect.stringContaining(`could not deliver an event of ${BUCKET_ARN}`)]);
    expect(fixture.cloud.storage.map("s3.deliveries").size).toBe(0);
  });
});

describe("a topic", () => {
  it("passes events on, to those whose policy lets S3 publish", async () => {
    await using fixture = await bucketFixture();
    const { cloud } = fixture;
    const queue = await queueOf(fixture);
    const sns = cloud.client(SNSClient);
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "uploads" }));
    const entry = { TopicArn, Events: ["s3:ObjectCreated:*" as const] };
    await expect(configure(fixture, { TopicConfigurations: [entry] })).rejects.toMatchObject({
      name: "InvalidArgument",
      message: "Unable to validate the following destination configurations",
      ArgumentName1: `${TopicArn}, null`,
    });
    const statement = {
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sns:Publish",
      Resource: TopicArn,
      Condition: { ArnLike: { "aws:SourceArn": BUCKET_ARN } },
    };
    const AttributeValue = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
    await sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: "sqs",
        Endpoint: queue.arn,
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
    await configure(fixture, { TopicConfigurations: [entry] });
    expect(await queue.events()).toMatchObject([{ Event: "s3:TestEvent" }]);
    await fixture.put("k");
    expect((await queue.records()).map(({ eventName }) => eventName)).toEqual(["ObjectCreated:Put"]);
  });
});

describe("EventBridge", () => {
  it("gets every event, in its own words and with the key as it is", async () => {
    await using fixture = await bucketFixture();
    const { cloud } = fixture;
    const queue = await queueOf(fixture);
    const events = cloud.client(EventBridgeClient);
    await events.send(new CreateEventBusCommand({ Name: "unused" }));
    const EventPattern = JSON.stringify({ source: ["aws.s3"], detail: { bucket: { name: [Bucket] } } });
    await events.send(new PutRuleCommand({ Name: "all", EventPattern }));
    await events.send(new PutTargetsCommand({ Rule: "all", Targets: [{ Id: "queue", Arn: queue.arn }] }));
    await configure(fixture, { EventBridgeConfiguration: {} });
    await fixture.put("red flower.jpg");
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "red flower.jpg" }));
    const told = (await queue.receive()).map((body) => JSON.parse(body) as Readonly<Record<string, unknown>>);
    expect(told).toMatchObject([
      {
        source: "aws.s3",
        "detail-type": "Object Created",
        time: "2030-01-07T12:00:00Z",
        resources: [BUCKET_ARN],
        detail: {
          version: "0",
          bucket: { name: Bucket },
          object: { key: "red flower.jpg", size: 5, etag: "5d41402abc4b2a76b9719d911017c592" },
          requester: "123456789012",
          "source-ip-address": "127.0.0.1",
          reason: "PutObject",
        },
      },
      {
        "detail-type": "Object Deleted",
        detail: { object: { key: "red flower.jpg" }, reason: "DeleteObject", "deletion-type": "Permanently Deleted" },
      },
    ]);
  });
});

describe("a configuration", () => {
  it("is answered with names for its entries", async () => {
    await using fixture = await bucketFixture();
    const queue = await queueOf(fixture);
    const get = () => fixture.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect((await get()).QueueConfigurations).toBeUndefined();
    const entry = queueEntry(queue.arn, ["s3:ObjectCreated:*"], { prefix: "a" });
    await configure(fixture, { QueueConfigurations: [entry], EventBridgeConfiguration: {} });
    expect(await get()).toMatchObject({
      QueueConfigurations: [{ ...entry, Id: expect.any(String) }],
      EventBridgeConfiguration: {},
    });
    await configure(fixture, {});
    expect((await get()).EventBridgeConfiguration).toBeUndefined();
  });

  it.each<[string, string[], Record<string, string>, string[], Record<string, string>, string]>([
    ["other events", ["s3:ObjectCreated:*"], {}, ["s3:ObjectRemoved:*"], {}, "done"],
    ["the same events", ["s3:ObjectCreated:*"], {}, ["s3:ObjectCreated:Put"], {}, "InvalidArgument 400"],
    ["other prefixes", ["s3:ObjectCreated:*"], { prefix: "a/" }, ["s3:ObjectCreated:*"], { prefix: "b/" }, "done"],
    [
      "a prefix of the other",
      ["s3:ObjectCreated:*"],
      { prefix: "a/" },
      ["s3:ObjectCreated:*"],
      { prefix: "a/b" },
      "InvalidArgument 400",
    ],
    [
      "no prefix beside one",
      ["s3:ObjectCreated:*"],
      { prefix: "a/" },
      ["s3:ObjectCreated:*"],
      {},
      "InvalidArgument 400",
    ],
    [
      "one prefix, other suffixes",
      ["s3:ObjectCreated:*"],
      { prefix: "a", suffix: "x" },
      ["s3:ObjectCreated:*"],
      { prefix: "a", suffix: "y" },
      "done",
    ],
    [
      "a prefix here and a suffix there",
      ["s3:ObjectCreated:*"],
      { prefix: "a" },
      ["s3:ObjectCreated:*"],
      { suffix: "y" },
      "InvalidArgument 400",
    ],
    ["an unknown event", ["s3:ObjectCreated:*"], {}, ["s3:ObjectMoved:*"], {}, "InvalidArgument 400"],
    ["an event that never happens here", ["s3:ObjectCreated:*"], {}, ["s3:Replication:*"], {}, "NotImplemented 501"],
    [
      "a filter of another kind",
      ["s3:ObjectCreated:*"],
      {},
      ["s3:ObjectRemoved:*"],
      { size: "1" },
      "InvalidArgument 400",
    ],
  ])("with %s is answered", async (_name, events, rules, otherEvents, otherRules, expected) => {
    await using fixture = await bucketFixture();
    const queue = await queueOf(fixture);
    const QueueConfigurations = [queueEntry(queue.arn, events, rules), queueEntry(queue.arn, otherEvents, otherRules)];
    expect(await refusal(configure(fixture, { QueueConfigurations }))).toBe(expected);
  });

  it("is refused as a whole when one queue is missing or closed to S3", async () => {
    await using fixture = await bucketFixture();
    const open = await queueOf(fixture, "open");
    const closed = await queueOf(fixture, "closed", { Service: "events.amazonaws.com" });
    const absent = fixture.cloud.arn("sqs", "absent");
    const request = configure(fixture, {
      QueueConfigurations: [open.arn, closed.arn, absent].map((arn, i) =>
        queueEntry(arn, ["s3:ObjectCreated:*"], { prefix: `${i}/` }),
      ),
    });
    await expect(request).rejects.toMatchObject({
      ArgumentName1: `${closed.arn}, null`,
      ArgumentValue1: "Permissions on the destination queue do not allow S3 to publish notifications from this bucket",
      ArgumentName2: `${absent}, null`,
      ArgumentValue2: "The destination queue does not exist",
    });
    const kept = await fixture.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(kept.QueueConfigurations).toBeUndefined();
  });

  it("does not take FIFO queues", async () => {
    await using fixture = await bucketFixture();
    const entry = queueEntry(fixture.cloud.arn("sqs", "a.fifo"), ["s3:ObjectCreated:*"]);
    expect(await refusal(configure(fixture, { QueueConfigurations: [entry] }))).toBe("InvalidArgument 400");
  });
});
