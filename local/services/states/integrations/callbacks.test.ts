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
import { ACCOUNT } from "../../../core/principal.ts";
import { single, statesCloud } from "../test-cloud.ts";

const task = (resource: string, more: Record<string, unknown> = {}) =>
  single({ Type: "Task", Resource: resource, ...more });

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
