import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesAttributes, matchesBody, matchesWildcard } from "./filter-policy.ts";
import { FilterPolicyInvalid, type FilterPolicyScope, parseFilterPolicy } from "./filter-policy-parser.ts";

const body = (policy: unknown, message: unknown): boolean =>
  matchesBody(parseFilterPolicy(JSON.stringify(policy), "MessageBody"), JSON.stringify(message));

const attributes = (policy: unknown, values: Record<string, { DataType: string; StringValue?: string }>): boolean =>
  matchesAttributes(parseFilterPolicy(JSON.stringify(policy), "MessageAttributes"), values);

const refusal = (policy: unknown, scope: FilterPolicyScope = "MessageBody"): string => {
  try {
    parseFilterPolicy(typeof policy === "string" ? policy : JSON.stringify(policy), scope);
  } catch (error) {
    if (error instanceof FilterPolicyInvalid) return error.message;
    throw error;
  }
  return "accepted";
};

describe("a condition on a value of the body", () => {
  it.each([
    [["red"], "red", true],
    [["red", "blue"], "blue", true],
    [["red"], "Red", false],
    [["red"], ["green", "red"], true],
    [["red"], ["green"], false],
    [[5], 5, true],
    [[5], "5", false],
    [["5"], 5, false],
    [[true], true, true],
    [[true], "true", false],
    [[null], null, true],
    [[null], undefined, false],
    [[{ prefix: "auto-" }], "auto-7", true],
    [[{ prefix: "auto-" }], "an auto-7", false],
    [[{ prefix: "1" }], 12, false],
    [[{ suffix: ".png" }], "a.png", true],
    [[{ suffix: ".png" }], "a.png.bak", false],
    [[{ "equals-ignore-case": "Tennis" }], "tEnNiS", true],
    [[{ "equals-ignore-case": "Tennis" }], "tennis ", false],
    [[{ wildcard: "*ball" }], "football", true],
    [[{ wildcard: "*ball" }], "ballet", false],
    [[{ wildcard: "a*b*c" }], "a1b2bc", true],
    [[{ wildcard: "a\\*b" }], "a*b", true],
    [[{ wildcard: "a\\*b" }], "axb", false],
    [[{ cidr: "10.0.0.0/24" }], "10.0.0.255", true],
    [[{ cidr: "10.0.0.0/24" }], "10.0.1.0", false],
    [[{ cidr: "2001:db8::/32" }], "2001:db8:1::1", true],
    [[{ cidr: "10.0.0.0/24" }], "nowhere", false],
    [[{ numeric: ["=", 301.5] }], 301.5, true],
    [[{ numeric: ["=", 301.5] }], 3.015e2, true],
    [[{ numeric: ["=", 301.5] }], "301.5", false],
    [[{ numeric: [">", 0, "<=", 150] }], 150, true],
    [[{ numeric: [">", 0, "<=", 150] }], 0, false],
    [[{ numeric: ["<", 10] }], 9.99999, true],
    [[{ exists: true }], "x", true],
    [[{ exists: true }], null, true],
    [[{ exists: true }], undefined, false],
    [[{ exists: true }], { inner: 1 }, false],
    [[{ exists: false }], undefined, true],
    [[{ exists: false }], "", false],
    [[{ "anything-but": ["rugby", "tennis"] }], "golf", true],
    [[{ "anything-but": ["rugby", "tennis"] }], "rugby", false],
    [[{ "anything-but": ["rugby", "tennis"] }], ["rugby", "golf"], true],
    [[{ "anything-but": ["rugby", "tennis"] }], ["rugby"], false],
    [[{ "anything-but": "rugby" }], undefined, false],
    [[{ "anything-but": [100, 500] }], 101, true],
    [[{ "anything-but": 100 }], 100, false],
    [[{ "anything-but": { prefix: "order-" } }], "data-1", true],
    [[{ "anything-but": { prefix: "order-" } }], "order-1", false],
    [[{ "anything-but": { suffix: ["ball", "is"] } }], "tennis", false],
    [[{ "anything-but": { suffix: ["ball", "is"] } }], "rugby", true],
    [[{ "anything-but": { wildcard: "*ball" } }], "football", false],
  ])("%j and %j: %j", (conditions, value, expected) => {
    expect(body({ key: conditions }, { key: value })).toBe(expected);
  });
});

describe("a policy of several keys", () => {
  it("wants all of them", () => {
    const policy = { a: [1], b: [2] };
    expect(body(policy, { a: 1, b: 2, c: 3 })).toBe(true);
    expect(body(policy, { a: 1 })).toBe(false);
  });

  it("wants one of the alternatives of $or beside the other keys", () => {
    const policy = { source: ["cloudwatch"], $or: [{ metric: ["cpu"] }, { space: ["ec2", "es"] }] };
    expect(body(policy, { source: "cloudwatch", metric: "cpu" })).toBe(true);
    expect(body(policy, { source: "cloudwatch", space: "es" })).toBe(true);
    expect(body(policy, { source: "cloudwatch", metric: "disk" })).toBe(false);
    expect(body(policy, { source: "s3", metric: "cpu" })).toBe(false);
  });

  it("takes $or for an ordinary key when it has only one alternative, or operators in them", () => {
    expect(refusal({ $or: [{ prefix: "a" }, { suffix: "b" }] })).toBe("accepted");
    expect(body({ $or: [{ prefix: "a" }, { suffix: "b" }] }, { $or: "ab" })).toBe(true);
    expect(refusal({ $or: [{ metric: ["cpu"] }] })).toContain("Unrecognized match type metric");
  });

  it("follows nested keys, into the elements of arrays too", () => {
    const policy = { order: { items: { kind: ["book"], price: [{ numeric: ["<", 10] }] } } };
    expect(body(policy, { order: { items: { kind: "book", price: 5 } } })).toBe(true);
    expect(
      body(policy, {
        order: {
          items: [
            { kind: "toy", price: 5 },
            { kind: "book", price: 9 },
          ],
        },
      }),
    ).toBe(true);
    expect(
      body(policy, {
        order: {
          items: [
            { kind: "toy", price: 5 },
            { kind: "book", price: 90 },
          ],
        },
      }),
    ).toBe(false);
    expect(body({ a: { b: [{ exists: false }] } }, {})).toBe(true);
  });

  it("never matches what is not a JSON object", () => {
    const policy = parseFilterPolicy('{"a":[{"exists":false}]}', "MessageBody");
    expect(matchesBody(policy, "plain text")).toBe(false);
    expect(matchesBody(policy, "[1]")).toBe(false);
  });

  it("is not fooled by names that every object has", () => {
    expect(body({ constructor: [{ exists: true }] }, {})).toBe(false);
    expect(body({ toString: [{ exists: false }] }, {})).toBe(true);
  });
});

describe("message attributes", () => {
  it("are compared by their type", () => {
    expect(attributes({ n: [100] }, { n: { DataType: "Number", StringValue: "100.0" } })).toBe(true);
    expect(attributes({ n: ["100"] }, { n: { DataType: "Number", StringValue: "100" } })).toBe(false);
    expect(attributes({ n: [{ numeric: [">", 1] }] }, { n: { DataType: "String", StringValue: "5" } })).toBe(false);
    expect(attributes({ s: ["a"] }, { s: { DataType: "String.label", StringValue: "a" } })).toBe(true);
  });

  it("of type String.Array count by their elements", () => {
    const tags = { DataType: "String.Array", StringValue: '["rugby", 7, true, null]' };
    for (const value of ["rugby", 7, true, null]) expect(attributes({ tags: [value] }, { tags })).toBe(true);
    expect(attributes({ tags: ["golf"] }, { tags })).toBe(false);
  });

  it("of type Binary are not there", () => {
    expect(attributes({ b: [{ exists: false }] }, { b: { DataType: "Binary" } })).toBe(true);
  });
});

describe("a policy that SNS refuses", () => {
  it.each([
    ["{bad", /^FilterPolicy: failed to parse JSON\. /],
    ['["a"]', "FilterPolicy: Filter policy must be a JSON object"],
    [{ key: "a" }, 'FilterPolicy: "key" must be an object or an array'],
    [{ key: { suffix: "a" } }, 'FilterPolicy: "suffix" must be an object or an array'],
    [{ key: [] }, "FilterPolicy: Empty arrays are not allowed"],
    [{ key: [["a"]] }, "FilterPolicy: Match value must be String, number, true, false, or null"],
    [{ key: [{ wrong: true }] }, "FilterPolicy: Unrecognized match type wrong"],
    [{ key: [{ suffix: "a", prefix: "b" }] }, "FilterPolicy: Only one key allowed in match expression"],
    [{ key: [{ suffix: 100 }] }, "FilterPolicy: suffix match pattern must be a string"],
    [{ key: [{ prefix: ["a"] }] }, "FilterPolicy: prefix match pattern must be a string"],
    [{ key: [{ exists: "no" }] }, "FilterPolicy: exists match pattern must be either true or false."],
    [{ key: [{ numeric: [] }] }, "FilterPolicy: Invalid member in numeric match: ]"],
    [{ key: [{ numeric: ["operator"] }] }, "FilterPolicy: Unrecognized numeric range operator: operator"],
    [{ key: [{ numeric: [1, "<="] }] }, "FilterPolicy: Invalid member in numeric match: 1"],
    [{ key: [{ numeric: ["=", "000"] }] }, "FilterPolicy: Value of equals must be numeric"],
    [{ key: [{ numeric: [">="] }] }, "FilterPolicy: Value of >= must be numeric"],
    [{ key: [{ numeric: ["<", 100, ">", 10] }] }, "FilterPolicy: Too many elements in numeric expression"],
    [{ key: [{ numeric: [">=", 1, ">", 2] }] }, "FilterPolicy: Bad numeric range operator: >"],
    [{ key: [{ numeric: [">", 3, "<", 1] }] }, "FilterPolicy: Bottom must be less than top"],
    [{ key: [{ numeric: [">", 20, "<="] }] }, "FilterPolicy: Value of <= must be numeric"],
    [{ key: [{ numeric: [">", 20, 30] }] }, "FilterPolicy: Bad value in numeric range: 30"],
    [{ key: [{ numeric: [">", 20, "test"] }] }, "FilterPolicy: Bad numeric range operator: test"],
    [{ key: [{ numeric: [">", 20, "<", "30"] }] }, "FilterPolicy: Value of < must be numeric"],
    [{ key: [{ numeric: [">", 20, "<", 30, "<", 50] }] }, "FilterPolicy: Too many terms in numeric range expression"],
    [{ key: [{ "anything-but": [] }] }, "FilterPolicy: Empty arrays are not allowed"],
    [
      { key: [{ "anything-but": [null] }] },
      "FilterPolicy: Inside anything but list, start|null|boolean is not supported.",
    ],
    [
      { key: [{ "anything-but": true }] },
      "FilterPolicy: Value of anything-but must be an array or single string/number value.",
    ],
    [{ key: [{ cidr: "10.0.0.0" }] }, "FilterPolicy: Malformed CIDR, one '/' required"],
    [{ key: [{ wildcard: "a**b" }] }, "FilterPolicy: Consecutive wildcard characters are not allowed"],
    [{ a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }, "FilterPolicy: Filter policy can not have more than 5 keys"],
    [{ a: Array.from({ length: 151 }, (_, at) => at) }, "FilterPolicy: Filter policy is too complex"],
    // 3 x 4 x 2 x 3 x 1 x 3 = 216: depth times length of each array.
    [
      { a: { b: { c: [1, 2, 3, 4] } }, d: { e: [1, 2, 3] }, f: [1, 2, 3] },
      "FilterPolicy: Filter policy is too complex",
    ],
  ])("%j", (policy, message) => {
    expect(refusal(policy)).toMatch(message);
  });

  it("because attributes are not nested", () => {
    const policy = { object: { key: [{ prefix: "auto-" }] } };
    const message = "Filter policy scope MessageAttributes does not support nested filter policy";
    expect(refusal(policy, "MessageAttributes")).toBe(message);
    expect(refusal(policy, "MessageBody")).toBe("accepted");
  });
});

describe("a wildcard", () => {
  it("matches as the regular expression it stands for", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "*", "\\*", "\\\\"), { maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom("a", "b", "*", "\\"), maxLength: 10 });
    const expressionOf = (tokens: readonly string[]): RegExp => {
      const parts = tokens.map((token) => (token === "*" ? ".*" : `\\${token.at(-1)}`.replace(/^\\([ab])$/, "$1")));
      return new RegExp(`^${parts.join("")}$`, "s");
    };
    fc.assert(
      fc.property(letters, texts, (tokens, text) => {
        expect(matchesWildcard(tokens.join(""), text)).toBe(expressionOf(tokens).test(text));
      }),
    );
  });

  it("stays fast where backtracking would explode", () => {
    expect(matchesWildcard(`${"*a".repeat(30)}*b`, "a".repeat(5_000))).toBe(false);
  });
});
