import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Statement } from "../core/principal.ts";
import { compileCondition, parseOperator } from "./condition.ts";
import { OPERATORS } from "./operators.ts";

const holds = (condition: NonNullable<Statement["Condition"]>, keys: Record<string, readonly string[]>) =>
  compileCondition(condition, true).every((check) => check((key) => keys[key]));

const key = (...values: string[]) => ({ k: values });

describe("a condition on one value", () => {
  it.each<[string, string | boolean | number | string[], string, boolean]>([
    ["StringEquals", "a", "a", true],
    ["StringEquals", "a", "A", false],
    ["StringEquals", "a*", "ab", false],
    ["StringEquals", ["x", "a"], "a", true],
    ["StringNotEquals", "a", "b", true],
    ["StringNotEquals", ["a", "b"], "b", false],
    ["StringEqualsIgnoreCase", "aB", "Ab", true],
    ["StringNotEqualsIgnoreCase", "aB", "Ab", false],
    ["StringLike", "a*c?", "abbcd", true],
    ["StringNotLike", "a*", "abc", false],
    ["NumericEquals", "10", "10.0", true],
    ["NumericEquals", 10, "10", true],
    ["NumericNotEquals", "10", "11", true],
    ["NumericLessThan", "10", "9", true],
    ["NumericLessThan", "9", "10", false],
    ["NumericLessThanEquals", "10", "10", true],
    ["NumericGreaterThan", "9", "10", true],
    ["NumericGreaterThanEquals", "10", "10", true],
    ["NumericEquals", "0", "", false],
    ["NumericLessThan", "5", "abc", false],
    ["DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true],
    ["DateLessThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", false],
    ["DateEquals", "1767225600", "2026-01-01T00:00:00Z", true],
    ["DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", false],
    ["DateLessThanEquals", "2026", "2026-01-01T00:00:00Z", true],
    ["DateGreaterThanEquals", "not a date", "2026-01-01T00:00:00Z", false],
    ["Bool", "true", "TRUE", true],
    ["Bool", true, "true", true],
    ["Bool", "false", "true", false],
    ["Bool", "yes", "yes", false],
    ["BinaryEquals", "YWJj", "YWJj", true],
    ["BinaryEquals", "YWJj", "YWJk", false],
    ["IpAddress", "203.0.113.0/24", "203.0.113.200", true],
    ["IpAddress", "203.0.113.0/24", "203.0.114.1", false],
    ["IpAddress", "203.0.113.7", "203.0.113.7", true],
    ["IpAddress", "2001:db8::/32", "2001:db8:1::1", true],
    ["IpAddress", "0.0.0.0/0", "not an address", false],
    ["IpAddress", "203.0.113.0/33", "203.0.113.1", false],
    ["NotIpAddress", "203.0.113.0/24", "203.0.113.200", false],
    ["NotIpAddress", "203.0.113.0/24", "198.51.100.1", true],
    ["ArnLike", "arn:aws:s3:::bucket*", "arn:aws:s3:::bucket-1", true],
    ["ArnEquals", "arn:aws:sns:*:123456789012:*", "arn:aws:sns:eu-west-1:123456789012:t", true],
    ["ArnLike", "arn:aws:sns:*:topic", "arn:aws:sns:eu-west-1:123456789012:topic", false],
    ["ArnLike", "arn:aws:*:us-east-1:1:x", "arn:aws:s3:eu:us-east-1:1:x", false],
    ["ArnLike", "arn:aws:logs:*:*:log-group:/a*", "arn:aws:logs:eu:1:log-group:/a:log-stream:b", true],
    ["ArnLike", "arn:aws:s3:::*", "bucket", false],
    ["ArnNotEquals", "arn:aws:s3:::a", "arn:aws:s3:::b", true],
    ["ArnNotLike", "arn:aws:s3:::*", "arn:aws:s3:::b", false],
    ["stringequals", "a", "a", true],
    ["NoSuchOperator", "a", "a", false],
  ])("%s %s against %s: %s", (operator, expected, actual, result) => {
    expect(holds({ [operator]: { k: expected } }, key(actual))).toBe(result);
  });
});

describe("an absent key", () => {
  it.each([
    ["StringEquals", "a", false],
    ["StringNotEquals", "a", true],
    ["StringLike", "*", false],
    ["ArnNotLike", "*", true],
    ["NotIpAddress", "10.0.0.0/8", true],
    ["NumericNotEquals", "1", true],
    ["StringEqualsIfExists", "a", true],
    ["BoolIfExists", "true", true],
    ["ForAllValues:StringEquals", "a", true],
    ["ForAnyValue:StringEquals", "a", false],
    ["ForAnyValue:StringNotEquals", "a", false],
    ["ForAnyValue:StringEqualsIfExists", "a", true],
    ["Null", "true", true],
    ["Null", "false", false],
  ])("%s %s: %s", (operator, expected, result) => {
    expect(holds({ [operator]: { k: expected } }, {})).toBe(result);
    expect(holds({ [operator]: { k: expected } }, key())).toBe(result);
  });

  it("is told from an empty value", () => {
    expect(holds({ Null: { k: "true" } }, key(""))).toBe(false);
    expect(holds({ StringEquals: { k: "" } }, key(""))).toBe(true);
  });
});

describe("a key with several values", () => {
  it.each<[string, string[], string[], boolean]>([
    ["ForAllValues:StringEquals", ["a", "b"], ["a", "b"], true],
    ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
    ["ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], true],
    ["ForAnyValue:StringEquals", ["a", "b"], ["c", "d"], false],
    ["ForAllValues:StringNotEquals", ["a"], ["b", "c"], true],
    ["ForAllValues:StringNotEquals", ["a"], ["b", "a"], false],
    ["ForAnyValue:StringNotEquals", ["a"], ["a", "b"], true],
    ["ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], false],
    ["ForAllValues:StringLike", ["arn:x:*"], ["arn:x:1", "arn:x:2"], true],
    ["StringEquals", ["a"], ["a", "b"], true],
    ["StringNotEquals", ["a"], ["a", "b"], false],
  ])("%s %j against %j: %s", (operator, expected, actual, result) => {
    expect(holds({ [operator]: { k: expected } }, key(...actual))).toBe(result);
  });
});

describe("several conditions", () => {
  it("must all hold, each operator and each key", () => {
    const condition = { StringEquals: { k: "a", other: "b" }, Bool: { flag: "true" } };
    expect(holds(condition, { k: ["a"], other: ["b"], flag: ["true"] })).toBe(true);
    expect(holds(condition, { k: ["a"], other: ["x"], flag: ["true"] })).toBe(false);
    expect(holds(condition, { k: ["a"], other: ["b"], flag: ["false"] })).toBe(false);
  });

  it("look their keys up in any case", () => {
    expect(holds({ StringEquals: { K: "a" } }, { k: ["a"] })).toBe(true);
  });
});

describe("every negated operator", () => {
  const pairs = [...OPERATORS].filter(([, { negated }]) => negated).map(([name]) => name);
  it.each(pairs)("%s is the opposite of its plain form on present values", (negated) => {
    const plain = negated.replace("not", "");
    fc.assert(
      fc.property(fc.string(), fc.string(), (expected, actual) => {
        const present = key(actual);
        expect(holds({ [negated]: { k: expected } }, present)).toBe(!holds({ [plain]: { k: expected } }, present));
      }),
    );
  });
});

it("knows no operator of an odd name", () => {
  for (const name of ["", "Null:StringEquals", "ForAllValues:", "__proto__", "constructor", "NullIfExists"]) {
    expect(parseOperator(name)).toBeUndefined();
  }
});
