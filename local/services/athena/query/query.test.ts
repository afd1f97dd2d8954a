import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv, writeCsv } from "./csv.ts";
import { locationOf, projectedPartitions } from "./projection.ts";
import { athenaType, engineType, shown } from "./types.ts";

const NOON = Date.UTC(2030, 0, 7, 12);
const projected = (properties: Record<string, string>) =>
  projectedPartitions(
    ["p"],
    Object.fromEntries(Object.entries(properties).map(([name, value]) => [`projection.p.${name}`, value])),
    NOON,
  ).map(({ p }) => p);

describe("projected partitions", () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      "days up to now",
      { type: "date", format: "yyyy-MM-dd", range: "2030-01-05,NOW" },
      ["2030-01-05", "2030-01-06", "2030-01-07"],
    ],
    [
      "days around now",
      { type: "date", format: "yyyy/MM/dd", range: "NOW-1DAYS,NOW+1DAYS" },
      ["2030/01/06", "2030/01/07", "2030/01/08"],
    ],
    [
      "hours",
      { type: "date", format: "yyyy-MM-dd-HH", range: "NOW-1HOUR,NOW", "interval.unit": "HOURS" },
      ["2030-01-07-11", "2030-01-07-12"],
    ],
    ["integers with digits", { type: "integer", range: "8,10", digits: "2" }, ["08", "09", "10"]],
    ["integers in steps", { type: "integer", range: "0,10", interval: "5" }, ["0", "5", "10"]],
    ["words", { type: "enum", values: "a, b" }, ["a", "b"]],
  ])("are %s", (_title, properties, values) => {
    expect(projected(properties)).toEqual(values);
  });

  it.each([
    [{ type: "date", range: "2030-01-05,NOW" }],
    [{ type: "date", format: "yyyy-MM-dd", range: "soon,NOW" }],
    [{ type: "integer", range: "2,1" }],
    [{ type: "integer", range: "0,100000000" }],
    [{ type: "injected" }],
  ])("are none by %o", (properties) => {
    expect(() => projected(properties as Record<string, string>)).toThrow("INVALID_TABLE_PROPERTY");
  });

  it("lie where the template says, else below the table", () => {
    expect(locationOf("s3://b/t/", "s3://b/x/${p}", ["p"], { p: "1" })).toBe("s3://b/x/1/");
    expect(locationOf("s3://b/t/", undefined, ["p"], { p: "1" })).toBe("s3://b/t/p=1/");
  });
});

describe("types", () => {
  it.each([
    ["map<string,array<int>>", "MAP(VARCHAR, INTEGER[])"],
    ["struct<a:bigint,b:map<string,double>>", 'STRUCT("a" BIGINT, "b" MAP(VARCHAR, DOUBLE))'],
    ["decimal(10,2)", "DECIMAL(10,2)"],
    ["varchar(20)", "VARCHAR"],
  ])("of the catalog: %s is %s", (type, expected) => {
    expect(engineType(type)).toBe(expected);
  });

  it("that nobody knows are refused", () => {
    expect(() => engineType("colour")).toThrow("HIVE_INVALID_METADATA");
  });

  it.each([
    ["MAP(VARCHAR, VARCHAR)", "map"],
    ["INTEGER[]", "array"],
    ["DECIMAL(3,1)", "decimal"],
    ["TIMESTAMP WITH TIME ZONE", "timestamp with time zone"],
  ])("of the engine: %s is a %s", (type, expected) => {
    expect(athenaType(type)).toBe(expected);
  });

  it("are shown as Athena shows them", () => {
    expect(shown([{ key: "a", value: null }], "MAP(VARCHAR, VARCHAR)")).toBe("{a=null}");
    expect(shown("2030-01-07 12:00:00.5", "TIMESTAMP")).toBe("2030-01-07 12:00:00.500");
    expect(shown(1, "DOUBLE")).toBe("1.0");
  });
});

describe("results", () => {
  it("are read as they were written", () => {
    const value = fc.option(fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), (rows) => {
        expect(readCsv(writeCsv(rows))).toEqual(rows);
      }),
    );
  });
});
