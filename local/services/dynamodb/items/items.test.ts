import { describe, expect, it } from "vitest";
import { index, N, S, testTable } from "../test-table.ts";

const indexed = () =>
  testTable({ keys: "pk:S, sk:S; owner_id:S, at:N", GlobalSecondaryIndexes: [index("byOwner", "owner_id", "at")] });

describe("putting an item", () => {
  it("replaces the one with the same key and answers it when asked", async () => {
    await using table = await testTable();
    expect(await table.call("PutItem", { Item: { pk: S("1"), a: S("x") }, ReturnValues: "ALL_OLD" })).toEqual({});
    const { Attributes } = await table.call("PutItem", { Item: { pk: S("1"), b: S("y") }, ReturnValues: "ALL_OLD" });
    expect(Attributes).toEqual({ pk: S("1"), a: S("x") });
    expect((await table.call("GetItem", { Key: { pk: S("1") } })).Item).toEqual({ pk: S("1"), b: S("y") });
  });

  it("takes numbers that are written differently for the same key", async () => {
    await using table = await testTable({ keys: "pk:N" });
    await table.call("PutItem", { Item: { pk: N("1.0"), a: S("x") } });
    await table.call("PutItem", { Item: { pk: N("1"), a: S("y") } });
    expect((await table.call("Scan")).Items).toEqual([{ pk: N("1"), a: S("y") }]);
  });

  it("keeps keys apart whose parts run into each other", async () => {
    await using table = await testTable({ keys: "pk:S, sk:S" });
    await table.call("PutItem", { Item: { pk: S("a"), sk: S("bc") } });
    await table.call("PutItem", { Item: { pk: S("ab"), sk: S("c") } });
    expect((await table.call("Scan")).Count).toBe(2);
  });

  it.each<[string, Record<string, never> | object, string]>([
    ["no key", { sk: S("1") }, "One or more parameter values were invalid: Missing the key pk in the item"],
    ["no sort key", { pk: S("1") }, "One or more parameter values were invalid: Missing the key sk in the item"],
    [
      "a key of another type",
      { pk: N(1), sk: S("1") },
      "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N",
    ],
    [
      "an empty key",
      { pk: S(""), sk: S("1") },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "a long partition key",
      { pk: S("x".repeat(2049)), sk: S("1") },
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ],
    [
      "a long sort key",
      { pk: S("1"), sk: S("x".repeat(1025)) },
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    ],
    [
      "an index key of another type",
      { pk: S("1"), sk: S("1"), owner_id: N(1) },
      "One or more parameter values were invalid: Type mismatch for Index Key owner_id Expected: S Actual: N IndexName: byOwner",
    ],
    [
      "an empty index key",
      { pk: S("1"), sk: S("1"), owner_id: S("") },
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byOwner, IndexKey: owner_id",
    ],
    [
      "more than 400 KB",
      { pk: S("1"), sk: S("1"), a: S("x".repeat(400 * 1024)) },
      "Item size has exceeded the maximum allowed size",
    ],
  ])("is refused with %s", async (_, item, message) => {
    await using table = await indexed();
    expect(await table.refusal("PutItem", { Item: item as Record<string, { S: string }> })).toBe(message);
    expect((await table.call("Scan")).Count).toBe(0);
  });

  it("takes exactly 400 KB", async () => {
    await using table = await testTable();
    const rest = 400 * 1024 - "pk1a".length;
    await table.call("PutItem", { Item: { pk: S("1"), a: S("x".repeat(rest)) } });
    expect(await table.refusal("PutItem", { Item: { pk: S("1"), a: S("x".repeat(rest + 1)) } })).toMatch(/Item size/);
  });

  it("keeps to its condition", async () => {
    await using table = await testTable();
    const put = { Item: { pk: S("1"), a: S("x") }, ConditionExpression: "attribute_not_exists(pk)" };
    await table.call("PutItem", put);
    expect(await table.refusal("PutItem", put)).toBe("The conditional request failed");
    const error: unknown = await table.call("PutItem", put).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "ConditionalCheckFailedException", detail: {} });
  });

  it.each<[object, string]>([
    [
      { Expected: { a: { Exists: false } } },
      "The local cloud does not support the legacy parameter Expected; use ConditionExpression",
    ],
    [{ ReturnValues: "ALL_NEW" }, "ReturnValues can only be ALL_OLD or NONE"],
    [
      { ReturnValues: "SOME" },
      "1 validation error detected: Value 'SOME' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
    ],
    [
      { Item: undefined },
      "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
    ],
    [
      { ExpressionAttributeNames: { "#a": "a" } },
      "ExpressionAttributeNames can only be specified when using expressions",
    ],
    [
      { ExpressionAttributeValues: { ":a": S("a") } },
      "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    ],
    [
      { ConditionExpression: "attribute_exists(pk.a)" },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
    ],
  ])("with %j is refused", async (more, message) => {
    await using table = await testTable();
    expect(await table.refusal("PutItem", { Item: { pk: S("1") }, ...more })).toBe(message);
  });
});

describe("a key", () => {
  it.each<[string, object]>([
    ["is empty", {}],
    ["has another attribute", { b: S("a") }],
    ["has an attribute too many", { pk: S("a"), b: S("a") }],
    ["has another type", { pk: N(1) }],
  ])("that %s does not match the schema", async (_, Key) => {
    await using table = await testTable();
    const key = { Key: Key as Record<string, { S: string }> };
    const message = "The provided key element does not match the schema";
    expect(await table.refusal("GetItem", key)).toBe(message);
    expect(await table.refusal("DeleteItem", key)).toBe(message);
    expect(await table.refusal("UpdateItem", key)).toBe(message);
  });
});

describe("updating an item", () => {
  it("makes one from its key when there is none", async () => {
    await using table = await testTable();
    await table.call("UpdateItem", { Key: { pk: S("1") } });
    expect((await table.call("Scan")).Items).toEqual([{ pk: S("1") }]);
  });

  it.each<["ALL_OLD" | "UPDATED_OLD" | "ALL_NEW" | "UPDATED_NEW" | "NONE", object | undefined]>([
    ["NONE", undefined],
    ["ALL_OLD", { pk: S("1"), n: N(1), m: { M: { a: S("x"), b: S("y") } }, gone: S("g") }],
    ["UPDATED_OLD", { n: N(1), m: { M: { a: S("x") } }, gone: S("g") }],
    ["ALL_NEW", { pk: S("1"), n: N(3), m: { M: { a: S("z"), b: S("y") } }, fresh: S("z") }],
    ["UPDATED_NEW", { n: N(3), m: { M: { a: S("z") } }, fresh: S("z") }],
  ])("answers %s", async (ReturnValues, expected) => {
    await using table = await testTable();
    await table.call("PutItem", {
      Item: { pk: S("1"), n: N(1), m: { M: { a: S("x"), b: S("y") } }, gone: S("g") },
    });
    const { Attributes } = await table.call("UpdateItem", {
      Key: { pk: S("1") },
      UpdateExpression: "SET m.a = :z, fresh = :z ADD n :two REMOVE gone",
      ExpressionAttributeValues: { ":z": S("z"), ":two": N(2) },
      ReturnValues,
    });
    expect(Attributes).toEqual(expected);
  });

  it("counts exactly when many count at once", async () => {
    await using table = await testTable();
    const count = () =>
      table.call("UpdateItem", {
        Key: { pk: S("1") },
        UpdateExpression: "ADD n :tenth",
        ExpressionAttributeValues: { ":tenth": N("0.1") },
      });
    await Promise.all(Array.from({ length: 30 }, count));
    expect((await table.call("GetItem", { Key: { pk: S("1") } })).Item).toEqual({ pk: S("1"), n: N(3) });
  });

  it.each<[string, object | undefined, string]>([
    [
      "SET pk = :v",
      { ":v": S("2") },
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
    ],
    [
      "REMOVE sk",
      undefined,
      "One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key",
    ],
    [
      "ADD owner_id :v",
      { ":v": N(1) },
      "One or more parameter values were invalid: Type mismatch for Index Key owner_id Expected: S Actual: N IndexName: byOwner",
    ],
    [
      "SET owner_id = e",
      undefined,
      "The update expression attempted to update the secondary index key to unsupported type",
    ],
    [
      "SET owner_id.a = :v",
      { ":v": N(1) },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: owner_id",
    ],
    ["SET big = :v", { ":v": S("x".repeat(400 * 1024)) }, "Item size to update has exceeded the maximum allowed size"],
    [
      "SET a = :v",
      { ":v": S("x"), ":w": S("y") },
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}",
    ],
  ])("by %s is refused", async (UpdateExpression, values, message) => {
    await using table = await indexed();
    const Key = { pk: S("1"), sk: S("1") };
    await table.call("PutItem", { Item: { ...Key, e: N(1) } });
    const ExpressionAttributeValues = values as Record<string, { S: string }> | undefined;
    expect(await table.refusal("UpdateItem", { Key, UpdateExpression, ExpressionAttributeValues })).toBe(message);
    expect((await table.call("Scan")).Items).toEqual([{ ...Key, e: N(1) }]);
  });

  it("looks at its condition before anything else", async () => {
    await using table = await testTable();
    const refusal = await table.refusal("UpdateItem", {
      Key: { pk: S("1") },
      UpdateExpression: "SET a = absent",
      ConditionExpression: "attribute_exists(pk)",
    });
    expect(refusal).toBe("The conditional request failed");
  });
});

describe("deleting an item", () => {
  it("answers what it deleted and does not mind a second time", async () => {
    await using table = await testTable();
    await table.call("PutItem", { Item: { pk: S("1"), a: S("x") } });
    const deletion = { Key: { pk: S("1") }, ReturnValues: "ALL_OLD" as const };
    expect((await table.call("DeleteItem", deletion)).Attributes).toEqual({ pk: S("1"), a: S("x") });
    expect(await table.call("DeleteItem", deletion)).toEqual({});
  });
});

describe("a table that is not there", () => {
  it("is not found by its items", async () => {
    await using table = await testTable();
    const get = { TableName: "other", Key: { pk: S("1") } };
    await expect(table.call("GetItem", get)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });
});

describe("the capacity that a request uses", () => {
  it("is a unit for each kilobyte written, in the table and in each index that changes", async () => {
    await using table = await indexed();
    const put = async (item: object) => {
      const Item = { pk: S("1"), sk: S("1"), ...item };
      const { ConsumedCapacity } = await table.call("PutItem", { Item, ReturnConsumedCapacity: "INDEXES" });
      return [
        ConsumedCapacity?.Table?.CapacityUnits,
        ConsumedCapacity?.GlobalSecondaryIndexes?.["byOwner"]?.CapacityUnits,
      ];
    };
    expect(await put({})).toEqual([1, undefined]);
    expect(await put({ a: S("x".repeat(1500)) })).toEqual([2, undefined]);
    expect(await put({ owner_id: S("me"), at: N(1) })).toEqual([2, 1]);
    expect(await put({ owner_id: S("me"), at: N(1) })).toEqual([1, undefined]);
    expect(await put({ owner_id: S("me"), at: N(2) })).toEqual([1, 2]);
    expect(await put({})).toEqual([1, 1]);
  });

  it("is a unit for each four kilobytes read, half of it when not consistent", async () => {
    await using table = await testTable();
    await table.call("PutItem", { Item: { pk: S("1"), a: S("x".repeat(5000)) } });
    const get = async (ConsistentRead: boolean, key = "1") =>
      (await table.call("GetItem", { Key: { pk: S(key) }, ConsistentRead, ReturnConsumedCapacity: "TOTAL" }))
        .ConsumedCapacity;
    expect(await get(true)).toEqual({ TableName: "orders", CapacityUnits: 2 });
    expect(await get(false)).toEqual({ TableName: "orders", CapacityUnits: 1 });
    expect(await get(false, "absent")).toEqual({ TableName: "orders", CapacityUnits: 0.5 });
  });
});
