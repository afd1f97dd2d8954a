import {
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { single, statesCloud } from "../test-cloud.ts";

const wait = (seconds: number) => single({ Type: "Wait", Seconds: seconds });
const DAY = 86_400_000;

describe("an execution", () => {
  it("takes virtual time only, and tells its whole history", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(
      {
        StartAt: "Rest",
        States: {
          Rest: { Type: "Wait", Seconds: 300, Next: "Done" },
          Done: { Type: "Pass", Parameters: { "n.$": "$.n" }, Assign: { "kept.$": "$.n" }, End: true },
        },
      },
      { name: "m" },
    );
    const { execution, events, arn: executionArn } = await states.run(arn, { n: 1 }, "first");
    expect(executionArn).toBe("arn:aws:states:us-east-1:123456789012:execution:m:first");
    expect(execution).toMatchObject({
      status: "SUCCEEDED",
      output: '{"n":1}',
      input: '{"n":1}',
      redriveStatus: "NOT_REDRIVABLE",
    });
    expect(Number(execution.stopDate) - Number(execution.startDate)).toBe(300_000);
    expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, "ExecutionStarted"],
      [2, 0, "WaitStateEntered"],
      [3, 2, "WaitStateExited"],
      [4, 3, "PassStateEntered"],
      [5, 4, "PassStateExited"],
      [6, 5, "ExecutionSucceeded"],
    ]);
    expect(events[0]?.executionStartedEventDetails).toEqual({
      input: '{"n":1}',
      inputDetails: { truncated: false },
      roleArn: "arn:aws:iam::123456789012:role/none",
    });
    expect(events[4]?.stateExitedEventDetails).toEqual({
      name: "Done",
      output: '{"n":1}',
      outputDetails: { truncated: false },
      assignedVariables: { kept: "1" },
      assignedVariablesDetails: { truncated: false },
    });
    expect(Number(events[2]?.timestamp) - Number(events[1]?.timestamp)).toBe(300_000);
  });

  it("shows its history backwards, by pages and without data", async () => {
    await using states = await statesCloud();
    const { arn: executionArn } = await states.run(await states.machine(wait(1)), { secret: 1 });
    const ids: unknown[] = [];
    let nextToken: string | undefined;
    do {
      const page = await states.sfn.send(
        new GetExecutionHistoryCommand({
          executionArn,
          reverseOrder: true,
          maxResults: 2,
          includeExecutionData: false,
          ...(nextToken ? { nextToken } : {}),
        }),
      );
      ids.push(page.events?.map(({ id }) => id));
      expect(JSON.stringify(page.events)).not.toContain("secret");
      ({ nextToken } = page);
    } while (nextToken);
    expect(ids).toEqual([
      [4, 3],
      [2, 1],
    ]);
  });

  it("is answered again for the same name and input while it runs; otherwise the name is taken for 90 days", async () => {
    await using states = await statesCloud();
    const stateMachineArn = await states.machine(wait(60));
    const start = (input: string) =>
      states.sfn.send(new StartExecutionCommand({ stateMachineArn, name: "one", input }));
    const first = await start('{"a":1}');
    await states.cloud.clock.advance(1_000);
    expect(await start('{"a":1}')).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    await expect(start('{"a":2}')).rejects.toMatchObject({
      name: "ExecutionAlreadyExists",
      message: `Execution Already Exists: '${first.executionArn}'`,
    });
    await states.cloud.clock.settle();
    await expect(start('{"a":1}')).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
    await states.cloud.clock.advance(91 * DAY);
    await expect(
      states.sfn.send(new DescribeExecutionCommand({ executionArn: first.executionArn })),
    ).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
    expect((await start('{"a":1}')).executionArn).toBe(first.executionArn);
  });

  it.each([
    [
      "not some text",
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    ["{'not': 'json'}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"],
    ["", "Invalid execution input."],
  ])("refuses the input %j", async (input, problem) => {
    await using states = await statesCloud();
    const stateMachineArn = await states.machine(wait(1));
    await expect(states.sfn.send(new StartExecutionCommand({ stateMachineArn, input }))).rejects.toMatchObject({
      name: "InvalidExecutionInput",
      message: `Invalid State Machine Execution Input: '${problem}'`,
    });
  });

  it.each(["2", '"text"', "null"])("takes any JSON as input: %s", async (input) => {
    await using states = await statesCloud();
    expect((await states.run(await states.machine(single({ Type: "Pass" })), JSON.parse(input))).execution.output).toBe(
      input,
    );
  });

  it("is refused with a name that AWS does not take", async () => {
    await using states = await statesCloud();
    const stateMachineArn = await states.machine(wait(1));
    for (const name of ["a b", "a/b", "a:b", "x".repeat(81)]) {
      await expect(states.sfn.send(new StartExecutionCommand({ stateMachineArn, name }))).rejects.toMatchObject({
        name: "InvalidName",
      });
    }
  });

  it("is stopped with error and cause", async () => {
    await using states = await statesCloud();
    const { executionArn } = await states.sfn.send(
      new StartExecutionCommand({ stateMachineArn: await states.machine(wait(600)) }),
    );
    await states.sfn.send(new StopExecutionCommand({ executionArn, error: "Enough", cause: "said so" }));
    expect(await states.sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: "ABORTED",
      error: "Enough",
      cause: "said so",
    });
    const { events = [] } = await states.sfn.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
    );
    expect(events).toMatchObject([
      {
        type: "ExecutionAborted",
        previousEventId: 0,
        executionAbortedEventDetails: { error: "Enough", cause: "said so" },
      },
    ]);
  });

  it("runs out of the machine's time", async () => {
    await using states = await statesCloud();
    const { execution, events } = await states.run(await states.machine({ TimeoutSeconds: 10, ...wait(600) }));
    expect(execution).toMatchObject({ status: "TIMED_OUT", error: "States.Timeout" });
    expect(Number(execution.stopDate) - Number(execution.startDate)).toBe(10_000);
    expect(events.at(-1)?.type).toBe("ExecutionTimedOut");
  });

  it("fails when its history is full", async () => {
    await using states = await statesCloud();
    const loop = {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Next: "B" },
        B: { Type: "Choice", Choices: [{ Variable: "$.never", IsPresent: true, Next: "End" }], Default: "A" },
        End: { Type: "Succeed" },
      },
    };
    const { execution, arn } = await states.run(await states.machine(loop));
    expect(execution).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: "The execution reached the maximum number of history events (25000).",
    });
    const { events = [] } = await states.sfn.send(
      new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true, maxResults: 1 }),
    );
    expect(events).toMatchObject([{ id: 25_000, type: "ExecutionFailed" }]);
  });

  it("is listed, newest first, by status", async () => {
    await using states = await statesCloud();
    const stateMachineArn = await states.machine({
      StartAt: "C",
      States: {
        C: { Type: "Choice", Choices: [{ Variable: "$.ok", BooleanEquals: true, Next: "Y" }], Default: "N" },
        Y: { Type: "Succeed" },
        N: { Type: "Fail", Error: "E" },
      },
    });
    for (const [name, ok] of [
      ["a", true],
      ["b", false],
      ["c", true],
    ] as const) {
      await states.run(stateMachineArn, { ok }, name);
      await states.cloud.clock.advance(1000);
    }
    const names = async (more: object) =>
      (await states.sfn.send(new ListExecutionsCommand({ stateMachineArn, ...more }))).executions?.map(
        ({ name }) => name,
      );
    expect(await names({})).toEqual(["c", "b", "a"]);
    expect(await names({ statusFilter: "FAILED" })).toEqual(["b"]);
    expect(await names({ maxResults: 1 })).toEqual(["c"]);
  });

  it("knows the machine it ran", async () => {
    await using states = await statesCloud();
    const { arn: executionArn } = await states.run(await states.machine(wait(1), { name: "known" }));
    const machine = await states.sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    expect(machine).toMatchObject({ name: "known" });
    expect(JSON.parse(machine.definition ?? "")).toEqual(wait(1));
  });

  it("goes on at the failed state when it is redriven", async () => {
    await using states = await statesCloud();
    const definition = {
      StartAt: "First",
      States: {
        First: { Type: "Pass", Assign: { v: 1 }, Result: { q: 1 }, Next: "Lookup" },
        Lookup: {
          Type: "Task",
          Resource: "arn:aws:states:::aws-sdk:sqs:getQueueUrl",
          Parameters: { QueueName: "later" },
          ResultPath: "$.url",
          Next: "Show",
        },
        Show: { Type: "Pass", Parameters: { "v.$": "$v", "redrives.$": "$$.Execution.RedriveCount" }, End: true },
      },
    };
    const roleArn = await states.role("reader", ["sqs:*"]);
    const { execution, arn: executionArn } = await states.run(await states.machine(definition, { roleArn }));
    expect(execution).toMatchObject({
      status: "FAILED",
      error: "Sqs.QueueDoesNotExistException",
      redriveStatus: "REDRIVABLE",
    });
    await states.cloud.call("sqs", "CreateQueue", { QueueName: "later" }, { kind: "account" });
    await states.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await states.cloud.clock.settle();
    expect(await states.sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: "SUCCEEDED",
      output: '{"v":1,"redrives":1}',
      redriveCount: 1,
    });
    const { events = [] } = await states.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(
      events
        .filter(({ type }) => type === "PassStateEntered")
        .map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name),
    ).toEqual(["First", "Show"]);
    await expect(states.sfn.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: "ExecutionNotRedrivable",
    });
  });

  it("goes on after a restart at the state it was in", async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), "states-"));
    const definition = {
      StartAt: "First",
      States: {
        First: { Type: "Pass", Assign: { v: 7 }, Result: "x", Next: "Rest" },
        Rest: { Type: "Wait", Seconds: 600, Next: "Show" },
        Show: { Type: "Pass", Parameters: { "v.$": "$v", "in.$": "$" }, End: true },
      },
    };
    let executionArn: string | undefined;
    {
      await using states = await statesCloud({ dataFolder });
      ({ executionArn } = await states.sfn.send(
        new StartExecutionCommand({ stateMachineArn: await states.machine(definition) }),
      ));
      await states.cloud.clock.advance(10_000);
    }
    // Within the ten minutes: the wait ends when it would have ended anyway.
    await using states = await statesCloud({ dataFolder, startAt: Date.UTC(2030, 0, 7, 12, 5) });
    expect((await states.sfn.send(new DescribeExecutionCommand({ executionArn }))).status).toBe("RUNNING");
    await states.cloud.clock.settle();
    expect(await states.sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: "SUCCEEDED",
      output: '{"v":7,"in":"x"}',
    });
    const { events = [] } = await states.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.filter(({ type }) => type === "PassStateEntered")).toHaveLength(2);
  });
});
