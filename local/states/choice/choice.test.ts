import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { execute, only } from "../execute-for-test.ts";
import type { Json, JsonObject } from "../json.ts";
import { Scope } from "../scope.ts";
import { matchesWildcards } from "./comparisons.ts";
import { compileRule } from "./rule.ts";
import { parseTimestamp } from "./timestamp.ts";

const holds = (rule: JsonObject, data: Json): boolean =>
  compileRule(rule, "/rule")({ data, context: {}, variables: new Scope() });
const of = (operator: string, actual: Json, expected: Json): boolean =>
  holds({ Variable: "$.v", [operator]: expected }, { v: actual });

describe("a comparison", () => {
  it.each<[string, Json, Json, boolean]>([
    ["StringEquals", "a", "a", true],
    ["StringEquals", 1, "1", false],
    ["StringLessThan", "Z", "a", true],
    ["StringGreaterThanEquals", "b", "b", true],
    ["NumericEquals", 1, 1.0, true],
    ["NumericEquals", "1", 1, false],
    ["NumericLessThan", -1, 0, true],
    ["NumericGreaterThan", 2, 2, false],
    ["BooleanEquals", false, false, true],
    ["BooleanEquals", "false", false, false],
    ["TimestampEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", true],
    ["TimestampLessThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z", true],
    ["TimestampLessThan", "yesterday", "2026-01-01T00:00:00Z", false],
    ["StringMatches", "log-2026.txt", "log-*.txt", true],
    ["StringMatches", "log-2026.txt", "log-*.csv", false],
    ["IsNull", null, true, true],
    ["IsNull", 0, true, false],
    ["IsNumeric", 1, true, true],
    ["IsString", "", true, true],
    ["IsBoolean", "true", false, true],
    ["IsTimestamp", "2026-02-30T00:00:00Z", true, false],
    ["IsTimestamp", "2026-02-28t00:00:00z", true, false],
    ["IsPresent", null, true, true],
  ])("%s of %j and %j is %j", (operator, actual, expected, result) => {
    expect(of(operator, actual, expected)).toBe(result);
  });

  it("may take its other side from a path", () => {
    expect(holds({ Variable: "$.a", NumericLessThanPath: "$.b" }, { a: 1, b: 2 })).toBe(true);
    expect(holds({ Variable: "$.a", StringEqualsPath: "$.b" }, { a: "x", b: "y" })).toBe(false);
  });

  it("orders numbers as numbers are ordered, whichever operator asks", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        expect(of("NumericLessThan", a, b)).toBe(a < b);
        expect(of("NumericGreaterThanEquals", a, b)).toBe(!(a < b));
        expect(of("NumericEquals", a, b)).toBe(
          of("NumericLessThanEquals", a, b) && of("NumericGreaterThanEquals", a, b),
        );
      }),
    );
  });

  it("never holds for another type", () => {
    const other = fc.oneof(
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.integer()),
      fc.dictionary(fc.string(), fc.integer()),
    );
    fc.assert(
      fc.property(
        other,
        fc.constantFrom("String", "Numeric", "Timestamp"),
        fc.constantFrom("Equals", "LessThan", "GreaterThanEquals"),
        (value, type, order) => {
          const expected = type === "Numeric" ? 1 : "2026-01-01T00:00:00Z";
          expect(of(type + order, value, expected)).toBe(false);
        },
      ),
    );
  });
});

describe("And, Or and Not", () => {
  const rule = fc.letrec<{ rule: JsonObject }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 4 },
      fc.record({ Variable: fc.constant("$.v"), BooleanEquals: fc.boolean() }),
      fc.record({ And: fc.array(tie("rule"), { minLength: 1, maxLength: 3 }) }),
      fc.record({ Or: fc.array(tie("rule"), { minLength: 1, maxLength: 3 }) }),
      fc.record({ Not: tie("rule") }),
    ),
  })).rule;

  it("obey De Morgan", () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), fc.boolean(), (rules, v) => {
        const negated = rules.map((one) => ({ Not: one }));
        expect(holds({ Not: { And: rules } }, { v })).toBe(holds({ Or: negated }, { v }));
        expect(holds({ Not: { Or: rules } }, { v })).toBe(holds({ And: negated }, { v }));
      }),
    );
  });
});

describe("StringMatches", () => {
  it("agrees with the regular expression of the same meaning", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "-"), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 8 });
    fc.assert(
      fc.property(text, pattern, (value, wildcards) => {
        const expected = new RegExp(`^${wildcards.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(value);
        expect(matchesWildcards(value, wildcards)).toBe(expected);
      }),
    );
  });

  it("takes an escaped star and backslash literally", () => {
    expect(matchesWildcards("a*c", "a\\*c")).toBe(true);
    expect(matchesWildcards("abc", "a\\*c")).toBe(false);
    expect(matchesWildcards("a\\c", "a\\\\c")).toBe(true);
  });

  it("does not slow down on many stars", () => {
    const started = performance.now();
    expect(matchesWildcards("a".repeat(20_000), `${"*a".repeat(50)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("a timestamp", () => {
  it("is read whatever its zone", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1970-01-01T00:00:00Z"), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true }),
        (date) => {
          expect(parseTimestamp(date.toISOString())).toBeCloseTo(date.getTime(), 3);
        },
      ),
    );
  });
});

describe("a Choice state", () => {
  const states = (choice: JsonObject): JsonObject => ({
    StartAt: "Choose",
    States: {
      Choose: { Type: "Choice", ...choice },
      Small: { Type: "Pass", Result: "small", End: true },
      Large: { Type: "Pass", Result: "large", End: true },
    },
  });

  it("goes where its first rule that holds says, else to Default", async () => {
    const definition = states({ Choices: [{ Variable: "$.n", NumericLessThan: 10, Next: "Small" }], Default: "Large" });
    expect((await execute(definition, { n: 3 })).output).toBe("small");
    expect((await execute(definition, { n: 30 })).output).toBe("large");
  });

  it("fails with States.NoChoiceMatched without either", async () => {
    const { failure } = await execute(
      only({ Type: "Choice", Choices: [{ Variable: "$.n", NumericLessThan: 10, Next: "Only" }] }),
      { n: 30 },
    );
    expect(failure?.error).toBe("States.NoChoiceMatched");
  });

  it("fails with States.Runtime when its variable is not there, except for IsPresent", async () => {
    const missing = await execute(
      states({ Choices: [{ Variable: "$.m", NumericLessThan: 10, Next: "Small" }], Default: "Large" }),
      { n: 1 },
    );
    expect(missing.failure?.error).toBe("States.Runtime");
    expect(missing.failure?.reason).toContain(
      "Invalid path '$.m': The choice state's condition path references an invalid value.",
    );
    const asked = await execute(
      states({ Choices: [{ Variable: "$.m", IsPresent: false, Next: "Small" }], Default: "Large" }),
      { n: 1 },
    );
    expect(asked.output).toBe("small");
  });

  it("assigns the variables of the rule that holds, or its own for Default", async () => {
    const definition = {
      StartAt: "Choose",
      States: {
        Choose: {
          Type: "Choice",
          Choices: [{ Variable: "$.n", NumericLessThan: 10, Next: "Show", Assign: { "size.$": "$.n" } }],
          Default: "Show",
          Assign: { size: "default" },
        },
        Show: { Type: "Pass", Parameters: { "size.$": "$size" }, End: true },
      },
    };
    expect((await execute(definition, { n: 3 })).output).toEqual({ size: 3 });
    expect((await execute(definition, { n: 30 })).output).toEqual({ size: "default" });
  });

  it("evaluates Condition, Output and Assign in JSONata", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "Choose",
      States: {
        Choose: {
          Type: "Choice",
          Choices: [
            {
              Condition: "{% $states.input.n < 10 %}",
              Next: "Show",
              Output: { low: true },
              Assign: { seen: "{% $states.input.n %}" },
            },
          ],
          Default: "Show",
        },
        Show: {
          Type: "Pass",
          Output: { in: "{% $states.input %}", seen: "{% $exists($seen) ? $seen : 'none' %}" },
          End: true,
        },
      },
    };
    expect((await execute(definition, { n: 3 })).output).toEqual({ in: { low: true }, seen: 3 });
    expect((await execute(definition, { n: 30 })).output).toEqual({ in: { n: 30 }, seen: "none" });
  });

  it("refuses a Condition that is not a boolean", async () => {
    const { failure } = await execute(
      only({ Type: "Choice", Choices: [{ Condition: "{% 'yes' %}", Next: "Only" }] }, "JSONata"),
    );
    expect(failure?.error).toBe("States.QueryEvaluationError");
    expect(failure?.reason).toContain(
      "specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'string'",
    );
  });
});
