import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareText, keyText, sameItem, sameValue } from "./compare.ts";
import { readItem, readValue } from "./read-value.ts";
import { itemSize, valueSize } from "./size.ts";
import { asWireJson } from "./value.ts";

const bytes = (...numbers: number[]) => Uint8Array.from(numbers);

describe("a value that is sent", () => {
  it.each([
    ["nothing", {}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"],
    ["an unknown type", { $unknown: ["X", 1] }, "Supplied AttributeValue is empty"],
    ["two types", { S: "a", N: "1" }, "Supplied AttributeValue has more than one datatypes set"],
    ["two types, one wrong", { S: "a", N: "b" }, "The parameter cannot be converted to a numeric value: b"],
    ["a null that is false", { NULL: false }, "Null attribute value types must have the value of true"],
    ["an empty set of texts", { SS: [] }, "An string set  may not be empty"],
    ["an empty set of numbers", { NS: [] }, "An number set  may not be empty"],
    ["an empty set of binaries", { BS: [] }, "Binary sets should not be empty"],
    ["a text twice", { SS: ["a", "a"] }, "Input collection [a, a] contains duplicates."],
    ["a number twice", { NS: ["1", "1.0"] }, "Input collection contains duplicates"],
    ["a binary twice", { BS: [bytes(98), bytes(98)] }, "Input collection [Yg==, Yg==]of type BS contains duplicates."],
    ["no number", { N: "x" }, "The parameter cannot be converted to a numeric value: x"],
    ["nothing within a list", { L: [{}] }, "Supplied AttributeValue is empty"],
    ["a JSON number", { N: 5 }, "NUMBER_VALUE cannot be converted to String"],
  ])("is refused when it has %s", (_, raw, message) => expect(() => readValue(raw)).toThrow(message));

  it("is kept with canonical numbers", () => {
    expect(readItem({ a: { N: "1.0" }, b: { NS: ["1e1", "2"] }, c: { L: [{ N: "-0" }] } })).toEqual({
      a: { N: "1" },
      b: { NS: ["10", "2"] },
      c: { L: [{ N: "0" }] },
    });
  });

  it("may be empty when it is a text, a binary, a list or a map", () => {
    const empty = { s: { S: "" }, b: { B: bytes() }, l: { L: [] }, m: { M: {} }, ss: { SS: [""] } };
    expect(readItem(empty)).toEqual(empty);
  });

  it("has 32 levels at most", () => {
    const nested = (levels: number): object => (levels === 0 ? { S: "x" } : { L: [nested(levels - 1)] });
    expect(() => readValue(nested(32))).not.toThrow();
    expect(() => readValue(nested(33))).toThrow("Nesting Levels have exceeded supported limits");
  });

  it("may have names that mean something in JavaScript", () => {
    const item = readItem(JSON.parse('{"__proto__": {"S": "x"}, "constructor": {"M": {"__proto__": {"N": "1"}}}}'));
    expect(Object.keys(item)).toEqual(["__proto__", "constructor"]);
    expect(itemSize(item)).toBe(9 + 1 + 11 + 3 + 9 + 2 + 1);
  });
});

describe("two values", () => {
  it.each([
    [{ SS: ["a", "b"] }, { SS: ["b", "a"] }, true],
    [{ NS: ["1", "2"] }, { NS: ["1", "3"] }, false],
    [{ BS: [bytes(1), bytes(2)] }, { BS: [bytes(2), bytes(1)] }, true],
    [{ B: bytes(1) }, { B: bytes(1) }, true],
    [{ S: "1" }, { N: "1" }, false],
    [{ L: [{ S: "a" }, { S: "b" }] }, { L: [{ S: "b" }, { S: "a" }] }, false],
    [{ M: { a: { S: "x" }, b: { S: "y" } } }, { M: { b: { S: "y" }, a: { S: "x" } } }, true],
    [{ M: { a: { S: "x" } } }, { M: { a: { S: "x" }, b: { S: "y" } } }, false],
    [{ NULL: true as const }, { NULL: true as const }, true],
    [{ BOOL: true }, { BOOL: false }, false],
  ])("%j and %j are the same: %s", (left, right, same) => {
    expect(sameValue(left, right)).toBe(same);
    expect(sameItem({ x: left }, { x: right })).toBe(same);
  });

  it("sort as their UTF-8 bytes do", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), (left, right) => {
        expect(Math.sign(compareText(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
      }),
    );
    // UTF-16 would have these the other way round.
    expect(compareText("\uff5e", "😀")).toBeLessThan(0);
  });

  it("have binary keys that sort as their bytes do", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (left, right) => {
        const order = compareText(keyText({ B: left }), keyText({ B: right }));
        expect(Math.sign(order)).toBe(Buffer.compare(left, right));
      }),
    );
  });
});

describe("the size of a value", () => {
  it.each([
    [{ S: "blå" }, 4],
    [{ N: "123" }, 3],
    [{ B: bytes(1, 2, 3) }, 3],
    [{ BOOL: true }, 1],
    [{ NULL: true as const }, 1],
    [{ SS: ["ab", "c"] }, 3],
    [{ NS: ["1", "22"] }, 4],
    [{ L: [] }, 3],
    [{ M: {} }, 3],
    [{ L: [{ S: "ab" }, { BOOL: true }] }, 8],
    [{ M: { key: { S: "ab" } } }, 9],
  ])("%j is %i bytes", (value, size) => expect(valueSize(value)).toBe(size));
});

describe("a value within an error", () => {
  it("has its bytes in base64", () => {
    expect(asWireJson({ M: { a: { L: [{ B: bytes(0, 1) }] }, b: { BS: [bytes(2)] }, c: { S: "x" } } })).toEqual({
      M: { a: { L: [{ B: "AAE=" }] }, b: { BS: ["Ag=="] }, c: { S: "x" } },
    });
  });
});
