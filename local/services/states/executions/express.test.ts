import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { single, statesCloud } from "../test-cloud.ts";

const wait = (seconds: number) => single({ Type: "Wait", Seconds: seconds });

describe("an Express execution", () => {
  it("answers its output when it is started synchronously", async () => {
    await using states = await statesCloud();
    const stateMachineArn = await states.machine(
      {
        StartAt: "W",
        States: { W: { Type: "Wait", Seconds: 20, Next: "P" }, P: { Type: "Pass", Result: { done: true }, End: true } },
      },
      { type: "EXPRESS" },
    );
    const answer = await states.sfn.send(new StartSyncExecutionCommand({ stateMachineArn, input: "{}", name: "now" }));
    expect(answer).toMatchObject({
      status: "SUCCEEDED",
      output: '{"done":true}',
      billingDetails: { billedDurationInMilliseconds: 20_000 },
    });
    expect(answer.executionArn).toMatch(/:express:machine-\d+:now:[0-9a-f-]{36}$/);
    expect(Number(answer.stopDate) - Number(answer.startDate)).toBe(20_000);
  });

  it("answers its failure, and ends after five minutes", async () => {
    await using states = await statesCloud();
    const failing = await states.machine(single({ Type: "Fail", Error: "E", Cause: "c" }), { type: "EXPRESS" });
    expect(await states.sfn.send(new StartSyncExecutionCommand({ stateMachineArn: failing }))).toMatchObject({
      status: "FAILED",
      error: "E",
      cause: "c",
    });
    const slow = await states.machine(wait(301), { type: "EXPRESS" });
    expect(await states.sfn.send(new StartSyncExecutionCommand({ stateMachineArn: slow }))).toMatchObject({
      status: "TIMED_OUT",
      error: "States.Timeout",
    });
  });

  it("has no records", async () => {
    await using states = await statesCloud();
    const stateMachineArn = await states.machine(wait(1), { type: "EXPRESS" });
    const { executionArn } = await states.sfn.send(new StartExecutionCommand({ stateMachineArn }));
    await expect(states.sfn.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: "InvalidArn",
    });
    await expect(states.sfn.send(new ListExecutionsCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: "StateMachineTypeNotSupported",
    });
  });

  it("is the only kind that can be started synchronously", async () => {
    await using states = await statesCloud();
    const stateMachineArn = await states.machine(wait(1));
    await expect(states.sfn.send(new StartSyncExecutionCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: "StateMachineTypeNotSupported",
    });
  });
});
