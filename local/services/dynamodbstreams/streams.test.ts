import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  ResourceNotFoundException,
  type ShardIteratorType,
} from "@aws-sdk/client-dynamodb-streams";
import { describe, expect, it } from "vitest";
import { N, S, TABLE, type TestTable, testTable } from "../dynamodb/test-table.ts";
import type { StreamView } from "../dynamodb/tables/record.ts";

const DAY = 24 * 3_600_000;

async function streamed(view: StreamView = "NEW_AND_OLD_IMAGES") {
  const table = await testTable({ StreamSpecification: { StreamEnabled: true, StreamViewType: view } });
  const client = table.cloud.client(DynamoDBStreamsClient);
  const { Table } = await table.call("DescribeTable");
  const StreamArn = Table?.LatestStreamArn ?? "";
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const iterator = async (ShardIteratorType: ShardIteratorType, SequenceNumber?: string) =>
    (await client.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType, SequenceNumber })))
      .ShardIterator;
  const read = async (ShardIterator?: string, Limit?: number) =>
    client.send(new GetRecordsCommand({ ShardIterator: ShardIterator ?? (await iterator("TRIM_HORIZON")), Limit }));
  const put = (pk: string, n: number) => table.call("PutItem", { Item: { pk: S(pk), n: N(n) } });
  return { table, client, StreamArn, ShardId, iterator, read, put, [Symbol.asyncDispose]: () => dispose(table) };
}

const dispose = async (table: TestTable) => void (await table[Symbol.asyncDispose]());

describe("a stream", () => {
  it("tells what came, changed and went, in order and with what the view holds", async () => {
    await using stream = await streamed();
    await stream.put("1", 1);
    await stream.put("1", 2);
    await stream.table.call("DeleteItem", { Key: { pk: S("1") } });
    const { Records = [], NextShardIterator } = await stream.read();
    expect(Records.map(({ eventName, dynamodb }) => [eventName, dynamodb?.OldImage, dynamodb?.NewImage])).toEqual([
      ["INSERT", undefined, { pk: S("1"), n: N(1) }],
      ["MODIFY", { pk: S("1"), n: N(1) }, { pk: S("1"), n: N(2) }],
      ["REMOVE", { pk: S("1"), n: N(2) }, undefined],
    ]);
    expect(Records[0]).toMatchObject({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: {
        Keys: { pk: S("1") },
        SizeBytes: 9,
        StreamViewType: "NEW_AND_OLD_IMAGES",
        SequenceNumber: expect.stringMatching(/^\d{21}$/),
        ApproximateCreationDateTime: new Date(Math.floor(stream.table.cloud.clock.now() / 1000) * 1000),
      },
    });
    expect(Records[0]?.userIdentity).toBeUndefined();
    const numbers = Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? "");
    expect([...new Set(numbers)].sort()).toEqual(numbers);
    expect((await stream.read(NextShardIterator)).Records).toEqual([]);
  });

  it.each<[StreamView, boolean, boolean]>([
    ["KEYS_ONLY", false, false],
    ["NEW_IMAGE", false, true],
    ["OLD_IMAGE", true, false],
  ])("of %s has an old image: %s, a new one: %s", async (view, hasOld, hasNew) => {
    await using stream = await streamed(view);
    await stream.put("1", 1);
    await stream.put("1", 2);
    const { Records = [] } = await stream.read();
    expect(Records[1]?.dynamodb?.OldImage !== undefined).toBe(hasOld);
    expect(Records[1]?.dynamodb?.NewImage !== undefined).toBe(hasNew);
    expect(Records[1]?.dynamodb?.Keys).toEqual({ pk: S("1") });
  });

  it("says nothing of writes that change nothing or fail", async () => {
    await using stream = await streamed();
    await stream.put("1", 1);
    await stream.table.call("PutItem", { Item: { n: N("1.0"), pk: S("1") } });
    await stream.table.call("UpdateItem", {
      Key: { pk: S("1") },
      UpdateExpression: "SET n = :n",
      ExpressionAttributeValues: { ":n": N(1) },
    });
    await stream.table.call("DeleteItem", { Key: { pk: S("absent") } });
    await stream.table.refusal("PutItem", { Item: { pk: S("1") }, ConditionExpression: "attribute_not_exists(pk)" });
    expect((await stream.read()).Records).toHaveLength(1);
  });

  it("has the records of batches and transactions in their order", async () => {
    await using stream = await streamed();
    const put = (pk: string) => ({ Item: { pk: S(pk) } });
    await stream.table.call("BatchWriteItem", {
      RequestItems: { [TABLE]: ["a", "b"].map((pk) => ({ PutRequest: put(pk) })) },
    });
    await stream.table.call("TransactWriteItems", {
      TransactItems: ["d", "c"].map((pk) => ({ Put: { TableName: TABLE, ...put(pk) } })),
    });
    const { Records = [] } = await stream.read();
    expect(Records.map(({ dynamodb }) => dynamodb?.Keys?.["pk"]?.S)).toEqual(["a", "b", "d", "c"]);
  });

  it("names the service that deletes what has expired", async () => {
    await using stream = await streamed();
    const { call, cloud } = stream.table;
    await call("UpdateTimeToLive", { TimeToLiveSpecification: { Enabled: true, AttributeName: "ends" } });
    await call("PutItem", { Item: { pk: S("1"), ends: N(Math.floor(cloud.clock.now() / 1000) + 60) } });
    await cloud.clock.advance(300_000);
    const { Records = [] } = await stream.read();
    expect(Records.at(-1)).toMatchObject({
      eventName: "REMOVE",
      userIdentity: { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" },
    });
  });

  it("calls out when there are records", async () => {
    await using stream = await streamed();
    const heard: string[] = [];
    stream.table.cloud.signals.on("dynamodb.records", ({ streamArn }) => heard.push(streamArn));
    await stream.put("1", 1);
    expect(heard).toEqual([stream.StreamArn]);
  });
});

describe("a reader", () => {
  it("begins where it asks to", async () => {
    await using stream = await streamed();
    for (const n of [1, 2, 3]) await stream.put("1", n);
    const { Records = [] } = await stream.read();
    const second = Records[1]?.dynamodb?.SequenceNumber;
    const seen = async (type: ShardIteratorType, sequence?: string) =>
      (await stream.read(await stream.iterator(type, sequence))).Records?.map(
        ({ dynamodb }) => dynamodb?.NewImage?.["n"]?.N,
      );
    expect(await seen("TRIM_HORIZON")).toEqual(["1", "2", "3"]);
    expect(await seen("AT_SEQUENCE_NUMBER", second)).toEqual(["2", "3"]);
    expect(await seen("AFTER_SEQUENCE_NUMBER", second)).toEqual(["3"]);
    const latest = await stream.iterator("LATEST");
    await stream.put("1", 4);
    expect((await stream.read(latest)).Records).toHaveLength(1);
  });

  it("goes on from page to page", async () => {
    await using stream = await streamed();
    for (const n of [1, 2, 3, 4, 5]) await stream.put("1", n);
    const first = await stream.read(undefined, 2);
    const second = await stream.read(first.NextShardIterator, 2);
    const third = await stream.read(second.NextShardIterator, 2);
    expect([first, second, third].map(({ Records }) => Records?.length)).toEqual([2, 2, 1]);
  });

  it("has a day for each record", async () => {
    await using stream = await streamed();
    await stream.put("1", 1);
    const { Records: [old] = [] } = await stream.read();
    await stream.table.cloud.clock.advance(DAY / 2);
    await stream.put("1", 2);
    await stream.table.cloud.clock.advance(DAY / 2);
    const { Records = [] } = await stream.read();
    expect(Records.map(({ dynamodb }) => dynamodb?.NewImage?.["n"]?.N)).toEqual(["2"]);
    await expect(stream.iterator("AT_SEQUENCE_NUMBER", old?.dynamodb?.SequenceNumber)).rejects.toMatchObject({
      name: "TrimmedDataAccessException",
    });
  });

  it("is read at a fraction of a millisecond, too", async () => {
    await using stream = await streamed();
    await stream.table.cloud.clock.advance(0.25);
    await stream.put("1", 1);
    expect((await stream.read()).Records).toHaveLength(1);
  });

  it("loses its iterator after fifteen minutes", async () => {
    await using stream = await streamed();
    const iterator = await stream.iterator("LATEST");
    await stream.table.cloud.clock.advance(15 * 60_000);
    await stream.read(iterator);
    await stream.table.cloud.clock.advance(1);
    await expect(stream.read(iterator)).rejects.toThrow(ExpiredIteratorException);
  });

  it("comes to the end of a stream that is closed, and can read it for a day", async () => {
    await using stream = await streamed();
    await stream.put("1", 1);
    await stream.table.call("UpdateTable", { StreamSpecification: { StreamEnabled: false } });
    await stream.put("1", 2);
    const { Records, NextShardIterator } = await stream.read();
    expect(Records).toHaveLength(1);
    expect(NextShardIterator).toBeUndefined();
    const { StreamDescription } = await stream.client.send(new DescribeStreamCommand({ StreamArn: stream.StreamArn }));
    expect(StreamDescription).toMatchObject({
      StreamStatus: "DISABLED",
      Shards: [{ SequenceNumberRange: { EndingSequenceNumber: expect.stringMatching(/1$/) } }],
    });
    await stream.table.cloud.clock.advance(DAY + 1);
    expect((await stream.client.send(new ListStreamsCommand({ TableName: TABLE }))).Streams).toEqual([]);
  });

  it("is told what is wrong", async () => {
    await using stream = await streamed();
    await expect(stream.iterator("AT_SEQUENCE_NUMBER")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(stream.read("nonsense")).rejects.toMatchObject({
      name: "ValidationException",
      message: "Invalid ShardIterator",
    });
    const StreamArn = `${stream.StreamArn}0`;
    await expect(stream.client.send(new DescribeStreamCommand({ StreamArn }))).rejects.toThrow(
      ResourceNotFoundException,
    );
  });
});

describe("streams", () => {
  it("are listed by table, old ones too", async () => {
    await using stream = await streamed();
    await stream.table.call("UpdateTable", { StreamSpecification: { StreamEnabled: false } });
    await stream.table.cloud.clock.settle();
    await stream.table.call("UpdateTable", {
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    });
    const { Streams = [] } = await stream.client.send(new ListStreamsCommand({ TableName: TABLE }));
    expect(Streams.map(({ TableName }) => TableName)).toEqual([TABLE, TABLE]);
    const first = await stream.client.send(new ListStreamsCommand({ Limit: 1 }));
    expect(first.LastEvaluatedStreamArn).toBe(stream.StreamArn);
    const rest = await stream.client.send(new ListStreamsCommand({ ExclusiveStartStreamArn: stream.StreamArn }));
    expect(rest.Streams).toHaveLength(1);
  });
});
