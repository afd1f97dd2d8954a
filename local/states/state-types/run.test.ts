import { describe, expect, it } from "vitest";
import { execute, only } from "../execute-for-test.ts";
import type { JsonObject } from "../json.ts";

const pass = (name: string, more: JsonObject = {}): JsonObject => ({
  StartAt: name,
  States: { [name]: { Type: "Pass", End: true, ...more } },
});

describe("the outermost thread", () => {
  it("sets a checkpoint before each state, from which it can go on", async () => {
    const definition = {
      StartAt: "First",
      States: {
        First: { Type: "Pass", Result: 1, ResultPath: "$.one", Assign: { v: 5 }, Next: "Second" },
        Second: { Type: "Pass", Parameters: { "v.$": "$v", "in.$": "$" }, End: true },
      },
    };
    const whole = await execute(definition, { x: 0 });
    expect(whole.checkpoints.map(({ state }) => state)).toEqual(["First", "Second"]);
    const second = whole.checkpoints[1];
    const rest = await execute(definition, second?.input ?? null, { startAt: "Second", variables: { v: 5 } });
    expect(rest.output).toEqual(whole.output);
  });

  it("leaves no checkpoint inside a Map or Parallel", async () => {
    const { checkpoints } = await execute(only({ Type: "Map", ItemProcessor: pass("P") }), [1, 2]);
    expect(checkpoints.map(({ state }) => state)).toEqual(["Only"]);
  });
});

describe("the engine's speed", () => {
  const countdown = (language: "JSONPath" | "JSONata"): JsonObject =>
    language === "JSONPath"
      ? {
          StartAt: "A",
          States: {
            A: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, -1)" }, Next: "C" },
            C: { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThan: 0, Next: "A" }], Default: "S" },
            S: { Type: "Succeed" },
          },
        }
      : {
          QueryLanguage: "JSONata",
          StartAt: "A",
          States: {
            A: { Type: "Pass", Output: { n: "{% $states.input.n - 1 %}" }, Next: "C" },
            C: { Type: "Choice", Choices: [{ Condition: "{% $states.input.n > 0 %}", Next: "A" }], Default: "S" },
            S: { Type: "Succeed" },
          },
        };

  // A tenth of what one core does, so that a busy machine does not fail the test; a slow loop still does.
  it.each([
    ["JSONPath", 20_000],
    ["JSONata", 5_000],
  ] as const)("of %s is above %d states a second", async (language, least) => {
    await execute(countdown(language), { n: 500 });
    const started = performance.now();
    await execute(countdown(language), { n: 5_000 });
    expect(10_000 / ((performance.now() - started) / 1000)).toBeGreaterThan(least);
  });
});
