import fc from "fast-check";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { fieldsOf } from "./csv-record.ts";
import { formatOf, rowReader } from "./format.ts";

const userOf = (kind: "ndjson" | "csv", ...rows: readonly string[]) => {
  const reader = rowReader(kind, "user_id");
  return rows.map((row, index) => reader.userOf(index, Buffer.from(row), 0, Buffer.byteLength(row))).at(-1);
};

describe("the user of a row", () => {
  it.each([
    ["text", '{"user_id":" 1001 "}', "1001"],
    ["a number", '{"user_id":1001}', "1001"],
    ["a number of many digits", '{"user_id":12345678901234567890}', "12345678901234567890"],
    ["none in a blank row", "{}", undefined],
    ["none in an empty row", "", undefined],
    ["none in null", '{"user_id":null}', undefined],
    ["none that is only inherited", '{"__proto__":{"user_id":"x"}}', undefined],
    ["behind a byte order mark", '\uFEFF{"user_id":"a"}', "a"],
  ])("is %s", (_name, row, expected) => expect(userOf("ndjson", row)).toBe(expected));

  it.each(["[1]", "1", "not json", '{"user_id":'])("is unreadable in %s", (row) =>
    expect(() => userOf("ndjson", row)).toThrow(expect.objectContaining({ name: "RowsUnreadable" })),
  );

  it("is in the column that the header names", () => {
    expect(userOf("csv", '\uFEFFname,"user_id"', '"a, b","7"')).toBe("7");
    expect(userOf("csv", "user_id", "")).toBeUndefined();
    expect(() => userOf("csv", "name")).toThrow("no column user_id");
    expect(() => userOf("csv", "name,user_id", "a")).toThrow("Row 1 has no column 2");
  });
});

describe("a record", () => {
  it("has the fields that a whole parser finds", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', " ", "\n"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(field, { minLength: 2, maxLength: 5 }), (fields) => {
        const record = fields.map((value) => `"${value.replaceAll('"', '""')}"`).join(",");
        expect(fieldsOf(record)).toEqual(fields);
        expect(fieldsOf(record)).toEqual((parse(record) as string[][])[0]);
      }),
    );
  });
});

describe("a format", () => {
  it.each([
    ["a/b.ndjson", { kind: "ndjson", isCompressed: false }],
    ["a.JSONL.gz", { kind: "ndjson", isCompressed: true }],
    ["a.csv.gz", { kind: "csv", isCompressed: true }],
    ["a.parquet", { kind: "parquet", isCompressed: false }],
  ])("of %s is known by its name", (key, format) => expect(formatOf(key)).toEqual(format));
  it("may be compressed by its encoding", () => expect(formatOf("a.csv", "gzip").isCompressed).toBe(true));
  it.each(["a", "a.txt", "a.parquet.gz", "csv", "a.csv.zip"])("of %s is unknown", (key) =>
    expect(() => formatOf(key)).toThrow(expect.objectContaining({ name: "FormatUnknown" })),
  );
});
