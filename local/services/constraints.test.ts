import { describe, expect, it } from "vitest";
import { Constraints, required } from "./constraints.ts";

const message = (constraints: Constraints) => {
  try {
    constraints.check();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : "?";
  }
  return "fine";
};

describe("constraints", () => {
  it.each<[string, (c: Constraints) => Constraints, string]>([
    [
      "absence",
      (c) => c.text("name", undefined, { required: true }),
      "Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    [
      "length",
      (c) => c.text("name", "", { min: 1 }),
      "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "pattern",
      (c) => c.text("name", "a b", { pattern: /^[a-z]+$/ }),
      "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
    ],
    [
      "choice",
      (c) => c.text("type", "x", { oneOf: ["A", "B"] }),
      "Value 'x' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [A, B]",
    ],
    [
      "range",
      (c) => c.number("period", 0, { min: 1 }),
      "Value '0' at 'period' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      "number of items",
      (c) => c.list("names", ["a", "b"], { max: 1 }),
      "Value '[a, b]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 1",
    ],
  ])("name a wrong %s", (_, check, expected) => {
    expect(message(check(new Constraints()))).toBe(`ValidationException: 1 validation error detected: ${expected}`);
  });
  it("are reported together", () => {
    const both = new Constraints("ValidationError").text("a", "", { min: 1 }).number("b", 5, { max: 1 });
    expect(message(both)).toMatch(
      /^ValidationError: 2 validation errors detected: Value '' at 'a' .*; Value '5' at 'b' /,
    );
  });
  it("let good and optional values through", () => {
    expect(
      message(
        new Constraints()
          .text("a", "x", { min: 1, max: 1, pattern: /^x$/ })
          .text("b", undefined, { min: 1 })
          .list("c", [], {}),
      ),
    ).toBe("fine");
  });
});

it("a required value is answered or named", () => {
  expect(required("a", 0)).toBe(0);
  expect(() => required("a", undefined)).toThrow(
    "Value null at 'a' failed to satisfy constraint: Member must not be null",
  );
});
