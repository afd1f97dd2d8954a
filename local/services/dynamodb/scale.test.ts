/** Large tables, and tables that outlive the process. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testCloud } from "../../testing.ts";
import { index, N, S, TABLE, testTable } from "./test-table.ts";
import { ACCOUNT } from "../../core/principal.ts";

describe("a hundred thousand items", () => {
  it("are written, found and paged through without looking at the others", async () => {
    await using table = await testTable({
      keys: "pk:S, sk:N; owner_id:S",
      GlobalSecondaryIndexes: [index("byOwner", "owner_id", "sk")],
    });
    const count = 100_000;
    for (let at = 0; at < count; at++) {
      await table.call("PutItem", {
        Item: { pk: S(at < count / 2 ? "big" : `p${at % 1000}`), sk: N(at), owner_id: S(`o${at % 500}`) },
      });
    }
    const page = await table.call("Query", {
      KeyConditionExpression: "pk = :p AND sk >= :s",
      ExpressionAttributeValues: { ":p": S("big"), ":s": N(40_000) },
      Limit: 3,
    });
    expect(page.Items?.map(({ sk }) => sk?.N)).toEqual(["40000", "40001", "40002"]);
    const query = {
      IndexName: "byOwner",
      KeyConditionExpression: "owner_id = :o",
      ExpressionAttributeValues: { ":o": S("o7") },
      Limit: 5,
    };
    await table.call("Query", query);
    const took: number[] = [];
    for (let round = 0; round < 500; round++) {
      const began = performance.now();
      await table.call("Query", query);
      await table.call("PutItem", { Item: { pk: S("big"), sk: N(-round), owner_id: S("o7") } });
      await table.call("GetItem", { Key: { pk: S("big"), sk: N(round) } });
      took.push(performance.now() - began);
    }
    // Three calls that each looked at every item would take 100 ms. The quickest: others may use the machine.
    expect(Math.min(...took)).toBeLessThan(10);
    expect((await table.call("DescribeTable")).Table?.ItemCount).toBe(count + 499);
  }, 60_000);
});

describe("a table in a data folder", () => {
  it("is there again after a restart: items, indexes, stream and expiry", async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), "dynamodb-"));
    try {
      const startAt = Date.UTC(2030, 0, 1);
      {
        await using cloud = await testCloud({ dataFolder, startAt });
        await using table = await testTable(
          {
            keys: "pk:S, sk:N; owner_id:S",
            GlobalSecondaryIndexes: [index("byOwner", "owner_id")],
            StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
          },
          cloud,
        );
        await table.call("UpdateTimeToLive", { TimeToLiveSpecification: { Enabled: true, AttributeName: "ends" } });
        for (const sk of [3, 1, 2]) {
          await table.call("PutItem", {
            Item: { pk: S("a"), sk: N(sk), owner_id: S("me"), seal: { B: Uint8Array.of(sk) } },
          });
        }
        await table.call("PutItem", { Item: { pk: S("a"), sk: N(9), ends: N(startAt / 1000 + 7200) } });
      }
      await using cloud = await testCloud({ dataFolder, startAt: startAt + 3_600_000 });
      const values = { ":v": S("a") };
      const query = { TableName: TABLE, KeyConditionExpression: "pk = :v", ExpressionAttributeValues: values };
      const sorted = async () =>
        (await cloud.call("dynamodb", "Query", query, ACCOUNT)).Items?.map(({ sk, seal }) => [sk?.N, seal?.B?.[0]]);
      expect(await sorted()).toEqual([
        ["1", 1],
        ["2", 2],
        ["3", 3],
        ["9", undefined],
      ]);
      const mine = await cloud.call(
        "dynamodb",
        "Query",
        {
          TableName: TABLE,
          IndexName: "byOwner",
          KeyConditionExpression: "owner_id = :v",
          ExpressionAttributeValues: { ":v": S("me") },
          Select: "COUNT",
        },
        ACCOUNT,
      );
      expect(mine.Count).toBe(3);
      await cloud.clock.advance(2 * 3_600_000);
      expect(await sorted()).toHaveLength(3);
      const { Streams: [stream] = [] } = await cloud.call("dynamodbstreams", "ListStreams", {}, ACCOUNT);
      const StreamArn = stream?.StreamArn;
      const { StreamDescription } = await cloud.call("dynamodbstreams", "DescribeStream", { StreamArn }, ACCOUNT);
      const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
      const { ShardIterator } = await cloud.call(
        "dynamodbstreams",
        "GetShardIterator",
        { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" },
        ACCOUNT,
      );
      const { Records = [] } = await cloud.call("dynamodbstreams", "GetRecords", { ShardIterator }, ACCOUNT);
      expect(Records.map(({ eventName, dynamodb }) => [eventName, dynamodb?.Keys?.["sk"]?.N])).toEqual([
        ["INSERT", "3"],
        ["INSERT", "1"],
        ["INSERT", "2"],
        ["INSERT", "9"],
        ["REMOVE", "9"],
      ]);
    } finally {
      rmSync(dataFolder, { recursive: true });
    }
  });
});
