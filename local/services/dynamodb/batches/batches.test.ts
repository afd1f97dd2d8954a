import { describe, expect, it } from "vitest";
import { N, S, TABLE, type TestTable, testTable } from "../test-table.ts";

const put = (pk: string, more = {}) => ({ Put: { TableName: TABLE, Item: { pk: S(pk), ...more } } });
const all = async (table: TestTable) => (await table.call("Scan")).Items?.map(({ pk }) => pk?.S).sort();

describe("a batch of writes", () => {
  const write = (...pks: string[]) => ({
    RequestItems: { [TABLE]: pks.map((pk) => ({ PutRequest: { Item: { pk: S(pk) } } })) },
  });

  it("puts and deletes", async () => {
    await using table = await testTable();
    await table.call("BatchWriteItem", write("1", "2"));
    const answer = await table.call("BatchWriteItem", {
      RequestItems: {
        [TABLE]: [{ DeleteRequest: { Key: { pk: S("1") } } }, { PutRequest: { Item: { pk: S("3") } } }],
      },
      ReturnConsumedCapacity: "TOTAL",
    });
    expect(answer).toEqual({
      UnprocessedItems: {},
      ConsumedCapacity: [{ TableName: TABLE, CapacityUnits: 2 }],
    });
    expect(await all(table)).toEqual(["2", "3"]);
  });

  it.each<[object, string]>([
    [
      { RequestItems: {} },
      "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [write("1", "2", "1"), "Provided list of item keys contains duplicates"],
    [write(...Array.from({ length: 26 }, (_, at) => `p${at}`)), "Too many items requested for the BatchWriteItem call"],
    [
      {
        RequestItems: { [TABLE]: [{ PutRequest: { Item: { pk: S("ok") } } }, { PutRequest: { Item: { a: S("1") } } }] },
      },
      "One or more parameter values were invalid: Missing the key pk in the item",
    ],
    [{ RequestItems: { other: [{ DeleteRequest: { Key: { pk: S("1") } } }] } }, "Requested resource not found"],
  ])("%j is refused as a whole", async (input, message) => {
    await using table = await testTable();
    expect(await table.refusal("BatchWriteItem", input as ReturnType<typeof write>)).toBe(message);
    expect(await all(table)).toEqual([]);
  });
});

describe("a batch of reads", () => {
  it("finds what is there, with a projection by table", async () => {
    await using table = await testTable();
    await table.call("PutItem", { Item: { pk: S("1"), a: S("x"), b: S("y") } });
    const Keys = [{ pk: S("1") }, { pk: S("2") }];
    const request = {
      RequestItems: { [TABLE]: { Keys, ProjectionExpression: "#b", ExpressionAttributeNames: { "#b": "b" } } },
    };
    expect(await table.call("BatchGetItem", request)).toEqual({
      Responses: { [TABLE]: [{ b: S("y") }] },
      UnprocessedKeys: {},
    });
  });

  it("leaves what goes beyond 16 MB for another call", async () => {
    await using table = await testTable();
    const keys = Array.from({ length: 60 }, (_, at) => ({ pk: S(`p${at}`) }));
    for (const key of keys) await table.call("PutItem", { Item: { ...key, a: S("x".repeat(390 * 1024)) } });
    const first = await table.call("BatchGetItem", { RequestItems: { [TABLE]: { Keys: keys } } });
    const found = first.Responses?.[TABLE]?.length ?? 0;
    expect(found).toBe(42);
    expect(first.UnprocessedKeys?.[TABLE]?.Keys).toHaveLength(60 - found);
    const second = await table.call("BatchGetItem", { RequestItems: first.UnprocessedKeys });
    expect(second.Responses?.[TABLE]).toHaveLength(60 - found);
    expect(second.UnprocessedKeys).toEqual({});
  });

  it.each<[object[], string]>([
    [[{ pk: S("1") }, { pk: S("1") }], "Provided list of item keys contains duplicates"],
    [
      Array.from({ length: 101 }, (_, at) => ({ pk: S(`p${at}`) })),
      "Too many items requested for the BatchGetItem call",
    ],
    [[{ pk: N(1) }], "The provided key element does not match the schema"],
  ])("of %j is refused", async (Keys, message) => {
    await using table = await testTable();
    const request = { RequestItems: { [TABLE]: { Keys: Keys as Record<string, { S: string }>[] } } };
    expect(await table.refusal("BatchGetItem", request)).toBe(message);
  });
});

describe("a transaction of writes", () => {
  it("does all of them", async () => {
    await using table = await testTable();
    await table.call("PutItem", { Item: { pk: S("old") } });
    await table.call("PutItem", { Item: { pk: S("there") } });
    await table.call("TransactWriteItems", {
      TransactItems: [
        put("new"),
        { Delete: { TableName: TABLE, Key: { pk: S("old") } } },
        {
          Update: {
            TableName: TABLE,
            Key: { pk: S("count") },
            UpdateExpression: "ADD n :one",
            ExpressionAttributeValues: { ":one": N(1) },
          },
        },
        {
          ConditionCheck: { TableName: TABLE, Key: { pk: S("there") }, ConditionExpression: "attribute_exists(pk)" },
        },
      ],
    });
    expect(await all(table)).toEqual(["count", "new", "there"]);
  });

  it("does none when one of them cannot be done, and says which and why", async () => {
    await using table = await testTable();
    await table.call("PutItem", { Item: { pk: S("1"), a: { B: Uint8Array.of(1) } } });
    const failing = {
      ...put("1").Put,
      ConditionExpression: "attribute_not_exists(pk)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    };
    const error: unknown = await table
      .call("TransactWriteItems", {
        TransactItems: [
          put("2"),
          { Put: failing },
          { Update: { TableName: TABLE, Key: { pk: S("3") }, UpdateExpression: "SET a = absent" } },
          { Put: { TableName: TABLE, Item: { wrong: S("key") } } },
        ],
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: "TransactionCanceledException",
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError, ValidationError]",
      detail: {
        CancellationReasons: [
          { Code: "None" },
          {
            Code: "ConditionalCheckFailed",
            Message: "The conditional request failed",
            Item: { pk: S("1"), a: { B: "AQ==" } },
          },
          {
            Code: "ValidationError",
            Message: "The provided expression refers to an attribute that does not exist in the item",
          },
          {
            Code: "ValidationError",
            Message: "One or more parameter values were invalid: Missing the key pk in the item",
          },
        ],
      },
    });
    expect(await all(table)).toEqual(["1"]);
  });

  it("is done once for one token, for ten minutes", async () => {
    await using table = await testTable();
    const count = (ClientRequestToken: string, by = 1) =>
      table.refusal("TransactWriteItems", {
        ClientRequestToken,
        TransactItems: [
          {
            Update: {
              TableName: TABLE,
              Key: { pk: S("n") },
              UpdateExpression: "ADD n :by",
              ExpressionAttributeValues: { ":by": N(by) },
            },
          },
        ],
      });
    const counted = async () => (await table.call("GetItem", { Key: { pk: S("n") } })).Item?.["n"]?.N;
    await count("token");
    await count("token");
    expect(await counted()).toBe("1");
    expect(await count("token", 2)).toMatch(/do not match those of an earlier request/);
    await count("other");
    expect(await counted()).toBe("2");
    await table.cloud.clock.advance(10 * 60_000 + 1);
    await count("token");
    expect(await counted()).toBe("3");
  });

  it("may fail with a token and be tried again", async () => {
    await using table = await testTable();
    const input = {
      ClientRequestToken: "again",
      TransactItems: [{ ...put("1"), Put: { ...put("1").Put, ConditionExpression: "attribute_exists(pk)" } }],
    };
    expect(await table.refusal("TransactWriteItems", input)).toMatch(/^Transaction cancelled/);
    await table.call("PutItem", { Item: { pk: S("1"), old: S("x") } });
    await table.call("TransactWriteItems", input);
    expect((await table.call("Scan")).Items).toEqual([{ pk: S("1") }]);
  });

  it.each<[object[], string]>([
    [
      [],
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [[put("1"), put("1")], "Transaction request cannot include multiple operations on one item"],
    [
      [{ ...put("1"), Delete: { TableName: TABLE, Key: { pk: S("1") } } }],
      "TransactItems can only contain one of Check, Put, Update or Delete",
    ],
    [[{ Put: { ...put("1").Put, TableName: "other" } }], "Requested resource not found"],
    [
      [{ Put: { ...put("1").Put, ConditionExpression: "a =" } }],
      'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="',
    ],
    [
      [{ ConditionCheck: { TableName: TABLE, Key: { pk: S("1") } } }],
      "1 validation error detected: Value null at 'conditionExpression' failed to satisfy constraint: Member must not be null",
    ],
  ])("of %j is refused", async (TransactItems, message) => {
    await using table = await testTable();
    expect(await table.refusal("TransactWriteItems", { TransactItems })).toBe(message);
  });

  it("costs twice what its writes cost", async () => {
    await using table = await testTable();
    const input = { TransactItems: [put("1"), put("2")], ReturnConsumedCapacity: "TOTAL" as const };
    expect((await table.call("TransactWriteItems", input)).ConsumedCapacity).toEqual([
      { TableName: TABLE, CapacityUnits: 4, WriteCapacityUnits: 4 },
    ]);
  });
});

describe("a transaction of reads", () => {
  it("answers in the order of the request", async () => {
    await using table = await testTable();
    await table.call("PutItem", { Item: { pk: S("2"), a: S("x") } });
    const get = (pk: string) => ({ Get: { TableName: TABLE, Key: { pk: S(pk) } } });
    const { Responses } = await table.call("TransactGetItems", { TransactItems: [get("1"), get("2")] });
    expect(Responses).toEqual([{}, { Item: { pk: S("2"), a: S("x") } }]);
    expect(await table.refusal("TransactGetItems", { TransactItems: [get("1"), get("1")] })).toBe(
      "Transaction request cannot include multiple operations on one item",
    );
  });
});
