import * as Lambda from "@aws-sdk/client-lambda";
import {
  CreateActivityCommand,
  DescribeExecutionCommand,
  GetActivityTaskCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Service } from "../../../core/service.ts";
import { SERVICES } from "../../index.ts";
import { single, statesCloud, type Ran } from "../test-cloud.ts";

const types = ({ events }: Ran): unknown[] => events.map(({ type }) => type);
const task = (resource: string, more: Record<string, unknown> = {}) =>
  single({ Type: "Task", Resource: resource, ...more });

/** A Lambda service of one function, which does what the test says. */
function withFunction(
  work: (
    event: unknown,
    sleep: (seconds: number) => Promise<void>,
  ) => Promise<Lambda.InvokeCommandOutput | Record<string, unknown>> | Record<string, unknown>,
) {
  const service: Parameters<typeof statesCloud>[0] = {
    services: SERVICES.map((entry) =>
      entry.id === "lambda"
        ? {
            ...entry,
            load: () =>
              Promise.resolve({
                create: (cloud): Service<typeof Lambda> => ({
                  sdk: Lambda,
                  permissions: (_, input) => [
                    { action: "lambda:InvokeFunction", resource: String(input["FunctionName"]) },
                  ],
                  handlers: {
                    Invoke: async ({ Payload }, call) => {
                      const event: unknown =
                        Payload instanceof Uint8Array ? JSON.parse(Buffer.from(Payload).toString()) : undefined;
                      const answer = await call.waiting(
                        Promise.resolve(work(event, (seconds) => cloud.clock.sleep(seconds * 1000))),
                      );
                      return { StatusCode: 200, ExecutedVersion: "$LATEST", ...answer };
                    },
                  },
                }),
              }),
          }
        : entry,
    ),
  };
  return service;
}
const payload = (value: unknown) => ({ Payload: new Uint8Array(Buffer.from(JSON.stringify(value))) });
const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:work";

describe("a function by its ARN", () => {
  it("gets the input as its event and gives its result", async () => {
    await using states = await statesCloud(withFunction((event) => payload({ got: event })));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const ran = await states.run(await states.machine(task(FUNCTION), { roleArn }), { a: 1 });
    expect(ran.output).toEqual({ got: { a: 1 } });
    expect(types(ran)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
    expect(ran.events[2]?.lambdaFunctionScheduledEventDetails).toMatchObject({ resource: FUNCTION, input: '{"a":1}' });
    expect(ran.events[4]?.lambdaFunctionSucceededEventDetails).toMatchObject({ output: '{"got":{"a":1}}' });
  });

  it("fails with the type of its error, and the whole payload as cause", async () => {
    const error = { errorType: "OrderRefused", errorMessage: "no stock", trace: ["a"] };
    await using states = await statesCloud(withFunction(() => ({ FunctionError: "Unhandled", ...payload(error) })));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const { execution, events } = await states.run(await states.machine(task(FUNCTION), { roleArn }));
    expect(execution).toMatchObject({ status: "FAILED", error: "OrderRefused" });
    expect(JSON.parse(execution.cause ?? "")).toEqual(error);
    expect(events.at(-2)).toMatchObject({
      type: "LambdaFunctionFailed",
      lambdaFunctionFailedEventDetails: { error: "OrderRefused" },
    });
  });

  it("fails with Lambda.Unknown when it says no type", async () => {
    await using states = await statesCloud(
      withFunction(() => ({ FunctionError: "Unhandled", ...payload({ errorMessage: "2030 Task timed out" }) })),
    );
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const { execution } = await states.run(await states.machine(task(FUNCTION), { roleArn }));
    expect(execution.error).toBe("Lambda.Unknown");
    expect(execution.cause).toContain(
      "The cause could not be determined because Lambda did not return an error type. Returned payload: {",
    );
  });

  it("is ended by the state's time limit while it runs", async () => {
    await using states = await statesCloud(withFunction(async (_, sleep) => (await sleep(100), payload("late"))));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const ran = await states.run(await states.machine(task(FUNCTION, { TimeoutSeconds: 5 }), { roleArn }));
    expect(ran.execution).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(ran.events.at(-2)).toMatchObject({
      type: "LambdaFunctionTimedOut",
      lambdaFunctionTimedOutEventDetails: { error: "States.Timeout" },
    });
    expect(Number(ran.execution.stopDate) - Number(ran.execution.startDate)).toBe(5_000);
  });
});

describe("lambda:invoke", () => {
  const INVOKE = "arn:aws:states:::lambda:invoke";

  it("answers payload, status and metadata", async () => {
    await using states = await statesCloud(withFunction((event) => payload({ got: event })));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const definition = task(INVOKE, { Parameters: { FunctionName: FUNCTION, "Payload.$": "$" } });
    const ran = await states.run(await states.machine(definition, { roleArn }), { a: 1 });
    expect(ran.output).toMatchObject({
      ExecutedVersion: "$LATEST",
      Payload: { got: { a: 1 } },
      StatusCode: 200,
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: expect.any(String) },
    });
    expect(ran.events[2]?.taskScheduledEventDetails).toEqual({
      resourceType: "lambda",
      resource: "invoke",
      region: "us-east-1",
      parameters: JSON.stringify({ FunctionName: FUNCTION, Payload: { a: 1 } }),
    });
    expect(types(ran).slice(2, 5)).toEqual(["TaskScheduled", "TaskStarted", "TaskSucceeded"]);
  });

  it("retries throttling by its name", async () => {
    let calls = 0;
    await using states = await statesCloud(
      withFunction(() => {
        if (calls++ < 2) throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
        return payload(calls);
      }),
    );
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const definition = task(INVOKE, {
      Parameters: { FunctionName: FUNCTION },
      ResultSelector: { "n.$": "$.Payload" },
      Retry: [{ ErrorEquals: ["Lambda.TooManyRequestsException"], IntervalSeconds: 2 }],
    });
    const { output, execution } = await states.run(await states.machine(definition, { roleArn }));
    expect(output).toEqual({ n: 3 });
    expect(Number(execution.stopDate) - Number(execution.startDate)).toBe(6_000);
  });

  it("is denied without the permission, naming action and resource", async () => {
    await using states = await statesCloud(withFunction(() => payload(1)));
    const roleArn = await states.role("nobody", []);
    const { execution } = await states.run(
      await states.machine(task(INVOKE, { Parameters: { FunctionName: FUNCTION } }), { roleArn }),
    );
    expect(execution.error).toBe("Lambda.AWSLambdaException");
    expect(execution.cause).toContain("is not authorized to perform: lambda:InvokeFunction on resource: " + FUNCTION);
    expect(execution.cause).toContain("Status Code: 403; Error Code: AccessDeniedException");
  });

  it("fails when the result is larger than 256 KiB", async () => {
    await using states = await statesCloud(withFunction(() => payload("x".repeat(262_145))));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const { execution } = await states.run(
      await states.machine(task(INVOKE, { Parameters: { FunctionName: FUNCTION } }), { roleArn }),
    );
    expect(execution).toMatchObject({
      error: "States.DataLimitExceeded",
      cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });
});

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

describe("a task that waits for its token", () => {
  const start = async (states: Awaited<ReturnType<typeof statesCloud>>, more: Record<string, unknown> = {}) => {
    const { QueueUrl = "" } = await states.cloud.call("sqs", "CreateQueue", { QueueName: "q" }, ACCOUNT);
    const roleArn = await states.role("sender", ["sqs:SendMessage"]);
    const definition = task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", {
      Parameters: { QueueUrl, MessageBody: { "token.$": "$$.Task.Token" } },
      ...more,
    });
    const { executionArn } = await states.sfn.send(
      new StartExecutionCommand({ stateMachineArn: await states.machine(definition, { roleArn }) }),
    );
    const body = await states.cloud.clock.until(
      async () => (await states.cloud.call("sqs", "ReceiveMessage", { QueueUrl }, ACCOUNT)).Messages?.[0]?.Body,
    );
    // One turn of the event loop, so that the clock is at rest before the test moves it.
    await new Promise((resolve) => setImmediate(resolve));
    const describeIt = () => states.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return { taskToken: String(JSON.parse(body).token), describe: describeIt };
  };

  it("goes on with what SendTaskSuccess brings", async () => {
    await using states = await statesCloud();
    const { taskToken, describe: state } = await start(states);
    await states.cloud.clock.advance(3_600_000);
    expect((await state()).status).toBe("RUNNING");
    await states.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' }));
    await states.cloud.clock.settle();
    expect(await state()).toMatchObject({ status: "SUCCEEDED", output: '{"approved":true}' });
    await expect(states.sfn.send(new SendTaskSuccessCommand({ taskToken, output: "1" }))).rejects.toMatchObject({
      name: "TaskTimedOut",
      message: "Task Timed Out: 'Provided task does not exist anymore'",
    });
  });

  it("fails with what SendTaskFailure brings", async () => {
    await using states = await statesCloud();
    const { taskToken, describe: state } = await start(states);
    await states.sfn.send(new SendTaskFailureCommand({ taskToken, error: "Rejected", cause: "by Ida" }));
    await states.cloud.clock.settle();
    expect(await state()).toMatchObject({ status: "FAILED", error: "Rejected", cause: "by Ida" });
  });

  it("lives by heartbeats", async () => {
    await using states = await statesCloud();
    const { taskToken, describe: state } = await start(states, { HeartbeatSeconds: 60 });
    for (let beat = 0; beat < 3; beat++) {
      await states.cloud.clock.advance(50_000);
      await states.sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
    }
    expect((await state()).status).toBe("RUNNING");
    await states.cloud.clock.advance(61_000);
    expect(await state()).toMatchObject({ status: "FAILED", error: "States.Timeout" });
  });

  it("is not found by tokens that nobody gave out, nor with output that is no JSON", async () => {
    await using states = await statesCloud();
    const { taskToken } = await start(states);
    await expect(
      states.sfn.send(new SendTaskSuccessCommand({ taskToken: "made up", output: "1" })),
    ).rejects.toMatchObject({ name: "InvalidToken", message: "Invalid Token: 'Invalid token'" });
    await expect(states.sfn.send(new SendTaskSuccessCommand({ taskToken, output: "{" }))).rejects.toMatchObject({
      name: "InvalidOutput",
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

describe("an activity", () => {
  it("waits for a worker and for its answer", async () => {
    await using states = await statesCloud();
    const { activityArn = "" } = await states.sfn.send(new CreateActivityCommand({ name: "approve" }));
    const { executionArn } = await states.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: await states.machine(task(activityArn, { TimeoutSeconds: 600 })),
        input: '{"a":1}',
      }),
    );
    const work = await states.sfn.send(new GetActivityTaskCommand({ activityArn, workerName: "Ida" }));
    expect(work.input).toBe('{"a":1}');
    await states.sfn.send(new SendTaskSuccessCommand({ taskToken: work.taskToken, output: '"yes"' }));
    await states.cloud.clock.settle();
    expect(await states.sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: "SUCCEEDED",
      output: '"yes"',
    });
  });

  it("answers nothing to a worker after a minute without a task", async () => {
    await using states = await statesCloud();
    const { activityArn = "" } = await states.sfn.send(new CreateActivityCommand({ name: "idle" }));
    const before = states.cloud.clock.now();
    const { taskToken } = await states.sfn.send(new GetActivityTaskCommand({ activityArn }));
    expect(taskToken).toBeUndefined();
    expect(states.cloud.clock.now() - before).toBe(60_000);
  });
});
