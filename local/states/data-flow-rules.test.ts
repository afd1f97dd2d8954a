/** Rules of data flow that are easily got wrong: "Processing input and output in Step Functions", and the Amazon States Language. */
import { describe, expect, it } from "vitest";
import { CONTEXT, execute, only } from "./execute-for-test.ts";
import { StatesFailure } from "./failure.ts";
import type { Json, JsonObject } from "./json.ts";

const task = (more: JsonObject): JsonObject => only({ Type: "Task", Resource: "work", ...more });
const input = { in: { a: 1 }, keep: 2, none: null, list: [{ k: 1 }, { k: 2 }] };

describe("JSONPath", () => {
  it.each<[string, JsonObject, Json]>([
    ["ResultPath $ replaces the input, as nothing said does", { ResultPath: "$" }, input],
    [
      "ResultPath is put into the raw input, whatever InputPath chose",
      { InputPath: "$.in", ResultPath: "$.r" },
      { ...input, r: { a: 1 } },
    ],
    [
      "ResultPath is put into the raw input, whatever Parameters made",
      { Parameters: { p: 1 }, ResultPath: "$.in" },
      { ...input, in: { p: 1 } },
    ],
    [
      "ResultPath null hands the input on, with what InputPath left out",
      { InputPath: "$.in", ResultPath: null },
      input,
    ],
    ["InputPath null gives Parameters an empty object", { InputPath: null, Parameters: { "all.$": "$" } }, { all: {} }],
    ["InputPath may read the Context object", { InputPath: "$$.Execution.Name" }, "one"],
    [
      "Parameters read the Context object",
      { Parameters: { "n.$": "$$.Execution.Name", "s.$": "$$.State.Name" } },
      { n: "one", s: "Only" },
    ],
    [
      "$$ alone is the whole Context object",
      { Parameters: { "c.$": "$$.Execution" } },
      { c: CONTEXT["Execution"] ?? null },
    ],
    [
      "ResultSelector reads the result, not the input",
      { Parameters: { x: 5 }, ResultSelector: { "y.$": "$.x" } },
      { y: 5 },
    ],
    ["ResultSelector reads the Context object", { ResultSelector: { "n.$": "$$.StateMachine.Name" } }, { n: "test" }],
    [
      "OutputPath chooses from what ResultPath made",
      { Parameters: { x: 5 }, ResultPath: "$.r", OutputPath: "$.r.x" },
      5,
    ],
    ["OutputPath null hands on an empty object", { OutputPath: null }, {}],
    ["a member with .$ may hold null", { Parameters: { "n.$": "$.none" } }, { n: null }],
    ["a path with many answers is a list, also of one", { Parameters: { "l.$": "$.list[?(@.k==1)].k" } }, { l: [1] }],
    ["a path with many answers and none is an empty list", { Parameters: { "l.$": "$.list[?(@.k==9)].k" } }, { l: [] }],
  ])("%s", async (_name, more, expected) => {
    const { output, failure } = await execute(task(more), input);
    expect(failure).toBeUndefined();
    expect(output).toEqual(expected);
  });

  it.each<[string, JsonObject]>([
    ["a Succeed state", { Type: "Succeed" }],
    ["a Wait state", { Type: "Wait", Seconds: 1, End: true }],
  ])("passes InputPath and OutputPath of %s", async (_name, state) => {
    const definition = { StartAt: "S", States: { S: { ...state, InputPath: "$.in", OutputPath: "$.a" } } };
    expect((await execute(definition, input)).output).toBe(1);
  });

  it("combines a caught error with the raw input of the state", async () => {
    const definition = {
      StartAt: "Work",
      States: {
        Work: {
          Type: "Task",
          Resource: "work",
          InputPath: "$.in",
          Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Show" }],
          End: true,
        },
        Show: { Type: "Pass", End: true },
      },
    };
    const failing = () => {
      throw new StatesFailure("E", "why");
    };
    expect((await execute(definition, input, { task: failing })).output).toEqual({
      ...input,
      error: { Error: "E", Cause: "why" },
    });
  });

  it("assigns from the result of a task, and shows it to the next state only", async () => {
    const definition = {
      StartAt: "First",
      States: {
        First: { Type: "Pass", Result: 1, Assign: { v: 1 }, Next: "Second" },
        Second: {
          Type: "Task",
          Resource: "work",
          Parameters: { x: 7 },
          Assign: { "v.$": "$.x" },
          ResultSelector: { "x.$": "$.x", "seen.$": "$v" },
          Next: "Third",
        },
        Third: { Type: "Pass", Parameters: { "before.$": "$.seen", "after.$": "$v" }, End: true },
      },
    };
    expect((await execute(definition, {})).output).toEqual({ before: 1, after: 7 });
  });
});

describe("JSONata", () => {
  const jsonata = (more: JsonObject): JsonObject => only({ Type: "Task", Resource: "work", ...more }, "JSONata");

  it.each<[string, JsonObject, Json]>([
    ["without Output a task hands on its result", { Arguments: { x: 5 } }, { x: 5 }],
    [
      "Output sees the input as it came",
      { Arguments: 5, Output: "{% [$states.input.keep, $states.result] %}" },
      [2, 5],
    ],
    ["Output may be any JSON", { Arguments: 5, Output: [null, { d: "{% $states.result %}" }] }, [null, { d: 5 }]],
    ["Output may be null", { Output: null }, null],
    [
      "a member that an expression leaves out is left out",
      { Output: "{% {'a': $states.input.missing, 'b': 1} %}" },
      { b: 1 },
    ],
    ["an expression of one object is no list", { Output: "{% $states.input.in.a %}" }, 1],
    ["null is a value", { Output: "{% {'n': null} %}" }, { n: null }],
  ])("%s", async (_name, more, expected) => {
    const { output, failure } = await execute(jsonata(more), input);
    expect(failure).toBeUndefined();
    expect(output).toEqual(expected);
  });

  it.each<[string, string]>([
    ["States.QueryEvaluationError", "caught"],
    ["States.ALL", "caught"],
    ["States.Runtime", "not caught"],
  ])("fails with States.QueryEvaluationError where nothing is found: by %s it is %s", async (name, expected) => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "Work",
      States: {
        Work: {
          Type: "Task",
          Resource: "work",
          Arguments: { x: "{% $states.input.missing %}" },
          Catch: [{ ErrorEquals: [name], Output: "{% $states.errorOutput.Error %}", Next: "Show" }],
          End: true,
        },
        Show: { Type: "Pass", End: true },
      },
    };
    const { output, failure } = await execute(definition, input);
    expect(output ?? failure?.error).toBe("States.QueryEvaluationError");
    expect(failure === undefined ? "caught" : "not caught").toBe(expected);
  });

  it("retries what could not be evaluated", async () => {
    const Retry = [{ ErrorEquals: ["States.QueryEvaluationError"], IntervalSeconds: 5, MaxAttempts: 1 }];
    expect((await execute(jsonata({ Arguments: "{% $none %}", Retry }), {})).seconds).toBe(5);
  });

  it("assigns to the next state; Output and Assign of one state do not see each other", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "First",
      States: {
        First: { Type: "Pass", Assign: { v: 1 }, Next: "Second" },
        Second: { Type: "Pass", Assign: { v: "{% $v + 1 %}", w: "{% $v + 10 %}" }, Output: "{% $v %}", Next: "Third" },
        Third: { Type: "Pass", Output: "{% [$states.input, $v, $w] %}", End: true },
      },
    };
    expect((await execute(definition, {})).output).toEqual([1, 2, 11]);
  });

  it("assigns nothing where a state fails", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "First",
      States: {
        First: { Type: "Pass", Assign: { v: "before" }, Next: "Work" },
        Work: {
          Type: "Task",
          Resource: "work",
          Assign: { v: "after" },
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Show" }],
          End: true,
        },
        Show: { Type: "Pass", Output: "{% [$v, $states.input.Error] %}", End: true },
      },
    };
    const failing = () => {
      throw new StatesFailure("E", "why");
    };
    expect((await execute(definition, {}, { task: failing })).output).toEqual(["before", "E"]);
  });
});
