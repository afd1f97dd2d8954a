import { describe, expect, it } from "vitest";
import type { Item } from "../values/value.ts";
import { Placeholders } from "./placeholders.ts";
import { parseProjection, project } from "./projection.ts";

const item: Item = {
  id: { S: "1" },
  order: {
    M: { parts: { L: [{ S: "a" }, { M: { sku: { S: "b" }, price: { N: "2" } } }, { S: "c" }] }, paid: { BOOL: true } },
  },
};
const names = { "#o": "order" };
const projected = (text: string) =>
  project(item, parseProjection(text, new Placeholders(text.includes("#o") ? names : undefined, undefined)));

describe("a projection", () => {
  it.each<[string, Item]>([
    ["id", { id: { S: "1" } }],
    ["id, absent", { id: { S: "1" } }],
    ["absent.more", {}],
    ["id.more", {}],
    ["#o.paid", { order: { M: { paid: { BOOL: true } } } }],
    [
      "#o.paid, #o.parts[1].price",
      { order: { M: { paid: { BOOL: true }, parts: { L: [{ M: { price: { N: "2" } } }] } } } },
    ],
    ["#o.parts[2], #o.parts[0]", { order: { M: { parts: { L: [{ S: "a" }, { S: "c" }] } } } }],
    ["#o.parts[7]", {}],
  ])("%s", (text, expected) => expect(projected(text)).toEqual(expected));

  it.each([
    ["", "Invalid ProjectionExpression: The expression can not be empty;"],
    ["a,", 'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","'],
    ["a b", 'Invalid ProjectionExpression: Syntax error; token: "b", near: "a b"'],
    ["name", "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name"],
    [
      "#x",
      "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute name: #x",
    ],
    [
      "a.b, a",
      "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]",
    ],
    [
      "a.b, a[0]",
      "Invalid ProjectionExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [0]]",
    ],
  ])("%j: %s", (text, message) => expect(() => projected(text)).toThrow(message));
});
