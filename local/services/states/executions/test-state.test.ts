import { TestStateCommand, type TestStateCommandInput } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { statesCloud } from "../test-cloud.ts";

const test = async (state: Record<string, unknown>, more: Partial<TestStateCommandInput> = {}) => {
  await using states = await statesCloud();
  const roleArn = await states.role("tester", ["sqs:*"]);
  return await states.sfn.send(new TestStateCommand({ definition: JSON.stringify(state), roleArn, ...more }));
};

describe("TestState", () => {
  it("answers output and next state", async () => {
    const state = { Type: "Pass", Parameters: { "n.$": "$.a", "v.$": "$v" }, ResultPath: "$.r", Next: "Then" };
    expect(await test(state, { input: '{"a":1}', variables: '{"v":2}' })).toMatchObject({
      status: "SUCCEEDED",
      output: '{"a":1,"r":{"n":1,"v":2}}',
      nextState: "Then",
    });
  });

  it("shows the data at each step when asked", async () => {
    const state = {
      Type: "Pass",
      InputPath: "$.in",
      Parameters: { "n.$": "$.a" },
      ResultPath: "$.r",
      OutputPath: "$.r",
      End: true,
    };
    const { inspectionData } = await test(state, { input: '{"in":{"a":1}}', inspectionLevel: "DEBUG" });
    expect(inspectionData).toMatchObject({
      input: '{"in":{"a":1}}',
      afterInputPath: '{"a":1}',
      afterParameters: '{"n":1}',
    });
  });

  it("says whether a failure would be retried or caught", async () => {
    const task = {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sqs:getQueueUrl",
      Parameters: { QueueName: "none" },
      End: true,
    };
    expect(await test(task)).toMatchObject({ status: "FAILED", error: "Sqs.QueueDoesNotExistException" });
    expect(await test({ ...task, Retry: [{ ErrorEquals: ["States.ALL"] }] })).toMatchObject({ status: "RETRIABLE" });
    const caught = await test(
      { ...task, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Rescue", ResultPath: "$.e" }] },
      { input: '{"id":1}' },
    );
    expect(caught).toMatchObject({ status: "CAUGHT_ERROR", nextState: "Rescue" });
    expect(JSON.parse(caught.output ?? "")).toMatchObject({ id: 1, e: { Error: "Sqs.QueueDoesNotExistException" } });
  });

  it("refuses what it does not do", async () => {
    await expect(test({ Type: "Dance" })).rejects.toMatchObject({ name: "InvalidDefinition" });
    await expect(test({ Type: "Pass", End: true }, { mock: { result: "1" } })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
});
