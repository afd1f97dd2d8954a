import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addNumbers, canonicalNumber, compareNumbers, numberSize, sortableNumber, subtractNumbers } from "./decimal.ts";

/** Numbers of up to 38 digits with a place for the point, as texts and as whole multiples of 10^-40. */
const number = fc
  .record({
    negative: fc.boolean(),
    digits: fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }),
    places: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ negative, digits, places }) => {
    const text = String(digits).padStart(places + 1, "0");
    const point = text.length - places;
    return {
      text: `${negative ? "-" : ""}${text.slice(0, point)}${places > 0 ? `.${text.slice(point)}` : ""}`,
      scaled: (negative ? -digits : digits) * 10n ** BigInt(40 - places),
    };
  });

describe("a number in canonical form", () => {
  it.each([
    ["0", "0"],
    ["-0", "0"],
    ["000.000", "0"],
    ["007", "7"],
    ["+1.50", "1.5"],
    ["-.5", "-0.5"],
    ["5.", "5"],
    ["1e3", "1000"],
    ["1.5E-3", "0.0015"],
    ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
    ["1e125", `1${"0".repeat(125)}`],
    ["1e-130", `0.${"0".repeat(129)}1`],
  ])("is for %s %s", (given, canonical) => expect(canonicalNumber(given)).toBe(canonical));

  it("is the same when made again", () => {
    fc.assert(
      fc.property(number, ({ text }) => {
        expect(canonicalNumber(canonicalNumber(text))).toBe(canonicalNumber(text));
      }),
    );
  });

  it.each([
    ["", "The parameter cannot be converted to a numeric value"],
    ["b", "The parameter cannot be converted to a numeric value: b"],
    [".", "The parameter cannot be converted to a numeric value: ."],
    ["1e", "The parameter cannot be converted to a numeric value: 1e"],
    ["NaN", "The parameter cannot be converted to a numeric value: NaN"],
    [" 1", "The parameter cannot be converted to a numeric value:  1"],
    ["123456789012345678901234567890123456789", "Attempting to store more than 38 significant digits in a Number"],
    ["1e126", "Number overflow. Attempting to store a number with magnitude larger than supported range"],
    ["-1e-131", "Number underflow. Attempting to store a number with magnitude smaller than supported range"],
  ])("is refused for %j", (given, message) => expect(() => canonicalNumber(given)).toThrow(message));
});

describe("arithmetic", () => {
  it("is exact where doubles are not", () => {
    expect(addNumbers("0.1", "0.2")).toBe("0.3");
    expect(addNumbers("9007199254740993", "1")).toBe("9007199254740994");
    expect(subtractNumbers("1", "1")).toBe("0");
    expect(subtractNumbers("1", "-1.5")).toBe("2.5");
  });

  it("agrees with whole numbers of the same scale", () => {
    fc.assert(
      fc.property(number, number, (left, right) => {
        const expected = left.scaled + right.scaled;
        const digits = String(expected).replace(/^-|0+$/g, "").length;
        fc.pre(digits <= 38);
        expect(addNumbers(canonicalNumber(left.text), canonicalNumber(right.text))).toBe(
          canonicalNumber(`${expected}e-40`),
        );
      }),
    );
  });

  it("refuses what has too many digits", () => {
    expect(() => addNumbers("1e37", "1e-37")).toThrow("more than 38 significant digits");
  });
});

describe("order", () => {
  it("of the sortable texts is the order of the numbers", () => {
    fc.assert(
      fc.property(number, number, (left, right) => {
        const [a, b] = [canonicalNumber(left.text), canonicalNumber(right.text)];
        const expected = left.scaled < right.scaled ? -1 : left.scaled > right.scaled ? 1 : 0;
        expect(compareNumbers(a, b)).toBe(expected);
        expect(
          Math.sign(sortableNumber(a) < sortableNumber(b) ? -1 : sortableNumber(a) > sortableNumber(b) ? 1 : 0),
        ).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("goes from negative to positive", () => {
    const sorted = ["-100", "-99.5", "-1.5", "-1", "-0.01", "0", "0.009", "0.01", "1", "1.5", "9", "10", "100"];
    expect([...sorted].reverse().sort(compareNumbers)).toEqual(sorted);
  });
});

describe("size", () => {
  it.each([
    ["0", 1],
    ["7", 2],
    ["-7", 3],
    ["1000000", 2],
    ["123.45", 4],
  ])("of %s is %i bytes", (text, bytes) => expect(numberSize(text)).toBe(bytes));
});
