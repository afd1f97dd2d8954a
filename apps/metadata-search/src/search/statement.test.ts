import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { incompleteStatement, literal, searchStatement } from "./statement.ts";

const days = { from: "2030-01-07", to: "2030-01-08" };
const marks = (sql: string) => sql.split("?").length - 1;

describe("a statement", () => {
  it("holds nothing that somebody asked for: its text depends only on what is asked by", () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(text, text, text, text, (customer, name, field, value) => {
        const asked = searchStatement({ ...days, customer, name, metadata: { [field]: value } });
        const other = searchStatement({ ...days, customer: "c", name: "n", metadata: { f: "v" } });
        expect(asked.sql).toBe(other.sql);
        expect(marks(asked.sql)).toBe(asked.parameters.length);
      }),
    );
  });

  it("has each value as one literal", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(literal(value)).toMatch(/^'(?:[^']|'')*'$/);
      }),
    );
  });

  it("reads the asked days, and what followed them from the day before on", () => {
    const { parameters } = searchStatement({ ...days, keyPrefix: "a/" });
    expect(parameters).toEqual(["'2030-01-07'", "'2030-01-08'", "'a/'", "'2030-01-06'"]);
  });

  it("of what is missing asks for each name once", () => {
    const { sql, parameters } = incompleteStatement(["customer-id", "category"], days);
    expect(parameters.slice(3)).toEqual(["'customer-id'", "'category'"]);
    expect(marks(sql)).toBe(parameters.length);
    expect(incompleteStatement([], days).sql).toContain("1 = 0");
  });
});
