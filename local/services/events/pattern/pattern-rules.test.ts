/** Rules of event patterns that are easily got wrong: "Comparison operators for use in event patterns in Amazon EventBridge". */
import { describe, expect, it } from "vitest";
import { matchesPattern, patternProblem } from "../pattern.ts";

const d = (rule: unknown) => ({ detail: { d: [rule] } });
const event = (value: unknown) => ({ detail: value === undefined ? {} : { d: value } });

describe("a rule of a pattern", () => {
  it.each<[string, unknown, unknown, boolean]>([
    // Arrays: a match when the intersection is not empty.
    ["a list of the event shares a value with that of the pattern", "b", ["a", "b"], true],
    ["a list of the event is empty", "b", [], false],
    ["a list within a list counts by its values", "b", [["a"], ["b"]], true],
    ["a list with null", null, ["a", null], true],
    // Values are compared as JSON is written.
    ["null is not the text", null, "null", false],
    ["null is not the empty text", null, "", false],
    ["an empty text is not missing", { exists: false }, "", false],
    ["false is not missing", { exists: true }, false, true],
    ["numbers by value", 300, 3.0e2, true],
    ["true is not 1", true, 1, false],
    // anything-but
    ["anything-but a text lets a number through", { "anything-but": "1" }, 1, true],
    ["anything-but a number lets its text through", { "anything-but": 1 }, "1", true],
    ["anything-but lets null through", { "anything-but": ["a"] }, null, true],
    ["anything-but: one other element of a list is enough", { "anything-but": ["a"] }, ["a", "b"], true],
    ["anything-but: no other element", { "anything-but": ["a", "b"] }, ["a", "b"], false],
    ["anything-but nothing there", { "anything-but": ["a"] }, undefined, false],
    ["anything-but a list of prefixes", { "anything-but": { prefix: ["a", "b"] } }, "bc", false],
    ["anything-but a list of suffixes", { "anything-but": { suffix: [".a", ".b"] } }, "x.c", true],
    ["anything-but a list of wildcards", { "anything-but": { wildcard: ["*/a/*", "*/b/*"] } }, "x/b/y", false],
    ["anything-but a list, whatever its case", { "anything-but": { "equals-ignore-case": ["AB", "CD"] } }, "cD", false],
    // prefix, suffix and wildcard are about texts
    ["a prefix of a number", { prefix: "1" }, 12, false],
    ["an empty prefix is one of every text", { prefix: "" }, "a", true],
    ["prefixes tell cases apart", { prefix: "A" }, "ab", false],
    ["a wildcard may stand for nothing", { wildcard: "a*" }, "a", true],
    ["a wildcard takes slashes", { wildcard: "dir/*.png" }, "dir/a/b.png", true],
    ["a wildcard is not a regular expression", { wildcard: "a.c*" }, "abc", false],
    ["an escaped star is a star", { wildcard: "a\\*c" }, "a*c", true],
    ["an escaped backslash is a backslash", { wildcard: "a\\\\c" }, "a\\c", true],
    // numeric
    ["numbers of a list", { numeric: ["<", 5] }, [7, 3], true],
    ["a range includes with =", { numeric: [">=", 3, "<", 5] }, 3, true],
    ["a range excludes without", { numeric: [">=", 3, "<", 5] }, 5, false],
    ["a range is not met by two elements together", { numeric: [">", 3, "<", 5] }, [2, 6], false],
    ["texts are no numbers", { numeric: ["=", 3] }, "3", false],
    // cidr
    ["the first address of a block", { cidr: "10.0.0.0/24" }, "10.0.0.0", true],
    ["a block of one address", { cidr: "10.0.0.7/32" }, "10.0.0.7", true],
    ["an address of the other kind", { cidr: "10.0.0.0/8" }, "::ffff:10.0.0.1", false],
    // exists works on leaves
    ["exists: true of an object", { exists: true }, { x: 1 }, false],
    ["exists: false of an object: it is no leaf", { exists: false }, { x: 1 }, true],
    ["exists: true of a list of objects", { exists: true }, [{ x: 1 }], false],
    ["exists: true of null", { exists: true }, null, true],
  ])("%s", (_name, rule, value, expected) => {
    expect(patternProblem(JSON.stringify(d(rule)))).toBeUndefined();
    expect(matchesPattern(d(rule), event(value))).toBe(expected);
  });

  it.each<[string, object, unknown, boolean]>([
    ["several operators for one field are alternatives", { d: [{ prefix: "a" }, { suffix: "z" }] }, { d: "xz" }, true],
    ["a value or nothing there", { d: ["x", { exists: false }] }, {}, true],
    ["several fields must all match", { a: [1], b: [{ exists: false }] }, { a: 1, b: 0 }, false],
    [
      "$or within a field",
      { detail: { $or: [{ a: [1] }, { b: [{ numeric: [">", 1] }] }] } },
      { detail: { b: 2 } },
      true,
    ],
    ["$or of nested fields", { $or: [{ detail: { a: [1] } }, { source: ["s"] }] }, { source: "s" }, true],
    ["$or within $or", { $or: [{ a: [1] }, { $or: [{ b: [1] }, { c: [1] }] }] }, { c: 1 }, true],
    ["fields beside $or must match too", { s: ["x"], $or: [{ a: [1] }, { b: [1] }] }, { s: "y", a: 1 }, false],
    ["a field that is no object has no members", { detail: { a: [1] } }, { detail: "a" }, false],
    ["missing in one element of a list is missing", { l: { a: [{ exists: false }] } }, { l: [{ a: 1 }, {}] }, true],
    ["a dot in a name is no path", { "a.b": [1] }, { a: { b: 1 } }, false],
  ])("%s", (_name, pattern, value, expected) => {
    expect(patternProblem(JSON.stringify(pattern))).toBeUndefined();
    expect(matchesPattern(pattern, value)).toBe(expected);
  });
});

describe("a pattern is refused", () => {
  it.each<[string, unknown, RegExp]>([
    ["an escape of nothing", { wildcard: "a\\b" }, /Invalid escape character/],
    ["a backslash at the end", { wildcard: "a\\" }, /Invalid escape character/],
    ["stars side by side within anything-but", { "anything-but": { wildcard: "a**" } }, /Consecutive wildcard/],
    ["texts and numbers within anything-but", { "anything-but": ["a", 1] }, /Inside anything but list/],
    ["no value within anything-but", { "anything-but": [] }, /Inside anything but list|Empty/],
    ["null within anything-but", { "anything-but": [null] }, /Inside anything but list/],
    ["anything-but of a number range", { "anything-but": { numeric: [">", 1] } }, /Unsupported anything-but/],
    ["a range whose end is before its beginning", { numeric: [">", 5, "<", 3] }, /Bottom must be less than top/],
    ["a range of two lower bounds", { numeric: [">", 5, ">", 7] }, /Bad numeric range operator/],
    ["more behind an equality", { numeric: ["=", 5, "<", 7] }, /Too many/],
    ["a text as a number", { numeric: ["=", "5"] }, /must be numeric/],
    ["a number that is too large", { numeric: ["<", 5_000_000_001] }, /numeric|between/],
    ["a block without bits", { cidr: "10.0.0.0" }, /Malformed CIDR/],
    ["a list of texts as a prefix", { prefix: ["a"] }, /prefix match pattern must be a string/],
  ])("with %s", (_name, rule, problem) => {
    expect(patternProblem(JSON.stringify(d(rule)))).toMatch(problem);
  });
});
