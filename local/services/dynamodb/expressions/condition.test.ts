import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Item } from "../values/value.ts";
import { meets } from "./condition.ts";
import { parseCondition } from "./parse-condition.ts";
import { Placeholders } from "./placeholders.ts";

type Values = Readonly<Record<string, unknown>>;

function holds(item: Item, text: string, values?: Values, names?: Record<string, string>): boolean {
  const placeholders = new Placeholders(names, values);
  const condition = parseCondition("FilterExpression", text, placeholders);
  placeholders.checkUsed();
  return meets(item, condition);
}

const parcel: Item = {
  label: { S: "NO-123" },
  weight: { N: "2.5" },
  seal: { B: Uint8Array.of(1, 2, 3) },
  fragile: { BOOL: true },
  note: { NULL: true },
  marks: { SS: ["a", "b"] },
  sizes: { NS: ["10", "20.5"] },
  codes: { BS: [Uint8Array.of(9)] },
  stops: { L: [{ S: "OSL" }, { M: { title: { S: "BGO" } } }] },
  sender: { M: { title: { S: "Kari" }, "odd.name": { N: "1" } } },
};

const v = (value: object) => ({ ":v": value });

describe("a condition", () => {
  it.each<[string, Values | undefined, boolean]>([
    ["label = :v", v({ S: "NO-123" }), true],
    [":v = label", v({ S: "NO-123" }), true],
    ["weight = :v", v({ N: "2.500" }), true],
    ["weight = :v", v({ S: "2.5" }), false],
    ["weight <> :v", v({ S: "2.5" }), true],
    ["weight < :v", v({ N: "10" }), true],
    ["weight > :v", v({ N: "-10" }), true],
    ["weight >= :v", v({ N: "2.5" }), true],
    ["weight <= :v", v({ N: "2.49" }), false],
    ["label < :v", v({ N: "1" }), false],
    ["seal > :v", v({ B: Uint8Array.of(1, 2) }), true],
    ["marks = :v", v({ SS: ["b", "a"] }), true],
    ["absent = :v", v({ S: "x" }), false],
    ["absent <> :v", v({ S: "x" }), true],
    ["absent < :v", v({ S: "x" }), false],
    ["NOT absent = :v", v({ S: "x" }), true],
    ["label = absent", undefined, false],
    ["weight between :a and :b", { ":a": { N: "2.5" }, ":b": { N: "3" } }, true],
    ["weight BETWEEN :a AND :b", { ":a": { N: "2.6" }, ":b": { N: "3" } }, false],
    ["absent BETWEEN :a AND :b", { ":a": { N: "2" }, ":b": { N: "3" } }, false],
    ["label IN (:a, :b)", { ":a": { S: "x" }, ":b": { S: "NO-123" } }, true],
    ["label IN (:a)", { ":a": { S: "x" } }, false],
    ["attribute_exists(label)", undefined, true],
    ["attribute_exists(stops[1].title)", undefined, true],
    ["attribute_exists(stops[1].titles)", undefined, false],
    ["attribute_exists(stops[2])", undefined, false],
    ["attribute_exists(label.title)", undefined, false],
    ["attribute_not_exists(absent)", undefined, true],
    ["attribute_not_exists(note)", undefined, false],
    ["attribute_type(note, :v)", v({ S: "NULL" }), true],
    ["attribute_type(sender, :v)", v({ S: "L" }), false],
    ["begins_with(label, :v)", v({ S: "NO-" }), true],
    ["begins_with(seal, :v)", v({ B: Uint8Array.of(1, 2) }), true],
    ["begins_with(weight, :v)", v({ S: "2" }), false],
    ["contains(label, :v)", v({ S: "-12" }), true],
    ["contains(seal, :v)", v({ B: Uint8Array.of(2, 3) }), true],
    ["contains(marks, :v)", v({ S: "b" }), true],
    ["contains(marks, :v)", v({ S: "ab" }), false],
    ["contains(sizes, :v)", v({ N: "20.50" }), true],
    ["contains(codes, :v)", v({ B: Uint8Array.of(9) }), true],
    ["contains(stops, :v)", v({ S: "OSL" }), true],
    ["contains(:v, label)", v({ L: [{ S: "NO-123" }] }), true],
    ["contains(weight, :v)", v({ N: "2" }), false],
    ["size(label) = :v", v({ N: "6" }), true],
    ["size(seal) = :v", v({ N: "3" }), true],
    ["size(stops) >= :v", v({ N: "2" }), true],
    ["size(sender) = :v", v({ N: "2" }), true],
    ["size(marks) = :v", v({ N: "2" }), true],
    ["size(weight) > :v", v({ N: "0" }), false],
    ["size(absent) < :v", v({ N: "9" }), false],
    ["(label) = (:v)", v({ S: "NO-123" }), true],
    ["(weight)between(:a)and(:b)", { ":a": { N: "1" }, ":b": { N: "3" } }, true],
  ])("%s with %j holds: %s", (text, values, expected) => expect(holds(parcel, text, values)).toBe(expected));

  it("reaches members whose names hold dots through a placeholder", () => {
    expect(holds(parcel, "sender.#n = :v", v({ N: "1" }), { "#n": "odd.name" })).toBe(true);
  });

  it("takes names that mean something in JavaScript for names", () => {
    expect(
      holds({}, "attribute_not_exists(#a) AND attribute_not_exists(#b.#a)", undefined, {
        "#a": "constructor",
        "#b": "toString",
      }),
    ).toBe(true);
  });

  it("binds NOT before AND and AND before OR, like the same in JavaScript", () => {
    const item: Item = { t: { BOOL: true }, f: { BOOL: false } };
    const atom = fc.boolean();
    const expression = fc.letrec<{ any: { text: string; js: string } }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        atom.map((value) => ({ text: `${value ? "t" : "f"} = :t`, js: String(value) })),
        tie("any").map(({ text, js }) => ({ text: `NOT (${text})`, js: `!(${js})` })),
        atom.map((value) => ({ text: `NOT ${value ? "t" : "f"} = :t`, js: `!${value}` })),
        fc.tuple(tie("any"), fc.constantFrom("AND", "or"), tie("any")).map(([left, operator, right]) => ({
          text: `${left.text} ${operator} ${right.text}`,
          js: `${left.js} ${operator === "AND" ? "&&" : "||"} ${right.js}`,
        })),
      ),
    })).any;
    fc.assert(
      fc.property(expression, ({ text, js }) => {
        // oxlint-disable-next-line typescript/no-implied-eval -- the model is JavaScript itself
        expect(holds(item, text, { ":t": { BOOL: true } })).toBe(new Function(`return ${js}`)());
      }),
    );
  });
});

describe("a wrong condition", () => {
  const refusal = (text: string, values?: Values, names?: Record<string, string>): string => {
    try {
      holds({}, text, values, names);
    } catch (error) {
      return error instanceof Error ? error.message.replace(/^Invalid FilterExpression: /, "") : "";
    }
    return "accepted";
  };

  it.each([
    ["", "The expression can not be empty;"],
    ["  ", "The expression can not be empty;"],
    ["things are not gonna be ok", 'Syntax error; token: "are", near: "things are not"'],
    ["a", 'Syntax error; token: "<EOF>", near: "a"'],
    ["a >", 'Syntax error; token: "<EOF>", near: ">"'],
    ["a > 4", 'Syntax error; token: "4", near: "> 4"'],
    ["a = :a AND __b = :b", 'Syntax error; token: "_", near: "AND __"'],
    ["attribute_exists(Pictures-RearView)", 'Syntax error; token: "-", near: "Pictures-RearView"'],
    ["attribute_exists(Pictures..RearView)", 'Syntax error; token: ".", near: "..RearView"'],
    ["ü > a", 'Syntax error; token: "ü", near: "ü >"'],
    ["#$.b > a", 'Syntax error; token: "#", near: "#$"'],
  ])("%j: %s", (text, message) => expect(refusal(text)).toBe(message));

  it.each([
    'attribute_exists("Pictures.RearView")',
    "attribute_exists(asdf[a])",
    "a.:a < b.:b",
    "a in b, c",
    "a > between",
    "a in b",
    "a in (b,c,)",
    "(a)between(b.(c.d))and(c)",
    "(a)between(b.c.d)and((c)",
    "a > :things.stuff",
    "b[:a] > a",
    "b[#_] > a",
    "(a)between(b.c[4.5].#d)and(:a)",
    "size(a).b > a",
    "size(a)[0] > a",
    "(a) AND b = c",
    "a = b c",
    "a = b AND",
    "attribute_exists()",
    "(a = b",
  ])("%s is a syntax error", (text) => expect(refusal(text)).toMatch(/^Syntax error; token: /));

  it.each([
    ["a=b and b > ((vuews))", "The expression has redundant parentheses;"],
    ["a=b AND ((a=b AND a=b)) AND a=b", "The expression has redundant parentheses;"],
    ["a=b OR ((a=b OR (a=b OR a=b)))", "The expression has redundant parentheses;"],
    ["a=b and whatever((:things)) > a", "Invalid function name; function: whatever"],
    ["attRIbute_exIsts((views), #a)", "Invalid function name; function: attRIbute_exIsts"],
    [
      "a=b and attribute_exists((views), (#a)) > b",
      "The function is not allowed to be used this way in an expression; function: attribute_exists",
    ],
    [
      "size(contains(a, b)) > a",
      "The function is not allowed to be used this way in an expression; function: contains",
    ],
    ["size(things)", "The function is not allowed to be used this way in an expression; function: size"],
    [
      "a in (b, attribute_exists(things))",
      "The function is not allowed to be used this way in an expression; function: attribute_exists",
    ],
    ["attribute_exists(views, #a)", "Attribute name is a reserved keyword; reserved keyword: views"],
    [":a < abOrT", "Attribute name is a reserved keyword; reserved keyword: abOrT"],
    [
      "begins_with(Pictures.#RearView)",
      "An expression attribute name used in the document path is not defined; attribute name: #RearView",
    ],
    ["#4g > a", "An expression attribute name used in the document path is not defined; attribute name: #4g"],
    [
      "begins_with(:hello, #a, #b)",
      "An expression attribute value used in expression is not defined; attribute value: :hello",
    ],
    [
      "attribute_exists(things, a) and a=b",
      "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
    ],
    [
      "begins_with(things)",
      "Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1",
    ],
    [
      "size(things, a) > b",
      "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
    ],
    [
      "a <> a",
      "The first operand must be distinct from the remaining operands for this operator or function; operator: <>, first operand: [a]",
    ],
    [
      "contains(ab.bc[1].a, ab.bc[1].a)",
      "The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [ab, bc, [1], a]",
    ],
  ])("%s: %s", (text, message) => expect(refusal(text)).toBe(message));

  it.each<[string, object, string]>([
    ["attribute_type(a, :v)", { N: "1" }, "operator or function: attribute_type, operand type: N"],
    ["begins_with(a, :v)", { BOOL: true }, "operator or function: begins_with, operand type: BOOL"],
    ["begins_with(:v, a)", { SS: ["1"] }, "operator or function: begins_with, operand type: SS"],
    ["size(:v) > a", { NULL: true }, "operator or function: size, operand type: NULL"],
    ["size(size(a)) > :v", { N: "1" }, "operator or function: size, operand type: N"],
    ["a < :v", { BOOL: true }, "operator: <, operand type: BOOL"],
  ])("%s with %j has the wrong type", (text, value, message) => {
    expect(refusal(text, v(value))).toBe(`Incorrect operand type for operator or function; ${message}`);
  });

  it("needs a path where it asks whether something exists", () => {
    expect(refusal("attribute_exists(:v)", v({ S: "1" }))).toBe(
      "Operator or function requires a document path; operator or function: attribute_exists",
    );
  });

  it("needs bounds of one type, the lower one first", () => {
    expect(refusal("a BETWEEN :b AND :a", { ":a": { S: "a" }, ":b": { S: "b" } })).toBe(
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}",
    );
    expect(refusal("a BETWEEN :b AND :a", { ":a": { S: "a" }, ":b": { N: "1" } })).toMatch(/requires same data type/);
  });

  it("may not be longer than 4 KB", () => {
    expect(refusal(`a = :v${" OR a = :v".repeat(500)}`, v({ S: "x" }))).toMatch(
      /^Expression size has exceeded the maximum allowed size; expression size: \d+$/,
    );
  });

  it.each<[Record<string, string> | undefined, Values | undefined, string]>([
    [{}, undefined, "ExpressionAttributeNames must not be empty"],
    [{ a: "a" }, undefined, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'],
    [undefined, {}, "ExpressionAttributeValues must not be empty"],
    [undefined, { b: { S: "a" } }, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "b"'],
    [
      undefined,
      { ":b": {} },
      "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :b",
    ],
    [
      { "#a": "a", "#b": "b" },
      undefined,
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}",
    ],
    [undefined, { ":x": { S: "a" } }, "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}"],
  ])("placeholders %j and %j: %s", (names, values, message) => {
    expect(refusal("a = b", values, names)).toBe(message);
  });
});
