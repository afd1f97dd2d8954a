import { describe, expect, it } from "vitest";
import type { Item } from "../values/value.ts";
import { applyUpdate } from "./apply-update.ts";
import { parseUpdate } from "./parse-update.ts";
import { Placeholders } from "./placeholders.ts";

type Values = Readonly<Record<string, unknown>>;

function updated(item: Item, text: string, values?: Values, names?: Record<string, string>): Item {
  const placeholders = new Placeholders(names, values);
  const update = parseUpdate(text, placeholders);
  placeholders.checkUsed();
  return applyUpdate(item, update);
}

const S = (S: string) => ({ S });
const N = (N: string) => ({ N });
const L = (...members: Item[string][]) => ({ L: members });

describe("an update", () => {
  it.each<[string, Item, string, Values | undefined, Item]>([
    ["sets an attribute", {}, "SET a = :v", { ":v": S("x") }, { a: S("x") }],
    ["copies an attribute", { a: S("x") }, "SET b = a", undefined, { a: S("x"), b: S("x") }],
    [
      "swaps two, reading both as they were",
      { a: S("1"), b: S("2") },
      "SET a = b, b = a",
      undefined,
      { a: S("2"), b: S("1") },
    ],
    ["adds exactly", { a: N("0.1") }, "SET a = a + :v", { ":v": N("0.2") }, { a: N("0.3") }],
    ["subtracts", { a: N("1") }, "SET a = :v - a", { ":v": N("5") }, { a: N("4") }],
    ["takes parentheses", { a: N("1") }, "SET b = ((a) + (:v))", { ":v": N("5") }, { a: N("1"), b: N("6") }],
    ["keeps what is there", { a: N("1") }, "SET a = if_not_exists(a, :v)", { ":v": N("5") }, { a: N("1") }],
    ["begins counting", {}, "SET a = if_not_exists(a, :v) + :v", { ":v": N("5") }, { a: N("10") }],
    [
      "nests if_not_exists",
      { c: N("3") },
      "SET a = if_not_exists(a, if_not_exists(b, c))",
      undefined,
      { a: N("3"), c: N("3") },
    ],
    [
      "appends to a list",
      { l: L(S("a")) },
      "SET l = list_append(l, :v)",
      { ":v": L(S("b")) },
      { l: L(S("a"), S("b")) },
    ],
    [
      "begins a list",
      {},
      "SET l = list_append(if_not_exists(l, :e), :v)",
      { ":e": L(), ":v": L(S("b")) },
      { l: L(S("b")) },
    ],
    [
      "sets within a map",
      { m: { M: { a: S("x") } } },
      "SET m.b = :v",
      { ":v": S("y") },
      { m: { M: { a: S("x"), b: S("y") } } },
    ],
    ["sets within a list", { l: L(S("a"), S("b")) }, "SET l[0] = :v", { ":v": S("y") }, { l: L(S("y"), S("b")) }],
    [
      "appends behind the end, lower positions first",
      { l: L(S("a")) },
      "SET l[9] = :w, l[5] = :v",
      { ":v": S("v"), ":w": S("w") },
      { l: L(S("a"), S("v"), S("w")) },
    ],
    [
      "sets deep",
      { m: { M: { l: L({ M: {} }) } } },
      "SET m.l[0].x = :v",
      { ":v": S("y") },
      { m: { M: { l: L({ M: { x: S("y") } }) } } },
    ],
    ["removes attributes", { a: S("x"), b: S("y") }, "REMOVE a, c", undefined, { b: S("y") }],
    [
      "removes members by their positions before",
      { l: L(S("0"), S("1"), S("2"), S("3")) },
      "REMOVE l[0], l[2], l[9]",
      undefined,
      { l: L(S("1"), S("3")) },
    ],
    [
      "sets and removes in one list",
      { l: L(S("0"), S("1"), S("2")) },
      "REMOVE l[0] SET l[1] = :v",
      { ":v": S("x") },
      { l: L(S("x"), S("2")) },
    ],
    [
      "removes within a map",
      { m: { M: { a: S("x"), b: S("y") } } },
      "REMOVE m.a",
      undefined,
      { m: { M: { b: S("y") } } },
    ],
    ["adds to a number that is not there", {}, "ADD n :v", { ":v": N("5") }, { n: N("5") }],
    ["adds to a number", { n: N("1.5") }, "ADD n :v", { ":v": N("-2") }, { n: N("-0.5") }],
    [
      "adds to a nested number",
      { m: { M: { n: N("1") } } },
      "ADD m.n :v",
      { ":v": N("2") },
      { m: { M: { n: N("3") } } },
    ],
    ["adds to a set", { s: { SS: ["a"] } }, "ADD s :v", { ":v": { SS: ["b", "a"] } }, { s: { SS: ["a", "b"] } }],
    [
      "adds to a set of numbers",
      { s: { NS: ["1"] } },
      "ADD s :v",
      { ":v": { NS: ["1.0", "2"] } },
      { s: { NS: ["1", "2"] } },
    ],
    [
      "adds to a set of binaries",
      { s: { BS: [Uint8Array.of(1)] } },
      "ADD s :v",
      { ":v": { BS: [Uint8Array.of(1), Uint8Array.of(2)] } },
      { s: { BS: [Uint8Array.of(1), Uint8Array.of(2)] } },
    ],
    [
      "takes out of a set",
      { s: { SS: ["a", "b"] } },
      "DELETE s :v",
      { ":v": { SS: ["b", "c"] } },
      { s: { SS: ["a"] } },
    ],
    ["leaves no empty set", { s: { NS: ["1"] }, t: S("x") }, "DELETE s :v", { ":v": { NS: ["1"] } }, { t: S("x") }],
    ["takes nothing out of nothing", {}, "DELETE s :v", { ":v": { SS: ["a"] } }, {}],
    [
      "has sections in any order and case",
      { a: S("x"), n: N("1") },
      "remove a add n :n set b = :v",
      { ":n": N("1"), ":v": S("y") },
      { n: N("2"), b: S("y") },
    ],
  ])("%s", (_, item, text, values, expected) => {
    const before = structuredClone(item);
    expect(updated(item, text, values)).toEqual(expected);
    expect(item).toEqual(before);
  });

  it("sets an attribute called __proto__", () => {
    const after = updated({}, "SET #p = :v", { ":v": S("x") }, { "#p": "__proto__" });
    expect(Object.entries(after)).toEqual([["__proto__", S("x")]]);
  });
});

describe("an update that cannot be made", () => {
  const item: Item = {
    word: S("x"),
    n: N("1"),
    m: { M: { one: S("a") } },
    l: L(S("a"), S("b")),
    s: { NS: ["1"] },
  };
  const set = { ":v": { SS: ["a"] } };
  const number = { ":v": N("1") };

  it.each<[string, Values | undefined, string]>([
    ["SET a = b", undefined, "The provided expression refers to an attribute that does not exist in the item"],
    [
      "SET a = list_append(l, b)",
      undefined,
      "The provided expression refers to an attribute that does not exist in the item",
    ],
    ["SET a = a + :v", number, "The provided expression refers to an attribute that does not exist in the item"],
    ["SET word.b = :v", set, "The document path provided in the update expression is invalid for update"],
    ["SET word[1] = :v", set, "The document path provided in the update expression is invalid for update"],
    ["SET y.a = :v", set, "The document path provided in the update expression is invalid for update"],
    ["SET m[1] = :v", set, "The document path provided in the update expression is invalid for update"],
    ["SET l.one = :v", set, "The document path provided in the update expression is invalid for update"],
    ["REMOVE y.a", undefined, "The document path provided in the update expression is invalid for update"],
    ["REMOVE l.one", undefined, "The document path provided in the update expression is invalid for update"],
    ["REMOVE word[1]", undefined, "The document path provided in the update expression is invalid for update"],
    ["DELETE y[1] :v", set, "The document path provided in the update expression is invalid for update"],
    ["ADD m[1] :v", set, "The document path provided in the update expression is invalid for update"],
    ["DELETE s :v", set, "An operand in the update expression has an incorrect data type"],
    ["DELETE m :v", set, "An operand in the update expression has an incorrect data type"],
    ["ADD m :v", set, "An operand in the update expression has an incorrect data type"],
    ["ADD s :v", number, "An operand in the update expression has an incorrect data type"],
    ["SET e = word + :v", number, "An operand in the update expression has an incorrect data type"],
    ["SET e = list_append(s, l)", undefined, "An operand in the update expression has an incorrect data type"],
  ])("%s: %s", (text, values, message) => expect(() => updated(item, text, values)).toThrow(message));
});

describe("a wrong update expression", () => {
  const refusal = (text: string, values?: Values, names?: Record<string, string>): string => {
    try {
      updated({}, text, values, names);
    } catch (error) {
      return error instanceof Error ? error.message.replace(/^Invalid UpdateExpression: /, "") : "";
    }
    return "accepted";
  };

  it.each([
    ["whatever", 'Syntax error; token: "whatever", near: "whatever"'],
    ["set a", 'Syntax error; token: "<EOF>", near: "a"'],
    ["set a b", 'Syntax error; token: "b", near: "a b"'],
    ["set a = b / c", 'Syntax error; token: "/", near: "b / c"'],
    ["set a[1] = 1", 'Syntax error; token: "1", near: "= 1"'],
  ])("%s: %s", (text, message) => expect(refusal(text)).toBe(message));

  it.each([
    "add a",
    "delete a",
    "set a=set",
    "remove a = b",
    "add a = b",
    "delete a b",
    "delete a if_not_exist(b)",
    "add abort b",
    "remove a b",
    "set :a = b",
    "add :a b",
    "remove :a",
    "set a = b * c",
    'set a[1] = "eight"',
    "SET a = if_not_exists(a, 100)",
    "SET if_not_exist(a, b) = a",
    "set (a = (b + c))",
    "set a = (b.c).d + e",
    "set a = b + c + d",
    "set a = b,",
  ])("%s is a syntax error", (text) => expect(refusal(text)).toMatch(/^Syntax error; token: /));

  it.each([
    [" set #c = :c set abOrt = trueish ", "Attribute name is a reserved keyword; reserved keyword: abOrt"],
    ["set #c = if_not_exist(:c) set c = d", "Invalid function name; function: if_not_exist"],
    ["set a = #c set c = :d", 'The "SET" section can only be used once in an update expression;'],
    ["delete #d :e set a = b delete #e :f", 'The "DELETE" section can only be used once in an update expression;'],
    [
      "SET #c = if_not_exists(:c)",
      "An expression attribute name used in the document path is not defined; attribute name: #c",
    ],
    [
      "SET a = if_not_exists(:c)",
      "An expression attribute value used in expression is not defined; attribute value: :c",
    ],
    [
      "set a = if_not_exists(c)",
      "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1",
    ],
    [
      "set a = if_not_exists(if_not_exists(a, b), c)",
      "Operator or function requires a document path; operator or function: if_not_exists",
    ],
    [
      "set a = b remove a",
      "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]",
    ],
    [
      "set c[1].a = a, c = if_not_exists(a)",
      "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [c, [1], a], path two: [c]",
    ],
    [
      "set d[1] = a, d.b = a",
      "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [d, [1]], path two: [d, b]",
    ],
    [
      "remove a.c set a[1] = b",
      "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, c], path two: [a, [1]]",
    ],
  ])("%s: %s", (text, message) => expect(refusal(text)).toBe(message));

  it.each<[string, object, string]>([
    ["add a.b :a", S("a"), "operator: ADD, operand type: STRING"],
    ["delete a.b :a", N("1"), "operator: DELETE, operand type: NUMBER"],
    ["add a.b :a", { M: {} }, "operator: ADD, operand type: MAP"],
    ["set a = list_append(a, :a)", N("1"), "operator or function: list_append, operand type: N"],
    ["set a = a + :a", S("a"), "operator or function: +, operand type: S"],
    ["set a = :a - a", L(), "operator or function: -, operand type: L"],
  ])("%s with %j has the wrong type", (text, value, message) => {
    expect(refusal(text, { ":a": value })).toBe(`Incorrect operand type for operator or function; ${message}`);
  });
});
