import { describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod/mini";
import { busEvent, notification, queueRecord, topicEvent } from "../testing/events.ts";
import { lambdaContext, written } from "../testing/invocation.ts";
import { handleDynamoDb, type ItemChange } from "./dynamodb.ts";
import { handleEventBridge } from "./eventbridge.ts";
import { handleKinesis } from "./kinesis.ts";
import { handleSns } from "./sns.ts";

const context = lambdaContext();

describe("a function that a topic notifies", () => {
  const Alert = z.object({ level: z.number() });
  const metadata = {
    messageId: "s-1",
    topicArn: "arn:aws:sns:eu-west-1:123456789012:uploads",
    subject: "Amazon S3 Notification",
    publishedAt: "2030-01-07T12:00:00.000Z",
    attributes: new Map(),
  };

  it.each([
    ["directly", topicEvent({ level: 3 })],
    ["through a queue", { Records: [queueRecord(notification({ level: 3 }))] }],
  ])("%s gets the message typed, and what the topic knows of it", async (_, event) => {
    const seen = vi.fn<(...seen: unknown[]) => unknown>();
    await handleSns({ message: Alert }, (message, topic) => {
      expectTypeOf(message).toEqualTypeOf<{ level: number }>();
      seen(message, topic);
    })(event, context);
    expect(seen).toHaveBeenCalledExactlyOnceWith({ level: 3 }, metadata);
  });

  it("tries every record, then fails as a whole, for SNS knows no partial answer", async () => {
    const seen: number[] = [];
    const handler = handleSns({ message: Alert }, ({ level }) => {
      seen.push(level);
      if (level < 3) throw new Error("broken");
    });
    await written(async () => {
      await expect(handler(topicEvent({ level: 1 }, { level: 2 }, { level: 3 }), context)).rejects.toMatchObject({
        name: "RecordsFailed",
        message: "2 of 3 records failed",
        retryable: true,
      });
    });
    expect(seen.toSorted()).toEqual([1, 2, 3]);
  });

  it("refuses a message of a queue that no topic sent", async () => {
    let answer: unknown;
    const handler = handleSns({ message: Alert }, () => {});
    await written(async () => (answer = await handler({ Records: [queueRecord({ level: 1 })] }, context)));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m-1" }] });
  });
});

describe("a target of EventBridge", () => {
  const Detail = z.object({ EventID: z.string() });
  const event = busEvent("RDS DB Instance Event", { EventID: "RDS-EVENT-0154", more: 1 }, "aws.rds");

  it.each([
    ["directly", event],
    ["through a queue", { Records: [queueRecord(event)] }],
    ["through a topic", topicEvent(event)],
  ])("%s gets the detail typed, and the event's own fields", async (_, given) => {
    const seen = vi.fn<(...seen: unknown[]) => unknown>();
    await handleEventBridge({ detail: Detail }, (detail, bus) => {
      expectTypeOf(detail).toEqualTypeOf<{ EventID: string }>();
      seen(detail, bus);
    })(given, context);
    expect(seen).toHaveBeenCalledExactlyOnceWith(
      { EventID: "RDS-EVENT-0154" },
      {
        id: event.id,
        source: "aws.rds",
        detailType: "RDS DB Instance Event",
        time: "2030-01-07T12:00:00Z",
        account: "123456789012",
        region: "eu-west-1",
        resources: ["arn:aws:s3:::photos"],
      },
    );
  });

  it("names the field of a detail that does not fit", async () => {
    const handler = handleEventBridge({ detail: Detail }, () => {});
    await written(async () => {
      await expect(handler(busEvent("x", { EventID: 154 }), context)).rejects.toThrow(
        "detail.EventID: expected string",
      );
      await expect(handler({ detail: {} }, context)).rejects.toThrow("id: missing");
    });
  });
});

const change = (sequenceNumber: string, eventName: string, images: object, more: object = {}) => ({
  eventID: `e-${sequenceNumber}`,
  eventName,
  eventVersion: "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: "eu-west-1",
  dynamodb: {
    Keys: { id: { S: "a" } },
    SequenceNumber: sequenceNumber,
    StreamViewType: "NEW_AND_OLD_IMAGES",
    ...images,
  },
  eventSourceARN: "arn:aws:dynamodb:eu-west-1:123456789012:table/Jobs/stream/2030-01-07T00:00:00.000",
  ...more,
});

describe("a function behind a table's stream", () => {
  const Row = z.object({ id: z.string(), count: z.number(), tags: z._default(z.array(z.string()), []) });
  const expiry = { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } };

  it("gets each change with both images, plain and typed", async () => {
    const seen: ItemChange<z.infer<typeof Row>>[] = [];
    const event = {
      Records: [
        change("1", "INSERT", { NewImage: { id: { S: "a" }, count: { N: "1" }, tags: { SS: ["x", "y"] } } }),
        change("2", "MODIFY", {
          OldImage: { id: { S: "a" }, count: { N: "1" } },
          NewImage: { id: { S: "a" }, count: { N: "2.5" } },
        }),
        change("3", "REMOVE", { OldImage: { id: { S: "a" }, count: { N: "2.5" } } }, expiry),
      ],
    };
    const answer = await handleDynamoDb({ row: Row }, (item) => seen.push(item))(event, context);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([
      {
        kind: "INSERT",
        keys: { id: "a" },
        after: { id: "a", count: 1, tags: ["x", "y"] },
        isExpiry: false,
        sequenceNumber: "1",
      },
      {
        kind: "MODIFY",
        keys: { id: "a" },
        before: { id: "a", count: 1, tags: [] },
        after: { id: "a", count: 2.5, tags: [] },
        isExpiry: false,
        sequenceNumber: "2",
      },
      {
        kind: "REMOVE",
        keys: { id: "a" },
        before: { id: "a", count: 2.5, tags: [] },
        isExpiry: true,
        sequenceNumber: "3",
      },
    ]);
  });

  it("stops at the first failure: Lambda delivers everything from there on again", async () => {
    const seen: string[] = [];
    const event = { Records: ["1", "2", "3", "4"].map((number) => change(number, "REMOVE", {})) };
    const handler = handleDynamoDb({ row: Row }, ({ sequenceNumber }) => {
      seen.push(sequenceNumber);
      if (sequenceNumber === "2") throw new Error("broken");
    });
    let answer: unknown;
    const { entries } = await written(async () => (answer = await handler(event, context)));
    expect(seen).toEqual(["1", "2"]);
    expect(answer).toEqual({ batchItemFailures: ["2", "3", "4"].map((itemIdentifier) => ({ itemIdentifier })) });
    expect(entries[0]).toMatchObject({ message: "record failed", correlation_id: "e-2", record: "2" });
  });

  it("does not mix an attribute called __proto__ with the item's own", async () => {
    const image: unknown = JSON.parse('{"id":{"S":"a"},"__proto__":{"M":{"count":{"N":"7"}}}}');
    const handler = handleDynamoDb({ row: Row }, () => {});
    const { entries } = await written(() =>
      handler({ Records: [change("1", "INSERT", { NewImage: image })] }, context),
    );
    expect(entries[0]).toMatchObject({ reason: "InputInvalid: NewImage.count: missing" });
  });
});

describe("a function behind a Kinesis stream", () => {
  const Reading = z.object({ celsius: z.number() });
  const record = (sequenceNumber: string, data: string) => ({
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: "p",
      sequenceNumber,
      data: Buffer.from(data).toString("base64"),
      approximateArrivalTimestamp: 1893931200.5,
    },
    eventSource: "aws:kinesis",
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
  });

  it("gets the data typed, in order, with what the stream knows of it", async () => {
    const seen = vi.fn<(...seen: unknown[]) => unknown>();
    await handleKinesis({ data: Reading }, (data, { sequenceNumber }) => {
      expectTypeOf(data).toEqualTypeOf<{ celsius: number }>();
      seen(data.celsius, sequenceNumber);
    })({ Records: [record("1", '{"celsius":21}'), record("2", '{"celsius":22}')] }, context);
    expect(seen.mock.calls).toEqual([
      [21, "1"],
      [22, "2"],
    ]);
  });

  it("stops at a poison record, with its reason", async () => {
    const handler = handleKinesis({ data: Reading }, () => {});
    let answer: unknown;
    const { entries } = await written(async () => {
      answer = await handler(
        { Records: [record("1", '{"celsius":21}'), record("2", "no json"), record("3", '{"celsius":23}')] },
        context,
      );
    });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }, { itemIdentifier: "3" }] });
    expect(entries[0]).toMatchObject({ record: "2", reason: "InputInvalid: data: not valid JSON" });
  });

  it("puts a poison record aside and goes on, where it is told to", async () => {
    const seen: number[] = [];
    const putAside = vi.fn<() => Promise<void>>(() => Promise.resolve());
    const handler = handleKinesis({ data: Reading, putAside }, ({ celsius }) => seen.push(celsius));
    let answer: unknown;
    await written(
      async () =>
        (answer = await handler({ Records: [record("1", "no json"), record("2", '{"celsius":22}')] }, context)),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([22]);
    expect(putAside).toHaveBeenCalledOnce();
  });
});
