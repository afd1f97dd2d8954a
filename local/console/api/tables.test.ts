import { describe, expect, it } from "vitest";
import { plainItem } from "../plain-item.ts";
import { type ConsoleCloud, consoleCloud } from "../testing/console-cloud.ts";

interface Items {
  readonly items: readonly Record<string, unknown>[];
  readonly token?: string;
  readonly keys: { partition: string; sort?: string };
}

async function withTable(): Promise<ConsoleCloud> {
  const it = await consoleCloud();
  await it.call("dynamodb", "CreateTable", {
    TableName: "orders",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "customer", AttributeType: "S" },
      { AttributeName: "number", AttributeType: "N" },
      { AttributeName: "day", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "customer", KeyType: "HASH" },
      { AttributeName: "number", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-day",
        KeySchema: [
          { AttributeName: "day", KeyType: "HASH" },
          { AttributeName: "customer", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      },
    ],
  });
  await it.cloud.clock.settle();
  for (let i = 0; i < 120; i++)
    await it.call("dynamodb", "PutItem", {
      TableName: "orders",
      Item: { customer: { S: `c-${i % 3}` }, number: { N: String(i) }, day: { S: `2030-01-${10 + (i % 2)}` } },
    });
  return it;
}

describe("a table", () => {
  it("tells its keys, indexes and count", async () => {
    await using it = await withTable();
    expect(await it.get("/table", { name: "orders" })).toMatchObject({
      keys: { partition: "customer", sort: "number" },
      count: 120,
      indexes: [{ name: "by-day", keys: { partition: "day", sort: "customer" } }],
      types: { customer: "S", number: "N", day: "S" },
    });
  });

  it("is paged through without loss", async () => {
    await using it = await withTable();
    const seen = new Set<unknown>();
    let token: string | undefined;
    do {
      const page = await it.get<Items>("/items", { name: "orders", ...(token && { token }) });
      expect(page.items.length).toBeLessThanOrEqual(50);
      for (const { number } of page.items) seen.add(number);
      token = page.token;
    } while (token !== undefined);
    expect(seen.size).toBe(120);
  });

  it.each([
    ["a partition key", { partition: "c-1" }, 40],
    ["both keys, a number by its value", { partition: "c-1", sort: "4", how: "equal" }, 1],
    ["an index", { index: "by-day", partition: "2030-01-10" }, 50],
    [
      "the beginning of an index's sort key",
      { index: "by-day", partition: "2030-01-10", sort: "c-", how: "prefix" },
      50,
    ],
    ["a whole sort key of an index", { index: "by-day", partition: "2030-01-10", sort: "c-1", how: "equal" }, 20],
    ["a key that nothing has", { partition: "nobody" }, 0],
  ])("is asked by %s", async (_, query, count) => {
    await using it = await withTable();
    const { items } = await it.get<Items>("/items", { name: "orders", ...query });
    expect(items).toHaveLength(count);
  });

  it("refuses a token that is none, and an index that is none", async () => {
    await using it = await withTable();
    await expect(it.get("/items", { name: "orders", token: "???" })).rejects.toMatchObject({ status: 400 });
    await expect(it.get("/items", { name: "orders", index: "none" })).rejects.toMatchObject({ status: 404 });
  });

  it("with bytes as keys is paged through too", async () => {
    await using it = await consoleCloud();
    await it.call("dynamodb", "CreateTable", {
      TableName: "bytes",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "B" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    });
    await it.cloud.clock.settle();
    for (let i = 0; i < 60; i++)
      await it.call("dynamodb", "PutItem", { TableName: "bytes", Item: { id: { B: Buffer.from([255, i]) } } });
    const first = await it.get<Items>("/items", { name: "bytes" });
    const second = await it.get<Items>("/items", { name: "bytes", token: first.token ?? "" });
    expect([...first.items, ...second.items].map(({ id }) => id)).toHaveLength(60);
    expect(first.items[0]?.["id"]).toMatch(/^base64:/);
  });
});

describe("an item", () => {
  it("is shown without type letters", () => {
    const item = plainItem({
      s: { S: "text" },
      n: { N: "1.50" },
      small: { N: "1.5" },
      exact: { N: "12345678901234567890123" },
      yes: { BOOL: true },
      nothing: { NULL: true },
      list: { L: [{ S: "a" }, { M: { deep: { N: "1" } } }] },
      words: { SS: ["a", "b"] },
      numbers: { NS: ["1", "1e400"] },
      bytes: { B: new Uint8Array([1, 2]) },
    });
    expect({ ...item }).toEqual({
      s: "text",
      n: "1.50",
      small: 1.5,
      exact: "12345678901234567890123",
      yes: true,
      nothing: null,
      list: ["a", expect.objectContaining({ deep: 1 })],
      words: ["a", "b"],
      numbers: [1, "1e400"],
      bytes: "base64:AQI=",
    });
  });

  it("may have an attribute named __proto__", () => {
    const item = plainItem(JSON.parse('{"__proto__":{"S":"x"}}') as Record<string, { S: string }>);
    expect(Object.keys(item)).toEqual(["__proto__"]);
    expect(JSON.stringify(item)).toBe('{"__proto__":"x"}');
  });
});
