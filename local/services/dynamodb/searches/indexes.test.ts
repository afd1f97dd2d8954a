import { describe, expect, it } from "vitest";
import { index, N, S, type TestTable, testTable } from "../test-table.ts";

async function filled(table: TestTable, items: readonly Record<string, { S: string } | { N: string }>[]) {
  for (const Item of items) await table.call("PutItem", { Item });
}

const values = (given: Record<string, { S: string } | { N: string }>) => ({ ExpressionAttributeValues: given });

describe("a global index", () => {
  const shape = {
    keys: "pk:S; state_of:S, at:N",
    GlobalSecondaryIndexes: [
      index("byState", "state_of", "at", ["note"]),
      index("whole", "state_of"),
      index("keys", "state_of", "at", "KEYS_ONLY"),
    ],
  };
  const open = { KeyConditionExpression: "state_of = :s", ...values({ ":s": S("open") }) };

  it("holds only items that have its keys, in the order of its sort key, with what it projects", async () => {
    await using table = await testTable(shape);
    await filled(table, [
      { pk: S("late"), state_of: S("open"), at: N(20), note: S("n"), other: S("o") },
      { pk: S("early"), state_of: S("open"), at: N(3) },
      { pk: S("closed"), state_of: S("closed"), at: N(1) },
      { pk: S("no time"), state_of: S("open") },
      { pk: S("no state"), at: N(1) },
    ]);
    expect((await table.call("Query", { ...open, IndexName: "byState" })).Items).toEqual([
      { pk: S("early"), state_of: S("open"), at: N(3) },
      { pk: S("late"), state_of: S("open"), at: N(20), note: S("n") },
    ]);
    expect((await table.call("Query", { ...open, IndexName: "keys" })).Items?.[1]).toEqual({
      pk: S("late"),
      state_of: S("open"),
      at: N(20),
    });
    const whole = await table.call("Query", { ...open, IndexName: "whole" });
    expect(whole.Items?.map(({ pk }) => pk?.S).sort()).toEqual(["early", "late", "no time"]);
    expect((await table.call("Scan", { IndexName: "byState" })).Count).toBe(3);
  });

  it("follows its items", async () => {
    await using table = await testTable(shape);
    const found = async () =>
      (await table.call("Query", { ...open, IndexName: "byState" })).Items?.map(({ pk, at }) => [pk?.S, at?.N]);
    await filled(table, [{ pk: S("1"), state_of: S("open"), at: N(1) }]);
    await filled(table, [{ pk: S("2"), state_of: S("open"), at: N(2) }]);
    expect(await found()).toEqual([
      ["1", "1"],
      ["2", "2"],
    ]);
    await table.call("UpdateItem", {
      Key: { pk: S("1") },
      UpdateExpression: "ADD #at :v",
      ExpressionAttributeNames: { "#at": "at" },
      ...values({ ":v": N(5) }),
    });
    expect(await found()).toEqual([
      ["2", "2"],
      ["1", "6"],
    ]);
    await table.call("UpdateItem", { Key: { pk: S("2") }, UpdateExpression: "REMOVE state_of" });
    expect(await found()).toEqual([["1", "6"]]);
    await table.call("DeleteItem", { Key: { pk: S("1") } });
    expect(await found()).toEqual([]);
  });

  it("says where to go on by the keys of both, though many items have the same", async () => {
    await using table = await testTable(shape);
    await filled(
      table,
      Array.from({ length: 5 }, (_, at) => ({ pk: S(`p${at}`), state_of: S("open"), at: N(1) })),
    );
    const first = await table.call("Query", { ...open, IndexName: "byState", Limit: 2 });
    expect(Object.keys(first.LastEvaluatedKey ?? {}).sort()).toEqual(["at", "pk", "state_of"]);
    const rest = await table.call("Query", {
      ...open,
      IndexName: "byState",
      ExclusiveStartKey: first.LastEvaluatedKey,
    });
    const names = [...(first.Items ?? []), ...(rest.Items ?? [])].map(({ pk }) => pk?.S);
    expect(names.sort()).toEqual(["p0", "p1", "p2", "p3", "p4"]);
  });
});

describe("a local index", () => {
  const shape = { keys: "pk:S, sk:S; at:N", LocalSecondaryIndexes: [index("byTime", "pk", "at", "KEYS_ONLY")] };
  const query = {
    KeyConditionExpression: "pk = :p AND #at > :t",
    IndexName: "byTime",
    ExpressionAttributeNames: { "#at": "at" },
    ...values({ ":p": S("a"), ":t": N(0) }),
  };

  it("sorts a partition by another attribute and fetches what it does not hold", async () => {
    await using table = await testTable(shape);
    await filled(table, [
      { pk: S("a"), sk: S("1"), at: N(9), note: S("x") },
      { pk: S("a"), sk: S("2"), at: N(5), note: S("y") },
      { pk: S("a"), sk: S("3"), note: S("z") },
    ]);
    expect((await table.call("Query", { ...query, ConsistentRead: true })).Items).toEqual([
      { pk: S("a"), sk: S("2"), at: N(5) },
      { pk: S("a"), sk: S("1"), at: N(9) },
    ]);
    const whole = await table.call("Query", { ...query, Select: "ALL_ATTRIBUTES", ReturnConsumedCapacity: "INDEXES" });
    expect(whole.Items?.map(({ note }) => note?.S)).toEqual(["y", "x"]);
    expect(whole.ConsumedCapacity).toMatchObject({
      CapacityUnits: 1.5,
      Table: { CapacityUnits: 1 },
      LocalSecondaryIndexes: { byTime: { CapacityUnits: 0.5 } },
    });
    const some = await table.call("Query", { ...query, ProjectionExpression: "note" });
    expect(some.Items).toEqual([{ note: S("y") }, { note: S("x") }]);
  });

  it("makes item collections that can be measured", async () => {
    await using table = await testTable(shape);
    const { ItemCollectionMetrics } = await table.call("PutItem", {
      Item: { pk: S("a"), sk: S("1") },
      ReturnItemCollectionMetrics: "SIZE",
    });
    expect(ItemCollectionMetrics).toEqual({ ItemCollectionKey: { pk: S("a") }, SizeEstimateRangeGB: [0, 1] });
  });
});
