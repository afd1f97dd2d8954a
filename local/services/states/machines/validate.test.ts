import { ValidateStateMachineDefinitionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { single, statesCloud } from "../test-cloud.ts";
import { diagnose } from "./validate.ts";

const hello = single({ Type: "Pass", Result: "hello" });

describe("the diagnosis of a definition", () => {
  const state = (more: Record<string, unknown>) => single({ Type: "Pass", ...more });

  it.each<[string, unknown, string, string | undefined, string]>([
    ["nothing", "", "SCHEMA_VALIDATION_FAILED", undefined, "Definition must be a valid JSON object"],
    [
      "no JSON",
      "not a definition",
      "INVALID_JSON_DESCRIPTION",
      '[Source: (String)"not a definition"; line: 1, column: 4]',
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    ["an empty object", {}, "SCHEMA_VALIDATION_FAILED", "/", "These fields are required: [States, StartAt]"],
    ["no StartAt", { States: hello.States }, "SCHEMA_VALIDATION_FAILED", "/", "These fields are required: [StartAt]"],
    [
      "a missing target",
      state({ End: undefined, Next: "Gone" }),
      "MISSING_TRANSITION_TARGET",
      "/States/Only/Next",
      "Missing 'Next' target: Gone",
    ],
    [
      "neither Next nor End",
      state({ End: undefined }),
      "SCHEMA_VALIDATION_FAILED",
      "/States/Only",
      "One of these fields is required: [Next, End]",
    ],
    [
      "a state nobody reaches",
      { StartAt: "Only", States: { ...hello.States, Island: { Type: "Succeed" } } },
      "MISSING_TRANSITION_TARGET",
      "/States/Island",
      'State "Island" is not reachable.',
    ],
    [
      "a bad path",
      state({ InputPath: "$[" }),
      "SCHEMA_VALIDATION_FAILED",
      "/States/Only/InputPath",
      "Value is not a valid JSONPath",
    ],
    [
      "a bad function",
      state({ Parameters: { "a.$": "States.Nope()" } }),
      "SCHEMA_VALIDATION_FAILED",
      "/States/Only/Parameters/a.$",
      "must be a valid JSONPath or a valid intrinsic function call",
    ],
    [
      "Arguments without JSONata",
      state({ Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", Arguments: {} }),
      "SCHEMA_VALIDATION_FAILED",
      "/States/Only/Arguments",
      "Field 'Arguments' is not supported",
    ],
    [
      "a downgrade",
      { ...state({ QueryLanguage: "JSONPath" }), QueryLanguage: "JSONata" },
      "SCHEMA_VALIDATION_FAILED",
      "/States/Only",
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    ],
    [
      "States.ALL among others",
      state({
        Type: "Task",
        Resource: "arn:aws:states:::sqs:sendMessage",
        Retry: [{ ErrorEquals: ["States.ALL", "X"] }],
      }),
      "SCHEMA_VALIDATION_FAILED",
      "/States/Only/Retry[0]/ErrorEquals",
      "States.ALL must appear alone",
    ],
    [
      "two item processors",
      state({ Type: "Map", ItemProcessor: hello, Iterator: hello }),
      "SCHEMA_VALIDATION_FAILED",
      "/States/Only",
      "Only one of these fields may be set: [ItemProcessor, Iterator]",
    ],
    [
      "two batch sizes",
      state({
        Type: "Map",
        ItemBatcher: { MaxItemsPerBatch: 1, MaxItemsPerBatchPath: "$.n" },
        ItemProcessor: { StartAt: "In", States: { In: { Type: "Succeed" } } },
      }),
      "SCHEMA_VALIDATION_FAILED",
      "/States/Only/ItemBatcher",
      "Only one of these fields may be set: [MaxItemsPerBatch, MaxItemsPerBatchPath]",
    ],
    [
      "an unknown type",
      state({ Type: "Dance" }),
      "SCHEMA_VALIDATION_FAILED",
      "/States/Only/Type",
      "not a known state type: Dance",
    ],
  ])("of %s names code, place and problem", (_, definition, code, location, message) => {
    const [problem] = diagnose(typeof definition === "string" ? definition : JSON.stringify(definition), "STANDARD");
    expect(problem).toMatchObject({ severity: "ERROR", code, message: expect.stringContaining(message) });
    expect(problem?.location).toBe(location);
  });

  it("refuses callbacks in Express machines only", () => {
    const definition = JSON.stringify(
      state({
        Type: "Task",
        Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        Parameters: { "T.$": "$$.Task.Token" },
      }),
    );
    expect(diagnose(definition, "STANDARD")).toEqual([]);
    expect(diagnose(definition, "EXPRESS")[0]).toMatchObject({
      location: "/States/Only/Resource",
      message: "Express state machine does not support '.waitForTaskToken' service integration ",
    });
  });

  it("is answered by ValidateStateMachineDefinition", async () => {
    await using states = await statesCloud();
    const good = await states.sfn.send(
      new ValidateStateMachineDefinitionCommand({ definition: JSON.stringify(hello) }),
    );
    expect(good).toMatchObject({ result: "OK", diagnostics: [], truncated: false });
    const bad = await states.sfn.send(new ValidateStateMachineDefinitionCommand({ definition: "{}" }));
    expect(bad).toMatchObject({ result: "FAIL", diagnostics: [{ code: "SCHEMA_VALIDATION_FAILED", location: "/" }] });
  });
});
