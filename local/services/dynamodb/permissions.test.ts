import { describe, expect, it } from "vitest";
import { testCloud } from "../../testing.ts";
import { permissionsOf } from "./permissions.ts";
import { Tables } from "./store.ts";
import { makeTable } from "./tables/create-table.ts";
import { index, S } from "./test-table.ts";

async function orders() {
  const cloud = await testCloud();
  const tables = new Tables(cloud);
  makeTable(
    tables,
    {
      TableName: "orders",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "owner_id", AttributeType: "S" },
      ],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [index("byOwner", "owner_id")],
    },
    0,
  );
  const arn = cloud.arn("dynamodb", "table/orders");
  const needed = (operation: string, input: object) => permissionsOf(tables, operation, { ...input });
  return { arn, needed, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}

describe("what a caller needs", () => {
  it("is the operation on the table, given by name or ARN", async () => {
    await using table = await orders();
    for (const TableName of ["orders", table.arn]) {
      expect(table.needed("GetItem", { TableName, Key: { pk: S("1") } })).toEqual([
        { action: "dynamodb:GetItem", resource: table.arn, context: { "dynamodb:LeadingKeys": ["1"] } },
      ]);
    }
  });

  it("is the index when a query is made on one, with the key that it asks for", async () => {
    await using table = await orders();
    const input = {
      TableName: "orders",
      IndexName: "byOwner",
      KeyConditionExpression: "#o = :me",
      ExpressionAttributeNames: { "#o": "owner_id" },
      ExpressionAttributeValues: { ":me": S("me") },
    };
    expect(table.needed("Query", input)).toEqual([
      {
        action: "dynamodb:Query",
        resource: `${table.arn}/index/byOwner`,
        context: { "dynamodb:LeadingKeys": ["me"] },
      },
    ]);
  });

  it("is the batch on each of its tables", async () => {
    await using table = await orders();
    const puts = ["1", "2"].map((pk) => ({ PutRequest: { Item: { pk: S(pk) } } }));
    const other = [{ DeleteRequest: { Key: { id: S("x") } } }];
    expect(table.needed("BatchWriteItem", { RequestItems: { orders: puts, other } })).toEqual([
      { action: "dynamodb:BatchWriteItem", resource: table.arn, context: { "dynamodb:LeadingKeys": ["1", "2"] } },
      { action: "dynamodb:BatchWriteItem", resource: table.arn.replace("orders", "other"), context: {} },
    ]);
  });

  it("is every action of a transaction", async () => {
    await using table = await orders();
    const Key = { pk: S("1") };
    const TransactItems = [
      { Put: { TableName: "orders", Item: Key } },
      { Update: { TableName: "orders", Key } },
      { Delete: { TableName: "orders", Key } },
      { ConditionCheck: { TableName: "other", Key } },
    ];
    expect(table.needed("TransactWriteItems", { TransactItems }).map(({ action }) => action)).toEqual([
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
      "dynamodb:ConditionCheckItem",
    ]);
  });

  it("names the attributes that are written or asked for", async () => {
    await using table = await orders();
    const [put] = table.needed("PutItem", { TableName: "orders", Item: { pk: S("1"), note: S("x") } });
    expect(put?.context?.["dynamodb:Attributes"]).toEqual(["pk", "note"]);
    const [get] = table.needed("GetItem", { TableName: "orders", ProjectionExpression: "note.a, pk" });
    expect(get?.context).toMatchObject({
      "dynamodb:Attributes": ["note", "pk"],
      "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
    });
  });

  it.each<[string, object]>([
    ["GetItem", { TableName: 5, Key: "x" }],
    ["Query", { TableName: "orders", KeyConditionExpression: "(" }],
    ["BatchGetItem", { RequestItems: { orders: null } }],
    ["TransactWriteItems", { TransactItems: [null, { Put: 5 }] }],
  ])("does not mind a malformed %s", async (operation, input) => {
    await using table = await orders();
    expect(() => table.needed(operation, input)).not.toThrow();
  });
});
