import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern, patternProblem } from "../pattern.ts";
import { matchesWildcard } from "./wildcard.ts";

type Case = [name: string, pattern: object, event: unknown, expected: boolean];

describe("a pattern", () => {
  it.each<Case>([
    ["equal text", { source: ["a"] }, { source: "a" }, true],
    ["one of several", { source: ["a", "b"] }, { source: "b" }, true],
    ["another text", { source: ["a"] }, { source: "b" }, false],
    ["missing field", { source: ["a"] }, {}, false],
    ["null", { d: [null] }, { d: null }, true],
    ["null is not missing", { d: [null] }, {}, false],
    ["the empty string", { d: [""] }, { d: "" }, true],
    ["true is not text", { d: [true] }, { d: "true" }, false],
    ["a number by value", { d: [1.0] }, { d: 1 }, true],
    ["a number is not text", { d: [1] }, { d: "1" }, false],
    ["any element of a list", { d: ["x"] }, { d: ["y", "x"] }, true],
    ["nested", { detail: { state: ["on"] } }, { detail: { state: "on" } }, true],
    ["all fields of one element", { l: { a: [1], b: [2] } }, { l: [{ a: 1, b: 2 }] }, true],
    ["not fields of two elements", { l: { a: [1], b: [2] } }, { l: [{ a: 1 }, { b: 2 }] }, false],
    ["prefix", { d: [{ prefix: "ab" }] }, { d: "abc" }, true],
    ["prefix, case ignored", { d: [{ prefix: { "equals-ignore-case": "AB" } }] }, { d: "abc" }, true],
    ["suffix", { d: [{ suffix: ".txt" }] }, { d: "a.txt" }, true],
    ["suffix, not", { d: [{ suffix: ".txt" }] }, { d: "a.txt.gz" }, false],
    ["suffix, case ignored", { d: [{ suffix: { "equals-ignore-case": ".TXT" } }] }, { d: "a.txt" }, true],
    ["case ignored", { d: [{ "equals-ignore-case": "AbC" }] }, { d: "aBc" }, true],
    ["anything but", { d: [{ "anything-but": "a" }] }, { d: "b" }, true],
    ["anything but, hit", { d: [{ "anything-but": ["a", "b"] }] }, { d: "b" }, false],
    ["anything but needs the field", { d: [{ "anything-but": "a" }] }, {}, false],
    ["anything but numbers", { d: [{ "anything-but": [1, 2] }] }, { d: 3 }, true],
    ["anything but a prefix", { d: [{ "anything-but": { prefix: "x/" } }] }, { d: "x/1" }, false],
    ["anything but prefixes", { d: [{ "anything-but": { prefix: ["x/", "y/"] } }] }, { d: "z/1" }, true],
    ["anything but a suffix", { d: [{ "anything-but": { suffix: ".jpg" } }] }, { d: "a.png" }, true],
    ["anything but, case ignored", { d: [{ "anything-but": { "equals-ignore-case": ["A"] } }] }, { d: "a" }, false],
    ["anything but a wildcard", { d: [{ "anything-but": { wildcard: "*/lib/*" } }] }, { d: "a/lib/b" }, false],
    ["numeric range", { d: [{ numeric: [">", 0, "<=", 5] }] }, { d: 5 }, true],
    ["numeric range, below", { d: [{ numeric: [">", 0, "<=", 5] }] }, { d: 0 }, false],
    ["numeric equals", { d: [{ numeric: ["=", 3.5] }] }, { d: 3.5 }, true],
    ["numeric is not text", { d: [{ numeric: [">", 0] }] }, { d: "5" }, false],
    ["exists", { d: [{ exists: true }] }, { d: null }, true],
    ["exists, not", { d: [{ exists: false }] }, { d: 1 }, false],
    ["absent", { d: [{ exists: false }] }, {}, true],
    ["absent below an absent parent", { detail: { d: [{ exists: false }] } }, {}, true],
    ["an empty list is absent", { d: [{ exists: true }] }, { d: [] }, false],
    ["exists looks at leaves", { d: [{ exists: true }] }, { d: { e: 1 } }, false],
    ["IPv4 block", { ip: [{ cidr: "10.0.0.0/24" }] }, { ip: "10.0.0.255" }, true],
    ["IPv4 block, outside", { ip: [{ cidr: "10.0.0.0/24" }] }, { ip: "10.0.1.0" }, false],
    ["IPv6 block", { ip: [{ cidr: "2001:db8::/32" }] }, { ip: "2001:db8::1" }, true],
    ["not an address", { ip: [{ cidr: "10.0.0.0/24" }] }, { ip: "host" }, false],
    ["$or", { $or: [{ a: [1] }, { b: [2] }] }, { b: 2 }, true],
    ["$or, neither", { $or: [{ a: [1] }, { b: [2] }] }, { a: 2, b: 1 }, false],
    ["$or beside a field", { c: [0], $or: [{ a: [1] }, { b: [2] }] }, { b: 2, c: 1 }, false],
    ["own members only", { d: { toString: [{ exists: false }] } }, { d: {} }, true],
  ])("%s", (_name, pattern, event, expected) => {
    expect(patternProblem(JSON.stringify(pattern))).toBeUndefined();
    expect(matchesPattern(pattern, event)).toBe(expected);
  });

  it.each([
    ["not JSON", "{", /JSON/],
    ["a list", "[]", "Filter is not an object"],
    ["nothing", "{}", "Empty pattern"],
    ["a bare value", '{"source":"a"}', '"source" must be an object or an array'],
    ["a nested bare value", '{"detail":{"x":1}}', '"detail.x" must be an object or an array'],
    ["an empty list", '{"a":[]}', "Empty arrays are not allowed"],
    ["an unknown operator", '{"a":[{"regex":"x"}]}', "Unrecognized match type regex"],
    ["two operators", '{"a":[{"prefix":"x","suffix":"y"}]}', "Only one key allowed in match expression"],
    ["a number as prefix", '{"a":[{"prefix":1}]}', "prefix match pattern must be a string"],
    ["a wrong comparison", '{"a":[{"numeric":["~",1]}]}', "Unrecognized numeric range operator: ~"],
    ["half a range", '{"a":[{"numeric":[">"]}]}', "Bad numeric range"],
    ["two stars", '{"a":[{"wildcard":"a**b"}]}', "Consecutive wildcard characters"],
    ["a wrong block", '{"a":[{"cidr":"10.0.0.0/33"}]}', "Malformed CIDR"],
    ["exists as text", '{"a":[{"exists":"yes"}]}', "exists match pattern must be either true or false."],
    ["a single alternative", '{"$or":[{"a":[1]}]}', "$or needs at least two alternatives"],
  ])("is refused: %s", (_name, text, problem) => {
    expect(patternProblem(text)).toMatch(problem);
  });
});

describe("a wildcard", () => {
  it.each([
    ["a*c", "abc", true],
    ["a*c", "ac", true],
    ["a*c", "acb", false],
    ["*", "", true],
    ["*.txt", "a.b.txt", true],
    ["a*b*c", "a-b-b-c", true],
    ["aba*ba", "aba", false],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["a\\\\*", "a\\x", true],
  ])("%s on %s is %s", (pattern, text, expected) => expect(matchesWildcard(pattern, text)).toBe(expected));

  it("agrees with the regular expression it stands for", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const words = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
    fc.assert(
      fc.property(letters, words, (pattern, text) => {
        expect(matchesWildcard(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text));
      }),
    );
  });

  it("is linear on what makes regular expressions backtrack", () => {
    expect(matchesWildcard(`${"a*".repeat(50)}b`, "a".repeat(50_000))).toBe(false);
  });
});
