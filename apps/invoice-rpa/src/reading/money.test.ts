import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMoney, minorDigits, parseMoney } from "./money.ts";

describe("an amount", () => {
  it.each([
    ["1,234.56", 123_456, "USD"],
    ["1.234,56", 123_456, "USD"],
    ["1 234,56 €", 123_456, "EUR"],
    ["1'234.56 CHF", 123_456, "CHF"],
    ["CHF 1'234.56", 123_456, "CHF"],
    ["₹1,23,456.00", 12_345_600, "INR"],
    ["USD 10", 1_000, "USD"],
    ["US$ 10.5", 1_050, "USD"],
    ["$10 CAD", 1_000, "CAD"],
    ["C$10", 1_000, "CAD"],
    ["€1.234", 123_400, "EUR"],
    ["$1,234", 123_400, "USD"],
    ["-$5.19", -519, "USD"],
    ["$-5.19", -519, "USD"],
    ["−5.19", -519, "USD"],
    ["5.19-", -519, "USD"],
    ["(5.19)", -519, "USD"],
    ["($5.19)", -519, "USD"],
    ["$(5.19)", -519, "USD"],
    ["5.19 CR", -519, "USD"],
    ["¥1,500", 1_500, "JPY"],
    ["KWD 1.234", 1_234, "KWD"],
    ["0.00", 0, "USD"],
    ["-0.00", 0, "USD"],
    ["$0.05", 5, "USD"],
    ["1,23", 123, "USD"],
  ])("%s", (text, minor, currency) => {
    expect(parseMoney(text, "USD")).toEqual({ minor, currency });
  });

  it("in dollars is in the usual dollars", () => {
    expect(parseMoney("$10", "CAD")?.currency).toBe("CAD");
    expect(parseMoney("$10", "EUR")?.currency).toBe("USD");
  });

  it.each([
    "",
    "$",
    "June 17, 2020",
    "06/17/2020",
    "12.345.67",
    "1,2345.00",
    "1.23.456",
    "10 USD EUR",
    "$10 EUR",
    "10 XYZ",
    "--5",
    "(-5)",
    "-5 CR",
    "25.00 by June 1",
    "1e5",
    "NaN",
    "12:30",
    "0x10",
    "9".repeat(20),
    "A-17",
    "1,234,56",
    "5%",
  ])("is not %j", (text) => {
    expect(parseMoney(text, "USD")).toBeUndefined();
  });

  const marks = fc.constantFrom([",", "."], [".", ","], [" ", ","], ["'", "."], ["", "."], ["", ","]);
  const currencies = fc.constantFrom("USD", "EUR", "JPY", "KWD", "CHF");
  it("is read back however it is printed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 12 }),
        currencies,
        marks,
        fc.constantFrom("before", "after"),
        fc.boolean(),
        (minor, currency, [group = "", decimal = ""], place, isNegative) => {
          const digits = minorDigits(currency);
          const padded = String(minor).padStart(digits + 1, "0");
          const whole = padded.slice(0, padded.length - digits).replaceAll(/\B(?=(\d{3})+$)/g, group);
          const number = digits === 0 ? whole : whole + decimal + padded.slice(-digits);
          const signed = isNegative ? `-${number}` : number;
          const text = place === "before" ? `${currency} ${signed}` : `${signed} ${currency}`;
          const expected = isNegative && minor !== 0 ? -minor : minor;
          expect(parseMoney(text, "USD")).toEqual({ minor: expected, currency });
          expect(parseMoney(formatMoney({ minor: expected, currency }), "USD")).toEqual({ minor: expected, currency });
        },
      ),
    );
  });

  it("is never anything but whole, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.,-()$€ 'CRUSD") }), (text) => {
        const read = parseMoney(text, "USD");
        expect(read === undefined || Number.isSafeInteger(read.minor)).toBe(true);
      }),
    );
  });
});
