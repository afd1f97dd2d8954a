import { describe, expect, it } from "vitest";
import { execute, only } from "../execute-for-test.ts";
import { DefinitionError } from "../failure.ts";
import type { Json } from "../json.ts";
import { compileMachine } from "../machine.ts";

const evaluate = async (expression: string, input: Json = {}, variables = {}) => {
  const { output, failure } = await execute(only({ Type: "Pass", Output: `{% ${expression} %}` }, "JSONata"), input, {
    variables,
    random: () => 0.25,
  });
  return failure ? [failure.error, failure.reason] : output;
};

describe("a JSONata expression", () => {
  it.each<[string, Json]>([
    ["$states.input.a + 1", 42],
    ["$states.context.State.Name", "Only"],
    ["$states.context.Execution.Name", "one"],
    ["$v.x", 7],
    ["$partition([1,2,3,4,5], 2)", [[1, 2], [3, 4], [5]]],
    ["$range(0, 10, 5)", [0, 5, 10]],
    ["$hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
    ["$parse('{\"k\": [1]}')", { k: [1] }],
    ["$uuid()", "00000000-0000-4000-8000-000000000000"],
    ["$random()", 0.25],
    ["$random(7) = $random(7)", true],
    ["$now()", "2026-01-02T03:04:05.678Z"],
    ["$now('[Y0001]-[M01]')", "2026-01"],
    ["$millis()", Date.parse("2026-01-02T03:04:05.678Z")],
    ["$states.input.list[$ > 1]", [2, 3]],
    ["[$states.input.list[$ = 1]]", [1]],
    ["{'a': $states.input.none, 'b': 1}", { b: 1 }],
    ["null", null],
  ])("%s answers %j", async (expression, expected) => {
    expect(await evaluate(expression, { a: 41, list: [1, 2, 3] }, { v: { x: 7 } })).toEqual(expected);
  });

  it.each<[string, string]>([
    ["$states.input.none", "returned nothing (undefined)."],
    ["$states.input.a.b.c", "returned nothing (undefined)."],
    ["1 + 'a'", "threw an error during evaluation. T2002"],
    ["$eval('1')", "$eval is not supported"],
    ["$parse('{')", "threw an error during evaluation."],
    ["$hash('a', 'CRC')", "$hash knows MD5"],
    ["function($x){$x}", "returned an unsupported result type."],
    ["($f := function($n){ $f($n + 1) + 1 }; $f(0))", "threw an error during evaluation. D1011"],
  ])("%s fails: %s", async (expression, message) => {
    const [error, reason] = (await evaluate(expression)) as [string, string];
    expect(error).toBe("States.QueryEvaluationError");
    expect(reason).toContain(
      `An error occurred while executing the state 'Only' (entered at the event id #2). The JSONata expression '${expression}' specified for the field 'Output'`,
    );
    expect(reason).toContain(message);
  });

  it("is ended when it runs away", async () => {
    const [error, reason] = (await evaluate("($f := function($n){ $f($n + 1) }; $f(0))")) as [string, string];
    expect(error).toBe("States.QueryEvaluationError");
    expect(reason).toMatch(/D1011|D1012/);
  }, 20_000);

  it("is recorded with its place when it fails", async () => {
    const { events } = await execute(only({ Type: "Pass", Output: { list: ["{% $none %}"] } }, "JSONata"));
    expect(events.at(-1)).toMatchObject({
      type: "EvaluationFailed",
      key: "evaluationFailedEventDetails",
      details: { error: "States.QueryEvaluationError", location: "Output/list[0]", state: "Only" },
    });
  });

  it("stands only in whole strings without anything around", async () => {
    const { output } = await execute(
      only({ Type: "Pass", Output: { a: " {% 1 %}", b: "{% 1 %}", "c.$": "$.x" } }, "JSONata"),
    );
    expect(output).toEqual({ a: " {% 1 %}", b: 1, "c.$": "$.x" });
  });

  it("is refused with the definition when it cannot be parsed", () => {
    expect(() => compileMachine(only({ Type: "Pass", Output: "{% 1 + %}" }, "JSONata"))).toThrow(DefinitionError);
  });
});

describe("the data flow of a JSONata state", () => {
  it("goes through Arguments and Output", async () => {
    const state = {
      Type: "Task",
      Resource: "work",
      Arguments: { n: "{% $states.input.n %}" },
      Output: { in: "{% $states.input %}", out: "{% $states.result.n * 2 %}" },
    };
    expect((await execute(only(state, "JSONata"), { n: 2 })).output).toEqual({ in: { n: 2 }, out: 4 });
  });

  it("hands on the result of a task without Output, and the input of a Pass", async () => {
    expect((await execute(only({ Type: "Task", Resource: "work", Arguments: 5 }, "JSONata"), { n: 2 })).output).toBe(5);
    expect((await execute(only({ Type: "Pass" }, "JSONata"), { n: 2 })).output).toEqual({ n: 2 });
  });

  it("computes numbers of fields, and refuses other types", async () => {
    expect(
      (await execute(only({ Type: "Wait", Seconds: "{% $states.input.n * 10 %}" }, "JSONata"), { n: 2 })).seconds,
    ).toBe(20);
    const { failure } = await execute(only({ Type: "Wait", Seconds: "{% 'x' %}" }, "JSONata"));
    expect(failure?.reason).toContain(
      "specified for the field 'Seconds' returned an unexpected result type. Expected 'number', but was 'string' for value: \"x\"",
    );
  });

  it("may stand in single states of a JSONPath machine", async () => {
    const definition = {
      StartAt: "Path",
      States: {
        Path: { Type: "Pass", Parameters: { "n.$": "$.a" }, Assign: { "x.$": "$.n" }, Next: "Expression" },
        Expression: { Type: "Pass", QueryLanguage: "JSONata", Output: "{% $x + $states.input.n %}", End: true },
      },
    };
    expect((await execute(definition, { a: 4 })).output).toBe(8);
  });

  it("may not be left for JSONPath by single states", () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: { A: { Type: "Pass", QueryLanguage: "JSONPath", End: true } },
    };
    expect(() => compileMachine(definition)).toThrow(
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    );
  });
});

describe("variables", () => {
  it("are assigned when the state is left: all expressions see the values from before", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "First",
      States: {
        First: { Type: "Pass", Assign: { x: 1, y: 2 }, Next: "Swap" },
        Swap: { Type: "Pass", Assign: { x: "{% $y %}", y: "{% $x %}" }, Output: "{% [$x, $y] %}", Next: "Show" },
        Show: { Type: "Pass", Output: "{% {'before': $states.input, 'after': [$x, $y]} %}", End: true },
      },
    };
    const { output, events } = await execute(definition);
    expect(output).toEqual({ before: [1, 2], after: [2, 1] });
    expect(
      events.find(({ details }) => details?.["name"] === "First" && details["assignedVariables"])?.details,
    ).toMatchObject({ assignedVariables: { x: "1", y: "2" } });
  });

  it("are seen inside Map and Parallel, and what is assigned there stays there", async () => {
    const inner = {
      StartAt: "Inner",
      States: {
        Inner: { Type: "Pass", Assign: { own: "{% $states.input %}" }, Next: "Use" },
        Use: { Type: "Pass", Output: "{% $outer + $own %}", End: true },
      },
    };
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "Set",
      States: {
        Set: { Type: "Pass", Assign: { outer: 100 }, Next: "Each" },
        Each: { Type: "Map", Items: [1, 2], ItemProcessor: inner, Next: "After" },
        After: { Type: "Pass", Output: { each: "{% $states.input %}", own: "{% $exists($own) %}" }, End: true },
      },
    };
    expect((await execute(definition)).output).toEqual({ each: [101, 102], own: false });
  });

  it("may not be larger than 256 KiB", async () => {
    const { failure } = await execute(
      only({ Type: "Pass", Assign: { big: "{% $pad('', 262145, 'x') %}" } }, "JSONata"),
    );
    expect(failure?.error).toBe("States.DataLimitExceeded");
  });
});
