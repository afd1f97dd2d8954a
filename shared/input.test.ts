import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z as classic } from "zod";
import * as z from "zod/mini";
import { InputInvalid } from "./errors.ts";
import { parse, parseJson } from "./input.ts";

const Order = z.object({
  id: z.string().check(z.minLength(3)),
  items: z.array(z.object({ sku: z.string().check(z.regex(/^[A-Z]+$/)), quantity: z.number().check(z.positive()) })),
  mail: z.optional(z.email()),
  kind: z.optional(z.enum(["gift", "sale"])),
});

const valid = { id: "o-1", items: [{ sku: "A", quantity: 1 }] };
const problemsOf = (value: unknown, root?: string): string => {
  try {
    parse(Order, value, root);
  } catch (error) {
    if (error instanceof InputInvalid) return error.message;
    throw error;
  }
  return "accepted";
};

describe("parsing an input", () => {
  it("answers the schema's own type", () => {
    const order = parse(Order, { ...valid, unknown: 1 });
    expect(order).toEqual(valid);
    expectTypeOf(order).toEqualTypeOf<z.infer<typeof Order>>();
  });

  it.each([
    [
      "a wrong type deep inside",
      {
        id: "o-1",
        items: [
          { sku: "A", quantity: 1 },
          { sku: "B", quantity: "2" },
        ],
      },
      "items[1].quantity: expected number",
    ],
    ["a missing field", { items: [] }, "id: missing"],
    ["no input at all", undefined, "input: missing"],
    ["null", null, "input: expected object"],
    ["a short text", { id: "x", items: [] }, "id: expected at least 3 characters"],
    [
      "a number out of range",
      { id: "o-1", items: [{ sku: "A", quantity: 0 }] },
      "items[0].quantity: expected more than 0",
    ],
    ["a text of the wrong form", { id: "o-1", items: [{ sku: "a", quantity: 1 }] }, "items[0].sku: has the wrong form"],
    ["a wrong format", { ...valid, mail: "secret-not-a-mail" }, "mail: expected email"],
    ["a word that is none of the choices", { ...valid, kind: "loan" }, 'kind: expected "gift" or "sale"'],
    ["two faults", { id: 7, items: {} }, "id: expected string; items: expected array"],
  ])("refuses %s by its field", (_, value, message) => {
    expect(problemsOf(value)).toBe(message);
  });

  it("puts the root before the fields", () => {
    expect(problemsOf({ items: [] }, "body")).toBe("body.id: missing");
    expect(problemsOf(7, "body")).toBe("body: expected object");
  });

  it("uses the words of the schema's author", () => {
    const Even = z.number().check(z.refine((n) => n % 2 === 0, "must be even"));
    expect(() => parse(Even, 3, "count")).toThrow("count: must be even");
  });

  it("takes schemas of the whole zod as well", () => {
    expect(() => parse(classic.object({ a: classic.number() }), { a: "secret" })).toThrow("a: expected number");
  });

  it("names at most ten fields", () => {
    const error = problemsOf({ id: "o-1", items: Array.from({ length: 50 }, () => ({ sku: "A", quantity: "x" })) });
    expect(error).toContain("items[9].quantity");
    expect(error).not.toContain("items[10].quantity");
    expect(error).toContain("input: 40 further problems");
  });

  it("keeps a key that a caller chose on one short line", () => {
    const Bag = z.record(z.string(), z.number());
    const key = `x\n{"level":"ERROR"}\u2028${"y".repeat(500)}`;
    expect(() => parse(Bag, { [key]: "a" })).toThrow(/^x\?\{"level":"ERROR"\}\?y+…: expected number$/);
  });

  it("never repeats a value", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 12 }).filter((text) => !/^\W*$/.test(text)),
        (secret) => {
          for (const value of [
            secret,
            { id: [secret], items: secret },
            { id: "o-1", items: [{ sku: secret, quantity: secret }] },
          ]) {
            expect(problemsOf(value)).not.toContain(secret);
          }
        },
      ),
    );
  });

  it("is not fooled by __proto__", () => {
    const hostile: unknown = JSON.parse('{"id":"o-1","items":[],"__proto__":{"kind":"gift"}}');
    expect(parse(Order, hostile).kind).toBeUndefined();
    expect(problemsOf(JSON.parse('{"items":[],"__proto__":{"id":"o-1"}}'))).toBe("id: missing");
  });
});

describe("parsing JSON", () => {
  it("answers what it says", () => {
    expect(parseJson('{"a":[1]}', "body")).toEqual({ a: [1] });
  });

  it("refuses other text without quoting it", () => {
    expect(() => parseJson("secret-token", "body")).toThrow(
      new InputInvalid([{ field: "body", problem: "not valid JSON" }]),
    );
    expect(() => parseJson("", "body")).toThrow("body: missing");
  });
});
