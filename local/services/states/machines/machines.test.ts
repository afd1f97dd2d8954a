import {
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DeleteStateMachineVersionCommand,
  DescribeExecutionCommand,
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  ListStateMachineAliasesCommand,
  ListStateMachinesCommand,
  ListStateMachineVersionsCommand,
  ListTagsForResourceCommand,
  PublishStateMachineVersionCommand,
  StartExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineAliasCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { single, statesCloud } from "../test-cloud.ts";
import { diagnose } from "./validate.ts";

const hello = single({ Type: "Pass", Result: "hello" });
const ROLE = "arn:aws:iam::123456789012:role/none";

describe("a state machine", () => {
  it("is described as it was created", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(hello, { name: "greeter", tags: [{ key: "app", value: "x" }] });
    expect(arn).toBe("arn:aws:states:us-east-1:123456789012:stateMachine:greeter");
    const described = await states.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
    expect(described).toMatchObject({
      name: "greeter",
      status: "ACTIVE",
      type: "STANDARD",
      roleArn: ROLE,
      loggingConfiguration: { level: "OFF", includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
    expect(described.creationDate).toEqual(new Date("2030-01-07T12:00:00Z"));
    expect(JSON.parse(described.definition ?? "")).toEqual(hello);
    expect(described.revisionId).toBeUndefined();
  });

  it("may be created twice alike, but not otherwise under the same name", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(hello, { name: "same" });
    expect(await states.machine(hello, { name: "same" })).toBe(arn);
    await expect(states.machine(single({ Type: "Succeed" }), { name: "same" })).rejects.toMatchObject({
      name: "StateMachineAlreadyExists",
      message: `State Machine Already Exists: '${arn}'`,
    });
  });

  it("goes on with its old definition in running executions when it is updated", async () => {
    await using states = await statesCloud();
    const waits = (result: string) => ({
      StartAt: "W",
      States: { W: { Type: "Wait", Seconds: 60, Next: "P" }, P: { Type: "Pass", Result: result, End: true } },
    });
    const arn = await states.machine(waits("old"));
    const { executionArn } = await states.sfn.send(new StartExecutionCommand({ stateMachineArn: arn }));
    const updated = await states.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: arn, definition: JSON.stringify(waits("new")) }),
    );
    expect(updated.revisionId).toMatch(/^[0-9a-f-]{36}$/);
    await states.cloud.clock.settle();
    expect((await states.sfn.send(new DescribeExecutionCommand({ executionArn }))).output).toBe('"old"');
    expect((await states.run(arn)).output).toBe("new");
  });

  it("is gone after its deletion, which may be repeated", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(hello);
    await states.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    await states.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    await expect(states.sfn.send(new StartExecutionCommand({ stateMachineArn: arn }))).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
      message: `State Machine Does Not Exist: '${arn}'`,
    });
  });

  it("is listed by pages", async () => {
    await using states = await statesCloud();
    for (const name of ["c", "a", "b"]) await states.machine(hello, { name });
    const first = await states.sfn.send(new ListStateMachinesCommand({ maxResults: 2 }));
    expect(first.stateMachines?.map(({ name }) => name)).toEqual(["a", "b"]);
    const second = await states.sfn.send(new ListStateMachinesCommand({ maxResults: 2, nextToken: first.nextToken }));
    expect(second.stateMachines?.map(({ name }) => name)).toEqual(["c"]);
    expect(second.nextToken).toBeUndefined();
    await expect(states.sfn.send(new ListStateMachinesCommand({ nextToken: "nonsense" }))).rejects.toMatchObject({
      name: "InvalidToken",
    });
  });

  it("keeps tags", async () => {
    await using states = await statesCloud();
    const resourceArn = await states.machine(hello, { tags: [{ key: "a", value: "1" }] });
    await states.sfn.send(new TagResourceCommand({ resourceArn, tags: [{ key: "b", value: "2" }] }));
    await states.sfn.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
    expect((await states.sfn.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([
      { key: "b", value: "2" },
    ]);
  });

  it.each([
    [{ name: "a b" }, "InvalidName"],
    [{ name: "x".repeat(81) }, "InvalidName"],
    [{ roleArn: "nobody" }, "InvalidArn"],
    [{ definition: "{}" }, "InvalidDefinition"],
    [{ versionDescription: "v" }, "ValidationException"],
    [{ loggingConfiguration: { level: "ALL" as const } }, "InvalidLoggingConfiguration"],
  ])("is refused for %j with %s", async (more, name) => {
    await using states = await statesCloud();
    const input = { name: "m", definition: JSON.stringify(hello), roleArn: ROLE, ...more };
    await expect(states.sfn.send(new CreateStateMachineCommand(input))).rejects.toMatchObject({ name });
  });

  it("may log only with a role that may make log deliveries", async () => {
    await using states = await statesCloud();
    const loggingConfiguration = {
      level: "ALL" as const,
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:g:*" } }],
    };
    const roleArn = await states.role("mute", []);
    await expect(states.machine(hello, { loggingConfiguration, roleArn })).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });
});

describe("versions and aliases", () => {
  const result = (text: string) => JSON.stringify(single({ Type: "Pass", Result: text }));

  it("freeze a definition and lead executions to it", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(result("one"), { publish: true, name: "v" });
    await states.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("two"), publish: true }),
    );
    await states.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("three") }));
    expect(
      (await states.sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn: arn }))).stateMachineVersions?.map(
        ({ stateMachineVersionArn }) => stateMachineVersionArn,
      ),
    ).toEqual([`${arn}:2`, `${arn}:1`]);
    expect([
      (await states.run(arn)).output,
      (await states.run(`${arn}:1`)).output,
      (await states.run(`${arn}:2`)).output,
    ]).toEqual(["three", "one", "two"]);
    expect((await states.run(`${arn}:1`)).execution.stateMachineVersionArn).toBe(`${arn}:1`);
    expect(
      JSON.parse(
        (await states.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: `${arn}:1` }))).definition ?? "",
      ),
    ).toEqual(JSON.parse(result("one")));
  });

  it("answer the same version again without a change, and refuse an old revision", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(hello);
    const first = await states.sfn.send(
      new PublishStateMachineVersionCommand({ stateMachineArn: arn, revisionId: "INITIAL" }),
    );
    const again = await states.sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn: arn }));
    expect(again.stateMachineVersionArn).toBe(first.stateMachineVersionArn);
    await states.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("x") }));
    await expect(
      states.sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn: arn, revisionId: "INITIAL" })),
    ).rejects.toMatchObject({ name: "ConflictException" });
  });

  it("share executions by weight", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(result("one"), { publish: true });
    await states.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("two"), publish: true }),
    );
    const routing = (one: number) => [
      { stateMachineVersionArn: `${arn}:1`, weight: one },
      { stateMachineVersionArn: `${arn}:2`, weight: 100 - one },
    ];
    const { stateMachineAliasArn = "" } = await states.sfn.send(
      new CreateStateMachineAliasCommand({ name: "live", routingConfiguration: routing(30) }),
    );
    expect(stateMachineAliasArn).toBe(`${arn}:live`);
    const outputs: unknown[] = [];
    for (let n = 0; n < 60; n++) outputs.push((await states.run(stateMachineAliasArn)).output);
    const ones = outputs.filter((output) => output === "one").length;
    expect(ones).toBeGreaterThan(8);
    expect(ones).toBeLessThan(30);
    await states.sfn.send(
      new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration: routing(0) }),
    );
    const { execution, output } = await states.run(stateMachineAliasArn);
    expect(output).toBe("two");
    expect(execution.stateMachineAliasArn).toBe(stateMachineAliasArn);
    expect(
      (await states.sfn.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn }))).routingConfiguration,
    ).toEqual(routing(0));
    expect(
      (await states.sfn.send(new ListStateMachineAliasesCommand({ stateMachineArn: arn }))).stateMachineAliases,
    ).toHaveLength(1);
    await expect(
      states.sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: `${arn}:2` })),
    ).rejects.toMatchObject({ name: "ConflictException" });
  });

  it.each([
    [[70, 29], "Sum of routing configuration weights must equal 100. Received: [70, 29]"],
    [
      [101],
      "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
  ])("refuse weights %j", async (weights, message) => {
    await using states = await statesCloud();
    const arn = await states.machine(hello, { publish: true });
    await states.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("x"), publish: true }),
    );
    const routingConfiguration = weights.map((weight, index) => ({
      stateMachineVersionArn: `${arn}:${index + 1}`,
      weight,
    }));
    await expect(
      states.sfn.send(new CreateStateMachineAliasCommand({ name: "live", routingConfiguration })),
    ).rejects.toMatchObject({ name: "ValidationException", message });
  });
});

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
