/** Rules of expressions that are easily got wrong: "Using expressions in DynamoDB", "Quotas in Amazon DynamoDB" (Expression parameters). */
import { describe, expect, it } from "vitest";
import type { Item } from "../values/value.ts";
import { applyUpdate } from "./apply-update.ts";
import { meets } from "./condition.ts";
import { parseCondition } from "./parse-condition.ts";
import { parseUpdate } from "./parse-update.ts";
import { parseProjection } from "./projection.ts";
import { Placeholders } from "./placeholders.ts";

type Values = Readonly<Record<string, unknown>>;
const S = (S: string) => ({ S });
const N = (N: string) => ({ N });

function holds(item: Item, text: string, values?: Values, names?: Record<string, string>): boolean {
  const placeholders = new Placeholders(names, values);
  const condition = parseCondition("ConditionExpression", text, placeholders);
  placeholders.checkUsed();
  return meets(item, condition);
}
function updated(item: Item, text: string, values?: Values): Item {
  const placeholders = new Placeholders(undefined, values);
  const update = parseUpdate(text, placeholders);
  placeholders.checkUsed();
  return applyUpdate(item, update);
}
function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "accepted";
}

describe("a comparison", () => {
  const digits = "1".repeat(38);
  it.each<[string, Item, string, Values, boolean]>([
    ["of texts goes by UTF-8 bytes, not by UTF-16 units", { a: S("\uffee") }, "a < :v", { ":v": S("\u{10000}") }, true],
    ["of texts puts capitals first", { a: S("Z") }, "a < :v", { ":v": S("a") }, true],
    ["of numbers looks at all 38 digits", { a: N(digits) }, "a < :v", { ":v": N(`${"1".repeat(37)}2`) }, true],
    [
      "of numbers is exact where doubles are equal",
      { a: N("0.30000000000000001") },
      "a > :v",
      { ":v": N("0.3") },
      true,
    ],
    ["of a value with null is false", { a: { NULL: true } }, "a = :v", { ":v": S("") }, false],
    ["of null with null is true", { a: { NULL: true } }, "a = :v", { ":v": { NULL: true } }, true],
    [
      "of lists looks at all members in order",
      { a: { L: [N("1"), N("2")] } },
      "a = :v",
      { ":v": { L: [N("2"), N("1")] } },
      false,
    ],
    ["of an empty text is one", { a: S("") }, "a = :v", { ":v": S("") }, true],
    ["BETWEEN needs the same type", { a: S("5") }, "a BETWEEN :v AND :w", { ":v": N("1"), ":w": N("9") }, false],
    ["BETWEEN takes both ends", { a: N("9") }, "a BETWEEN :v AND :w", { ":v": N("1"), ":w": N("9.0") }, true],
    ["IN compares values and types", { a: N("1") }, "a IN (:v, :w)", { ":v": S("1"), ":w": N("1.0") }, true],
    ["<> of what is not there is true", {}, "a <> :v", { ":v": S("x") }, true],
    ["NOT of a comparison with what is not there is true", {}, "NOT a < :v", { ":v": N("1") }, true],
  ])("%s", (_name, item, text, values, expected) => expect(holds(item, text, values)).toBe(expected));
});

describe("a function", () => {
  it.each<[string, Item, string, Values, boolean]>([
    ["size of a text counts its bytes in UTF-8", { a: S("blå") }, "size(a) = :v", { ":v": N("4") }, true],
    ["size of an empty text is 0", { a: S("") }, "size(a) = :v", { ":v": N("0") }, true],
    ["size of a number is none", { a: N("12") }, "size(a) >= :v", { ":v": N("0") }, false],
    [
      "size of what is not there is none, whichever way it is asked",
      {},
      "size(a) < :v OR size(a) >= :v",
      { ":v": N("1") },
      false,
    ],
    ["size of a member", { a: { M: { l: { L: [S("x")] } } } }, "size(a.l) = :v", { ":v": N("1") }, true],
    ["begins_with of a number is false", { a: N("12") }, "begins_with(a, :v)", { ":v": S("1") }, false],
    ["begins_with of everything with nothing", { a: S("x") }, "begins_with(a, :v)", { ":v": S("") }, true],
    ["contains of a set wants its type", { a: { NS: ["1"] } }, "contains(a, :v)", { ":v": S("1") }, false],
    ["contains of a map is false", { a: { M: { x: S("1") } } }, "contains(a, :v)", { ":v": S("x") }, false],
    [
      "contains of a list does not look into lists",
      { a: { L: [{ L: [S("x")] }] } },
      "contains(a, :v)",
      { ":v": S("x") },
      false,
    ],
    [
      "attribute_type of a member",
      { a: { L: [{ BOOL: false }] } },
      "attribute_type(a[0], :v)",
      { ":v": S("BOOL") },
      true,
    ],
    [
      "attribute_exists of null",
      { a: { NULL: true } },
      "attribute_exists(a) AND a = :v",
      { ":v": { NULL: true } },
      true,
    ],
    [
      "attribute_exists behind the end of a list",
      { a: { L: [S("x")] } },
      "attribute_exists(a[1]) OR a = :v",
      { ":v": S("") },
      false,
    ],
  ])("%s", (_name, item, text, values, expected) => expect(holds(item, text, values)).toBe(expected));
});

describe("an update", () => {
  const l = { l: { L: [N("1")] } };
  it.each<[string, Item, string, Values, Item]>([
    [
      "list_append puts a list in front",
      l,
      "SET l = list_append(:v, l)",
      { ":v": { L: [N("0")] } },
      { l: { L: [N("0"), N("1")] } },
    ],
    [
      "list_append of a list with itself",
      l,
      "SET l = list_append(l, l), x = :v",
      { ":v": N("1") },
      { l: { L: [N("1"), N("1")] }, x: N("1") },
    ],
    [
      "if_not_exists keeps null, for it is there",
      { a: { NULL: true } },
      "SET a = if_not_exists(a, :v)",
      { ":v": N("1") },
      { a: { NULL: true } },
    ],
    [
      "if_not_exists looks at one path and sets another",
      { b: N("7") },
      "SET a = if_not_exists(b, :v)",
      { ":v": N("1") },
      { a: N("7"), b: N("7") },
    ],
    [
      "ADD of sets keeps what was there",
      { s: { SS: ["a"] } },
      "ADD s :v",
      { ":v": { SS: ["a"] } },
      { s: { SS: ["a"] } },
    ],
    ["ADD begins a set", {}, "ADD s :v", { ":v": { NS: ["1"] } }, { s: { NS: ["1"] } }],
    [
      "DELETE of the last members takes the set away",
      { s: { SS: ["a", "b"] } },
      "DELETE s :v",
      { ":v": { SS: ["b", "a"] } },
      {},
    ],
    ["38 digits are kept", { n: N("9".repeat(37)) }, "ADD n :v", { ":v": N("1") }, { n: N(`1${"0".repeat(37)}`) }],
    [
      "SET may make an empty list and an empty map",
      {},
      "SET a = :v, b = :w",
      { ":v": { L: [] }, ":w": { M: {} } },
      { a: { L: [] }, b: { M: {} } },
    ],
    [
      "REMOVE of what is not there changes nothing",
      { a: N("1") },
      "REMOVE b SET a = :v",
      { ":v": N("2") },
      { a: N("2") },
    ],
  ])("%s", (_name, item, text, values, expected) => expect(updated(item, text, values)).toEqual(expected));

  it.each<[string, Item, string, Values, RegExp]>([
    [
      "into 39 digits",
      { n: N("9".repeat(38)) },
      "SET n = n + :v",
      { ":v": N("0.1") },
      /more than 38 significant digits/,
    ],
    ["past the largest number", { n: N("9e125") }, "ADD n :v", { ":v": N("9e125") }, /Number overflow/],
    ["of a list by a set", { l: { L: [] } }, "ADD l :v", { ":v": { SS: ["a"] } }, /incorrect data type/],
    [
      "of a set by another type of set",
      { s: { SS: ["a"] } },
      "ADD s :v",
      { ":v": { NS: ["1"] } },
      /incorrect data type/,
    ],
  ])("cannot be made %s", (_name, item, text, values, message) => {
    expect(refusal(() => updated(item, text, values))).toMatch(message);
  });
});

describe("paths that overlap", () => {
  it.each<[string, string]>([
    ["SET a = :v, a.b = :v", "overlap"],
    ["SET a[0] = :v, a[0].b = :v", "overlap"],
    ["SET a.b = :v REMOVE a.b", "overlap"],
    ["SET a[0] = :v, a.b = :v", "conflict"],
    ["SET a.b = :v, a.c = :v", "accepted"],
    ["SET a[0] = :v REMOVE a[1]", "accepted"],
    ["SET ab = :v, a = :v", "accepted"],
  ])("%s: %s", (text, expected) => {
    const outcome = refusal(() => parseUpdate(text, new Placeholders(undefined, { ":v": N("1") })));
    expect(/Two document paths (\w+)/.exec(outcome)?.[1] ?? outcome).toBe(expected);
  });
});

describe("a quota", () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`:v${at}`, N(String(at))]));
  const within = (count: number) =>
    refusal(() => holds({}, `a IN (${Object.keys(many(count)).join(", ")})`, many(count)));

  it("of IN is 100 values", () => {
    expect(within(100)).toBe("accepted");
    expect(within(101)).toContain("Incorrect number of operands for operator or function; operator or function: IN");
  });

  it("of a path is 32 levels", () => {
    const deep = (levels: number) => refusal(() => holds({}, `attribute_exists(a${".b".repeat(levels - 1)})`));
    expect(deep(32)).toBe("accepted");
    expect(deep(33)).toContain("The document path has too many nesting elements; nesting levels: 33");
  });

  it("of 4 KB holds for each expression by itself, in bytes", () => {
    const sized = (length: number) =>
      refusal(() => parseProjection("a".repeat(length), new Placeholders(undefined, undefined)));
    expect(sized(4_096)).toBe("accepted");
    expect(sized(4_097)).toContain("Expression size has exceeded the maximum allowed size; expression size: 4097");
  });

  it("knows ten types", () => {
    expect(refusal(() => holds({}, "attribute_type(a, :v)", { ":v": S("STRING") }))).toContain(
      "Invalid attribute type name found; type: STRING, valid types: {",
    );
  });
});
