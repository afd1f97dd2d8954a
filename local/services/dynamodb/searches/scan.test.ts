import { describe, expect, it } from "vitest";
import { N, S, type TestTable, testTable } from "../test-table.ts";

async function filled(count: number): Promise<TestTable> {
  const table = await testTable({ keys: "pk:S, sk:N" });
  for (let at = 0; at < count; at++) {
    await table.call("PutItem", { Item: { pk: S(`p${at % 40}`), sk: N(at), even: S(String(at % 2 === 0)) } });
  }
  return table;
}

async function pages(table: TestTable, input: object) {
  const found: string[] = [];
  let ExclusiveStartKey;
  do {
    const page: Awaited<ReturnType<typeof table.call<"Scan">>> = await table.call("Scan", {
      ...input,
      ExclusiveStartKey,
    });
    found.push(...(page.Items ?? []).map(({ sk }) => sk?.N ?? ""));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

const all = (count: number) => Array.from({ length: count }, (_, at) => String(at));
const byNumber = (a: string, b: string) => Number(a) - Number(b);

describe("a scan", () => {
  it.each([1, 7, 100, 1000])("finds every item once in pages of %i", async (Limit) => {
    await using table = await filled(100);
    expect((await pages(table, { Limit })).sort(byNumber)).toEqual(all(100));
  });

  it("keeps the items of a partition together and in order", async () => {
    await using table = await filled(100);
    const { Items = [] } = await table.call("Scan");
    const partitions = Items.map(({ pk }) => pk?.S);
    expect(partitions.filter((name, at) => name !== partitions[at - 1])).toHaveLength(40);
    const first = Items.filter(({ pk }) => pk?.S === "p3").map(({ sk }) => sk?.N);
    expect(first).toEqual(["3", "43", "83"]);
  });

  it.each([1, 2, 5, 16])("in %i segments finds every item once", async (TotalSegments) => {
    await using table = await filled(100);
    const found = [];
    for (let Segment = 0; Segment < TotalSegments; Segment++) {
      found.push(...(await pages(table, { Segment, TotalSegments, Limit: 7 })));
    }
    expect(found.sort(byNumber)).toEqual(all(100));
  });

  it("goes on where it was though items come and go meanwhile", async () => {
    await using table = await filled(60);
    const first = await table.call("Scan", { Limit: 30 });
    const last = first.LastEvaluatedKey;
    await table.call("DeleteItem", { Key: { pk: last?.["pk"] ?? S(""), sk: last?.["sk"] ?? N(0) } });
    const second = await table.call("Scan", { ExclusiveStartKey: last });
    const found = [...(first.Items ?? []), ...(second.Items ?? [])].map(({ sk }) => sk?.N ?? "");
    expect(found.sort(byNumber)).toEqual(all(60));
  });

  it("filters after the limit", async () => {
    await using table = await filled(20);
    const page = await table.call("Scan", {
      Limit: 10,
      FilterExpression: "even = :e",
      ExpressionAttributeValues: { ":e": S("true") },
    });
    expect(page.ScannedCount).toBe(10);
    expect(page.Count).toBe(page.Items?.length);
    expect(page.Items?.every(({ even }) => even?.S === "true")).toBe(true);
    expect(page.LastEvaluatedKey).toBeDefined();
  });

  it("filters by key attributes, too", async () => {
    await using table = await filled(20);
    const page = await table.call("Scan", {
      FilterExpression: "sk < :n",
      ExpressionAttributeValues: { ":n": N(5) },
      Select: "COUNT",
    });
    expect(page).toEqual({ Count: 5, ScannedCount: 20 });
  });

  it.each<[object, string]>([
    [
      { Segment: 1 },
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    ],
    [
      { TotalSegments: 1 },
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    ],
    [
      { Segment: 1, TotalSegments: 1 },
      "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 1 is not less than TotalSegments: 1",
    ],
    [
      { Segment: -1, TotalSegments: 0 },
      "2 validation errors detected: Value '-1' at 'segment' failed to satisfy constraint: Member must have value greater than or equal to 0; Value '0' at 'totalSegments' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { FilterExpression: "attribute_exists(pk.b)" },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
    ],
    [
      { ExclusiveStartKey: { pk: S("a"), sk: S("1") } },
      "The provided starting key is invalid: The provided key element does not match the schema",
    ],
    [
      { ExclusiveStartKey: { pk: S("a"), sk: { N: "b" } } },
      "The provided starting key is invalid: The parameter cannot be converted to a numeric value: b",
    ],
    [{ ScanFilter: {} }, "The local cloud does not support the legacy parameter ScanFilter; use FilterExpression"],
  ])("with %j is refused", async (input, message) => {
    await using table = await testTable({ keys: "pk:S, sk:N" });
    expect(await table.refusal("Scan", input)).toBe(message);
  });

  it("refuses a start in another segment", async () => {
    await using table = await filled(40);
    const { Items = [] } = await table.call("Scan", { Segment: 1, TotalSegments: 2 });
    const ExclusiveStartKey = { pk: Items[0]?.["pk"] ?? S(""), sk: Items[0]?.["sk"] ?? N(0) };
    expect(await table.refusal("Scan", { Segment: 0, TotalSegments: 2, ExclusiveStartKey })).toBe(
      "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 0",
    );
  });
});
