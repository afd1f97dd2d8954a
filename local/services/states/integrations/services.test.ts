import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { single, statesCloud, type Ran } from "../test-cloud.ts";

const types = ({ events }: Ran): unknown[] => events.map(({ type }) => type);
const task = (resource: string, more: Record<string, unknown> = {}) =>
  single({ Type: "Task", Resource: resource, ...more });

describe("services", () => {
  it("are called by the role: sqs:sendMessage with a JSON body", async () => {
    await using states = await statesCloud();
    const { QueueUrl = "" } = await states.cloud.call("sqs", "CreateQueue", { QueueName: "q" }, ACCOUNT);
    const roleArn = await states.role("sender", ["sqs:SendMessage"]);
    const { output } = await states.run(
      await states.machine(
        task("arn:aws:states:::sqs:sendMessage", { Parameters: { QueueUrl, MessageBody: { "id.$": "$.id" } } }),
        { roleArn },
      ),
      { id: 5 },
    );
    expect(output).toMatchObject({
      MessageId: expect.any(String),
      MD5OfMessageBody: expect.any(String),
      SdkHttpMetadata: { HttpStatusCode: 200 },
    });
    const { Messages = [] } = await states.cloud.call("sqs", "ReceiveMessage", { QueueUrl }, ACCOUNT);
    expect(Messages.map(({ Body }) => Body)).toEqual(['{"id":5}']);
  });

  it("are called by aws-sdk, with the error names of the SDK", async () => {
    await using states = await statesCloud();
    const roleArn = await states.role("finder", ["sqs:*"]);
    const definition = task("arn:aws:states:::aws-sdk:sqs:getQueueUrl", { Parameters: { QueueName: "none" } });
    const ran = await states.run(await states.machine(definition, { roleArn }));
    expect(ran.execution.error).toBe("Sqs.QueueDoesNotExistException");
    expect(ran.execution.cause).toMatch(/\(Service: Sqs, Status Code: \d+, Request ID: [0-9a-f-]{36}\)$/);
    expect(ran.events[2]?.taskScheduledEventDetails).toMatchObject({
      resourceType: "aws-sdk:sqs",
      resource: "getQueueUrl",
    });
    expect(ran.events.at(-2)).toMatchObject({
      type: "TaskFailed",
      taskFailedEventDetails: { error: "Sqs.QueueDoesNotExistException", resourceType: "aws-sdk:sqs" },
    });
  });

  it("with small letters in their API are called with capital ones", async () => {
    await using states = await statesCloud();
    const target = await states.machine(single({ Type: "Pass" }), { name: "target" });
    const roleArn = await states.role("describer", ["states:DescribeStateMachine"]);
    const definition = task("arn:aws:states:::aws-sdk:sfn:describeStateMachine", {
      Parameters: { StateMachineArn: target },
    });
    const { output } = await states.run(await states.machine(definition, { roleArn }));
    expect(output).toMatchObject({
      Name: "target",
      LoggingConfiguration: { Level: "OFF" },
      CreationDate: "2030-01-07T12:00:00.000Z",
    });
  });

  it("that are not there are refused in the task", async () => {
    await using states = await statesCloud();
    const definition = task("arn:aws:states:::ecs:runTask.sync", { Parameters: { Cluster: "c" } });
    const { execution } = await states.run(await states.machine(definition));
    expect(execution).toMatchObject({
      status: "FAILED",
      error: "NotImplemented",
      cause: "The local cloud does not implement the integration arn:aws:states:::ecs:runTask.sync",
    });
  });
});

describe("nested executions", () => {
  const START = "arn:aws:states:::states:startExecution";
  const ALLOWED = ["states:StartExecution", "states:DescribeExecution"];

  it("are started, or waited for with their output as text or JSON", async () => {
    await using states = await statesCloud();
    const child = await states.machine(
      {
        StartAt: "W",
        States: {
          W: { Type: "Wait", Seconds: 30, Next: "P" },
          P: { Type: "Pass", Parameters: { "n.$": "$.n" }, End: true },
        },
      },
      { name: "child" },
    );
    const roleArn = await states.role("parent", ALLOWED);
    const run = async (suffix: string) =>
      states.run(
        await states.machine(
          task(START + suffix, { Parameters: { StateMachineArn: child, Input: { "n.$": "$.n" } } }),
          { roleArn },
        ),
        { n: 4 },
      );
    expect((await run("")).output).toMatchObject({
      ExecutionArn: expect.stringContaining(":execution:child:"),
      StartDate: expect.any(Number),
    });
    expect((await run(".sync")).output).toMatchObject({
      Status: "SUCCEEDED",
      Output: '{"n":4}',
      Name: expect.any(String),
    });
    const json = await run(".sync:2");
    expect(json.output).toMatchObject({ Status: "SUCCEEDED", Output: { n: 4 } });
    expect(types(json)).toContain("TaskSubmitted");
    expect(Number(json.execution.stopDate) - Number(json.execution.startDate)).toBe(30_000);
  });

  it("fail the task when the child fails", async () => {
    await using states = await statesCloud();
    const child = await states.machine(single({ Type: "Fail", Error: "E", Cause: "c" }));
    const roleArn = await states.role("parent", ALLOWED);
    const { execution } = await states.run(
      await states.machine(task(`${START}.sync:2`, { Parameters: { StateMachineArn: child } }), { roleArn }),
    );
    expect(execution.error).toBe("States.TaskFailed");
    expect(JSON.parse(execution.cause ?? "")).toMatchObject({ Status: "FAILED", Error: "E", Cause: "c" });
  });

  it("are refused by name when the machine is not there", async () => {
    await using states = await statesCloud();
    const roleArn = await states.role("parent", ALLOWED);
    const { execution } = await states.run(
      await states.machine(
        task(START, { Parameters: { StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:none" } }),
        { roleArn },
      ),
    );
    expect(execution.error).toBe("StepFunctions.StateMachineDoesNotExistException");
  });
});
