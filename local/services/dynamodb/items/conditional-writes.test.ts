/** What a failed condition tells: "ReturnValuesOnConditionCheckFailure" of the writes, TransactionCanceledException (TransactWriteItems). */
import { describe, expect, it } from "vitest";
import { TABLE, testTable } from "../test-table.ts";

const S = (S: string) => ({ S });
const item = { pk: S("1"), a: S("old") };
const condition = {
  ConditionExpression: "a = :v",
  ExpressionAttributeValues: { ":v": S("new") },
};
type Told = {
  readonly name: string;
  readonly detail?: { readonly Item?: unknown; readonly CancellationReasons?: unknown };
};

describe("a condition that does not hold", () => {
  it.each(["PutItem", "UpdateItem", "DeleteItem"] as const)(
    "of %s tells the item only when it is asked to",
    async (operation) => {
      await using table = await testTable();
      await table.call("PutItem", { Item: item });
      const key = operation === "PutItem" ? { Item: { pk: S("1") } } : { Key: { pk: S("1") } };
      const tell = async (more: object) => {
        const error: unknown = await table
          .call(operation, { ...key, ...condition, ...more } as never)
          .catch((thrown: unknown) => thrown);
        return error as Told;
      };
      expect((await tell({})).detail?.Item).toBeUndefined();
      expect((await tell({ ReturnValuesOnConditionCheckFailure: "NONE" })).detail?.Item).toBeUndefined();
      const told = await tell({ ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
      expect(told).toMatchObject({ name: "ConditionalCheckFailedException", detail: { Item: item } });
      expect(await table.call("GetItem", { Key: { pk: S("1") } })).toMatchObject({ Item: item });
    },
  );

  it("tells no item where there is none", async () => {
    await using table = await testTable();
    const error: unknown = await table
      .call("UpdateItem", { Key: { pk: S("none") }, ...condition, ReturnValuesOnConditionCheckFailure: "ALL_OLD" })
      .catch((thrown: unknown) => thrown);
    expect((error as Told).name).toBe("ConditionalCheckFailedException");
    expect((error as Told).detail?.Item).toBeUndefined();
    // A condition that fails makes no item.
    expect((await table.call("Scan", {})).Count).toBe(0);
  });

  it("cancels a transaction with a reason for each member, in their order, the item only where it is asked for", async () => {
    await using table = await testTable();
    for (const pk of ["1", "2"]) await table.call("PutItem", { Item: { ...item, pk: S(pk) } });
    const check = (pk: string, more = {}) => ({
      ConditionCheck: { TableName: TABLE, Key: { pk: S(pk) }, ...condition, ...more },
    });
    const error: unknown = await table
      .call("TransactWriteItems", {
        TransactItems: [
          check("1"),
          { Put: { TableName: TABLE, Item: { pk: S("3") } } },
          check("2", { ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
        ],
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: "TransactionCanceledException",
      detail: {
        CancellationReasons: [
          { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
          { Code: "None" },
          { Code: "ConditionalCheckFailed", Item: { pk: S("2"), a: S("old") } },
        ],
      },
    });
    const [first] = (error as { detail: { CancellationReasons: object[] } }).detail.CancellationReasons;
    expect(first).not.toHaveProperty("Item");
    expect((await table.call("Scan", {})).Count).toBe(2);
  });
});

describe("a query (Query, Limit and FilterExpression)", () => {
  it("may answer a page without items and still go on", async () => {
    await using table = await testTable({ keys: "pk:S, sk:N" });
    for (const sk of ["1", "2", "3"])
      await table.call("PutItem", { Item: { pk: S("a"), sk: { N: sk }, keep: S(sk === "3" ? "y" : "n") } });
    const query = {
      KeyConditionExpression: "pk = :p",
      FilterExpression: "keep = :y",
      ExpressionAttributeValues: { ":p": S("a"), ":y": S("y") },
      Limit: 2,
    };
    const first = await table.call("Query", query);
    expect(first).toMatchObject({ Count: 0, ScannedCount: 2, Items: [], LastEvaluatedKey: { sk: { N: "2" } } });
    const second = await table.call("Query", { ...query, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(second).toMatchObject({ Count: 1, ScannedCount: 1 });
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it("that ends with its last item at Limit names a last key all the same, behind which is nothing", async () => {
    await using table = await testTable({ keys: "pk:S, sk:N" });
    for (const sk of ["1", "2"]) await table.call("PutItem", { Item: { pk: S("a"), sk: { N: sk } } });
    const query = { KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": S("a") }, Limit: 2 };
    const first = await table.call("Query", query);
    expect(first).toMatchObject({ Count: 2, LastEvaluatedKey: { sk: { N: "2" } } });
    expect(await table.call("Query", { ...query, ExclusiveStartKey: first.LastEvaluatedKey })).toEqual({
      Count: 0,
      ScannedCount: 0,
      Items: [],
    });
  });
});
