import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { index, N, S, type TestTable, testTable } from "../test-table.ts";

async function filled(table: TestTable, items: readonly Record<string, { S: string } | { N: string }>[]) {
  for (const Item of items) await table.call("PutItem", { Item });
}

const values = (given: Record<string, { S: string } | { N: string }>) => ({ ExpressionAttributeValues: given });

describe("a query", () => {
  it.each<[string, Record<string, { N: string }>, number[]]>([
    ["pk = :p", {}, [-5, 1, 2, 10]],
    [":p = pk", {}, [-5, 1, 2, 10]],
    ["pk = :p AND sk = :a", { ":a": N(2) }, [2]],
    ["pk = :p AND sk < :a", { ":a": N(2) }, [-5, 1]],
    ["pk = :p AND sk <= :a", { ":a": N(2) }, [-5, 1, 2]],
    ["sk > :a AND pk = :p", { ":a": N(1) }, [2, 10]],
    ["pk = :p AND :a < sk", { ":a": N(1) }, [2, 10]],
    ["(pk = :p) AND (sk >= :a)", { ":a": N(1) }, [1, 2, 10]],
    ["pk = :p AND sk BETWEEN :a AND :b", { ":a": N(1), ":b": N(2) }, [1, 2]],
  ])("%s %j", async (KeyConditionExpression, more, expected) => {
    await using table = await testTable({ keys: "pk:S, sk:N" });
    await filled(
      table,
      [10, 1, -5, 2].map((sk) => ({ pk: S("a"), sk: N(sk) })),
    );
    await filled(table, [{ pk: S("b"), sk: N(3) }]);
    const query = { KeyConditionExpression, ...values({ ":p": S("a"), ...more }) };
    const { Items = [] } = await table.call("Query", query);
    expect(Items.map(({ sk }) => Number(sk?.N))).toEqual(expected);
    const backwards = await table.call("Query", { ...query, ScanIndexForward: false });
    expect(backwards.Items).toEqual(Items.toReversed());
  });

  it("finds sort keys by how they begin, in either direction", async () => {
    await using table = await testTable({ keys: "pk:S, sk:S" });
    await filled(
      table,
      ["aaa", "aab", "ab", "a", "aa", "b"].map((sk) => ({ pk: S("1"), sk: S(sk) })),
    );
    const query = {
      KeyConditionExpression: "pk = :p AND begins_with(sk, :s)",
      ...values({ ":p": S("1"), ":s": S("aa") }),
    };
    const found = async (ScanIndexForward: boolean) =>
      (await table.call("Query", { ...query, ScanIndexForward })).Items?.map(({ sk }) => sk?.S);
    expect(await found(true)).toEqual(["aa", "aaa", "aab"]);
    expect(await found(false)).toEqual(["aab", "aaa", "aa"]);
  });

  it("goes through all pages of any size, in both directions, each item once", async () => {
    await using table = await testTable({
      keys: "pk:S, sk:N; weekday:S",
      GlobalSecondaryIndexes: [index("byDay", "weekday")],
    });
    await filled(
      table,
      Array.from({ length: 23 }, (_, sk) => ({ pk: S(`p${sk % 2}`), sk: N(sk), weekday: S("mon") })),
    );
    const queries = [
      { KeyConditionExpression: "pk = :k", ...values({ ":k": S("p0") }) },
      { KeyConditionExpression: "weekday = :k", IndexName: "byDay", ...values({ ":k": S("mon") }) },
    ];
    for (const query of queries) {
      const { Items: whole = [] } = await table.call("Query", query);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 25 }), fc.boolean(), async (Limit, ScanIndexForward) => {
          const found = [];
          let ExclusiveStartKey;
          do {
            const page: Awaited<ReturnType<typeof table.call<"Query">>> = await table.call("Query", {
              ...query,
              Limit,
              ScanIndexForward,
              ExclusiveStartKey,
            });
            found.push(...(page.Items ?? []));
            ExclusiveStartKey = page.LastEvaluatedKey;
          } while (ExclusiveStartKey);
          expect(found).toEqual(ScanIndexForward ? whole : whole.toReversed());
        }),
        { numRuns: 12 },
      );
    }
  });

  it("counts what it looked at before the filter, and stops there", async () => {
    await using table = await testTable({ keys: "pk:S, sk:N" });
    await filled(
      table,
      [1, 2, 3, 4].map((sk) => ({ pk: S("a"), sk: N(sk), even: S(String(sk % 2 === 0)) })),
    );
    const query = {
      KeyConditionExpression: "pk = :p",
      FilterExpression: "even = :e",
      ...values({ ":p": S("a"), ":e": S("true") }),
      Limit: 3,
    };
    expect(await table.call("Query", query)).toEqual({
      Count: 1,
      ScannedCount: 3,
      Items: [{ pk: S("a"), sk: N(2), even: S("true") }],
      LastEvaluatedKey: { pk: S("a"), sk: N(3) },
    });
    expect(await table.call("Query", { ...query, Select: "COUNT" })).toEqual({
      Count: 1,
      ScannedCount: 3,
      LastEvaluatedKey: { pk: S("a"), sk: N(3) },
    });
  });

  it("reads a megabyte a page", async () => {
    await using table = await testTable({ keys: "pk:S, sk:N" });
    await filled(
      table,
      Array.from({ length: 12 }, (_, sk) => ({ pk: S("a"), sk: N(sk), a: S("x".repeat(100_000)) })),
    );
    const query = { KeyConditionExpression: "pk = :p", ...values({ ":p": S("a") }) };
    const first = await table.call("Query", query);
    expect(first).toMatchObject({ Count: 10, LastEvaluatedKey: { pk: S("a"), sk: N(9) } });
    const second = await table.call("Query", { ...query, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(second.Items?.map(({ sk }) => sk?.N)).toEqual(["10", "11"]);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it.each<[object, string]>([
    [{}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."],
    [{ KeyConditionExpression: "sk = :p", ...values({ ":p": N(1) }) }, "Query condition missed key schema element: pk"],
    [
      { KeyConditionExpression: "pk = :p AND c = :p", ...values({ ":p": S("a") }) },
      "Query condition missed key schema element: sk",
    ],
    [{ KeyConditionExpression: "pk > :p", ...values({ ":p": S("a") }) }, "Query key condition not supported"],
    [
      { KeyConditionExpression: "pk = :p OR sk = :p", ...values({ ":p": S("a") }) },
      "Invalid operator used in KeyConditionExpression: OR",
    ],
    [
      { KeyConditionExpression: "pk = :p AND NOT sk = :p", ...values({ ":p": S("a") }) },
      "Invalid operator used in KeyConditionExpression: NOT",
    ],
    [
      { KeyConditionExpression: "pk = :p AND sk <> :p", ...values({ ":p": S("a") }) },
      "Invalid operator used in KeyConditionExpression: <>",
    ],
    [
      { KeyConditionExpression: "pk = :p AND contains(sk, :p)", ...values({ ":p": S("a") }) },
      "Invalid operator used in KeyConditionExpression: contains",
    ],
    [
      { KeyConditionExpression: "pk = :p AND pk = :p", ...values({ ":p": S("a") }) },
      "KeyConditionExpressions must only contain one condition per key",
    ],
    [
      { KeyConditionExpression: "pk = sk" },
      "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
    ],
    [
      { KeyConditionExpression: ":p = :p", ...values({ ":p": S("a") }) },
      "Invalid condition in KeyConditionExpression: No key attribute specified",
    ],
    [
      { KeyConditionExpression: "pk.a = :p", ...values({ ":p": S("a") }) },
      "KeyConditionExpressions cannot have conditions on nested attributes",
    ],
    [
      { KeyConditionExpression: "size(pk) = :p", ...values({ ":p": N(1) }) },
      "KeyConditionExpressions cannot contain nested operations",
    ],
    [
      { KeyConditionExpression: "pk = :p", ...values({ ":p": N(1) }) },
      "One or more parameter values were invalid: Condition parameter type does not match schema type",
    ],
    [
      { KeyConditionExpression: "pk = :p", ...values({ ":p": S("") }) },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      { KeyConditionExpression: "pk = :p AND begins_with(sk, :p)", ...values({ ":p": N(1) }) },
      "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
    ],
    [
      { KeyConditionExpression: "pk = :p", FilterExpression: "sk > :s", ...values({ ":p": S("a"), ":s": N(1) }) },
      "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
    ],
    [
      { KeyConditionExpression: "pk = :p", IndexName: "other", ...values({ ":p": S("a") }) },
      "The table does not have the specified index: other",
    ],
    [
      { KeyConditionExpression: "weekday = :p", IndexName: "byDay", ConsistentRead: true, ...values({ ":p": S("a") }) },
      "Consistent reads are not supported on global secondary indexes",
    ],
    [
      {
        KeyConditionExpression: "weekday = :p",
        IndexName: "byDay",
        Select: "ALL_ATTRIBUTES",
        ...values({ ":p": S("a") }),
      },
      "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index byDay because its projection type is not ALL",
    ],
    [
      {
        KeyConditionExpression: "weekday = :p",
        IndexName: "byDay",
        ProjectionExpression: "extra",
        ...values({ ":p": S("a") }),
      },
      "One or more parameter values were invalid: Global secondary index byDay does not project [extra]",
    ],
    [
      { KeyConditionExpression: "pk = :p", Limit: 0, ...values({ ":p": S("a") }) },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { KeyConditionExpression: "pk = :p", Select: "COUNT", ProjectionExpression: "pk", ...values({ ":p": S("a") }) },
      "Cannot specify the ProjectionExpression when choosing to get only the Count",
    ],
    [
      { KeyConditionExpression: "pk = :p", Select: "ALL_PROJECTED_ATTRIBUTES", ...values({ ":p": S("a") }) },
      "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    ],
    [
      { KeyConditionExpression: "pk = :p", ExclusiveStartKey: { pk: S("a") }, ...values({ ":p": S("a") }) },
      "The provided starting key is invalid: The provided key element does not match the schema",
    ],
    [
      { KeyConditionExpression: "pk = :p", ExclusiveStartKey: { pk: S("b"), sk: N(1) }, ...values({ ":p": S("a") }) },
      "The provided starting key is outside query boundaries based on provided conditions",
    ],
    [
      {
        KeyConditionExpression: "pk = :p AND sk > :s",
        ExclusiveStartKey: { pk: S("a"), sk: N(1) },
        ...values({ ":p": S("a"), ":s": N(1) }),
      },
      "The provided starting key does not match the range key predicate",
    ],
    [
      { KeyConditions: {} },
      "The local cloud does not support the legacy parameter KeyConditions; use KeyConditionExpression",
    ],
  ])("with %j is refused", async (query, message) => {
    await using table = await testTable({
      keys: "pk:S, sk:N; weekday:S",
      GlobalSecondaryIndexes: [index("byDay", "weekday", undefined, ["note"])],
    });
    expect(await table.refusal("Query", query)).toBe(message);
  });
});
