/** Rules of filter policies that are easily got wrong: "Amazon SNS subscription filter policies", with the page where it is another. */
import { describe, expect, it } from "vitest";
import { matchesAttributes, matchesBody, type MessageAttribute } from "./filter-policy.ts";
import { FilterPolicyInvalid, type FilterPolicyScope, parseFilterPolicy } from "./filter-policy-parser.ts";

const text = (StringValue: string): MessageAttribute => ({ DataType: "String", StringValue });
const list = (value: unknown): MessageAttribute => ({ DataType: "String.Array", StringValue: JSON.stringify(value) });
const number = (StringValue: string): MessageAttribute => ({ DataType: "Number", StringValue });

describe("attributes", () => {
  it.each<[string, object, Record<string, MessageAttribute>, boolean]>([
    ["no attribute at all", { a: ["x"] }, {}, false],
    ["more attributes than the policy knows", { a: ["x"] }, { a: text("x"), b: text("y") }, true],
    ["names tell cases apart", { a: ["x"] }, { A: text("x") }, false],
    ["numbers by value", { n: [300] }, { n: number("3e2") }, true],
    ["a text that looks like a number", { n: [300] }, { n: text("300") }, false],
    ["numeric of a text", { n: [{ numeric: ["=", 300] }] }, { n: text("300") }, false],
    ["numeric of numbers in a list", { n: [{ numeric: ["<", 5] }] }, { n: list([7, 3]) }, true],
    ["anything-but of a list with another element", { a: [{ "anything-but": ["x"] }] }, { a: list(["x", "y"]) }, true],
    ["anything-but of a list without", { a: [{ "anything-but": ["x"] }] }, { a: list(["x"]) }, false],
    ["anything-but of nothing there", { a: [{ "anything-but": ["x"] }] }, {}, false],
    ["anything-but or nothing there", { a: [{ "anything-but": ["x"] }, { exists: false }] }, {}, true],
    ["an empty list is not there", { a: [{ exists: true }] }, { a: list([]) }, false],
    ["exists: false beside a value", { a: ["x"], b: [{ exists: false }] }, { a: text("x"), b: text("y") }, false],
    ["a list that is no JSON is a text", { a: ["[x"] }, { a: { DataType: "String.Array", StringValue: "[x" } }, true],
  ])("%s", (_name, policy, attributes, expected) => {
    const parsed = parseFilterPolicy(JSON.stringify(policy), "MessageAttributes");
    expect(matchesAttributes(parsed, attributes)).toBe(expected);
  });
});

describe("a body", () => {
  it.each<[string, object, unknown, boolean]>([
    ["all keys of a nested object", { o: { a: [1], b: [2] } }, { o: { a: 1 } }, false],
    ["one element of a list must meet all", { l: { a: [1], b: [2] } }, { l: [{ a: 1 }, { b: 2 }] }, false],
    [
      "prefix, suffix and wildcard of numbers",
      { a: [{ prefix: "1" }, { suffix: "1" }, { wildcard: "1*" }] },
      { a: 1 },
      false,
    ],
    ["null by null", { a: [null] }, { a: null }, true],
    ["null is there", { a: [{ exists: false }] }, { a: null }, false],
    ["an object is no leaf", { a: [{ exists: true }] }, { a: { b: 1 } }, false],
    ["a text that is a list", { a: ["x"] }, ["a"], false],
  ])("%s", (_name, policy, message, expected) => {
    const parsed = parseFilterPolicy(JSON.stringify(policy), "MessageBody");
    expect(matchesBody(parsed, JSON.stringify(message))).toBe(expected);
  });
});

describe("the limits (Filter policy constraints in Amazon SNS)", () => {
  const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
  const keys = (count: number) => Object.fromEntries(values(count).map((key) => [key, ["x"]]));
  it.each<[string, object, FilterPolicyScope, string]>([
    ["five keys", keys(5), "MessageAttributes", "accepted"],
    ["six keys", keys(6), "MessageAttributes", "FilterPolicy: Filter policy can not have more than 5 keys"],
    ["six keys below one: only parents count", { a: keys(6) }, "MessageBody", "accepted"],
    ["150 values", { a: values(150) }, "MessageAttributes", "accepted"],
    ["151 values", { a: values(151) }, "MessageAttributes", "FilterPolicy: Filter policy is too complex"],
    ["values multiply: 15 x 10", { a: values(15), b: values(10) }, "MessageAttributes", "accepted"],
    [
      "values multiply: 4 x 4 x 10",
      { a: values(4), b: values(4), c: values(10) },
      "MessageAttributes",
      "FilterPolicy: Filter policy is too complex",
    ],
    ["values count by their depth: 75 x 2", { a: { b: values(75) } }, "MessageBody", "accepted"],
    [
      "values count by their depth: 51 x 3",
      { a: { b: { c: values(51) } } },
      "MessageBody",
      "FilterPolicy: Filter policy is too complex",
    ],
    ["numbers within a billion", { a: [-1e9, 1e9] }, "MessageBody", "accepted"],
  ])("%s", (_name, policy, scope, expected) => {
    let outcome = "accepted";
    try {
      parseFilterPolicy(JSON.stringify(policy), scope);
    } catch (error) {
      if (!(error instanceof FilterPolicyInvalid)) throw error;
      outcome = error.message;
    }
    expect(outcome).toBe(expected);
  });
});
