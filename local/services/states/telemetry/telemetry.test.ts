import { StartExecutionCommand, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { LOG_DELIVERY_ACTIONS } from "../machines/log-delivery.ts";
import { single, statesCloud, type StatesCloud } from "../test-cloud.ts";

const GROUP = "/aws/vendedlogs/states/test";

async function logging(states: StatesCloud, level: "ALL" | "ERROR" | "FATAL", includeExecutionData = false) {
  await states.cloud.call("logs", "CreateLogGroup", { logGroupName: GROUP }, ACCOUNT);
  const logGroupArn = states.cloud.arn("logs", `log-group:${GROUP}:*`);
  const roleArn = await states.role("logger", LOG_DELIVERY_ACTIONS);
  return {
    roleArn,
    loggingConfiguration: { level, includeExecutionData, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] },
  };
}

async function logged(states: StatesCloud): Promise<Record<string, unknown>[]> {
  await states.cloud.clock.settle();
  const { events = [] } = await states.cloud.call("logs", "FilterLogEvents", { logGroupName: GROUP }, ACCOUNT);
  return events.map(({ message = "" }) => JSON.parse(message));
}

const failing = { StartAt: "A", States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Fail", Error: "E" } } };

describe("the log of an execution", () => {
  it("has all its events, without data unless that is asked for", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(single({ Type: "Pass" }), {
      name: "m",
      type: "EXPRESS",
      ...(await logging(states, "ALL")),
    });
    const { executionArn } = await states.sfn.send(
      new StartSyncExecutionCommand({ stateMachineArn: arn, input: '{"secret":1}' }),
    );
    const events = await logged(states);
    expect(events.map(({ id, type, previous_event_id: previous }) => [id, type, previous])).toEqual([
      ["1", "ExecutionStarted", "0"],
      ["2", "PassStateEntered", "0"],
      ["3", "PassStateExited", "2"],
      ["4", "ExecutionSucceeded", "3"],
    ]);
    expect(events[1]).toMatchObject({
      details: { name: "Only" },
      execution_arn: executionArn,
      redrive_count: "0",
      event_timestamp: String(Date.UTC(2030, 0, 7, 12)),
    });
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  it("has the data where the configuration says so", async () => {
    await using states = await statesCloud();
    await states.run(await states.machine(single({ Type: "Pass" }), await logging(states, "ALL", true)), { secret: 1 });
    expect((await logged(states))[1]).toMatchObject({
      details: { input: '{"secret":1}', inputDetails: { truncated: false }, name: "Only" },
    });
  });

  it.each([
    ["ERROR", ["ExecutionFailed"]],
    ["FATAL", ["ExecutionFailed"]],
  ] as const)("has only failures at level %s", async (level, expected) => {
    await using states = await statesCloud();
    await states.run(await states.machine(failing, await logging(states, level)));
    expect((await logged(states)).map(({ type }) => type)).toEqual(expected);
  });
});

describe("metrics", () => {
  it("count starts and ends of a machine's executions, and their time", async () => {
    await using states = await statesCloud();
    const arn = await states.machine({
      StartAt: "W",
      States: { W: { Type: "Wait", Seconds: 3, Next: "F" }, F: { Type: "Fail" } },
    });
    await states.run(arn);
    await states.cloud.clock.settle();
    const sum = async (MetricName: string) => {
      const input = {
        Namespace: "AWS/States",
        MetricName,
        Dimensions: [{ Name: "StateMachineArn", Value: arn }],
        Period: 3600,
        Statistics: ["Sum" as const],
        StartTime: new Date(Date.UTC(2030, 0, 7)),
        EndTime: new Date(Date.UTC(2030, 0, 8)),
      };
      const { Datapoints = [] } = await states.cloud.call("cloudwatch", "GetMetricStatistics", input, ACCOUNT);
      return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
    };
    expect([
      await sum("ExecutionsStarted"),
      await sum("ExecutionsFailed"),
      await sum("ExecutionsSucceeded"),
      await sum("ExecutionTime"),
    ]).toEqual([1, 1, 0, 3000]);
    expect(states.cloud.logged).toEqual([]);
  });
});

describe("status changes", () => {
  it("are events on the default bus, at the start and at the end", async () => {
    await using states = await statesCloud();
    const { QueueUrl = "" } = await states.cloud.call("sqs", "CreateQueue", { QueueName: "changes" }, ACCOUNT);
    const queueArn = states.cloud.arn("sqs", "changes");
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queueArn,
        },
      ],
    });
    await states.cloud.call("sqs", "SetQueueAttributes", { QueueUrl, Attributes: { Policy } }, ACCOUNT);
    await states.cloud.call(
      "events",
      "PutRule",
      { Name: "changes", EventPattern: JSON.stringify({ source: ["aws.states"] }) },
      ACCOUNT,
    );
    await states.cloud.call(
      "events",
      "PutTargets",
      { Rule: "changes", Targets: [{ Id: "q", Arn: queueArn }] },
      ACCOUNT,
    );
    const stateMachineArn = await states.machine(failing, { name: "m" });
    await states.sfn.send(new StartExecutionCommand({ stateMachineArn, name: "one", input: '{"a":1}' }));
    await states.cloud.clock.settle();
    const { Messages = [] } = await states.cloud.call(
      "sqs",
      "ReceiveMessage",
      { QueueUrl, MaxNumberOfMessages: 10 },
      ACCOUNT,
    );
    const events = Messages.map(({ Body = "" }) => JSON.parse(Body));
    expect(events.map(({ detail }) => detail.status).sort()).toEqual(["FAILED", "RUNNING"]);
    expect(events.find(({ detail }) => detail.status === "FAILED")).toMatchObject({
      source: "aws.states",
      "detail-type": "Step Functions Execution Status Change",
      detail: {
        executionArn: states.cloud.arn("states", "execution:m:one"),
        stateMachineArn,
        name: "one",
        startDate: Date.UTC(2030, 0, 7, 12),
        input: '{"a":1}',
        output: null,
        error: "E",
      },
    });
  });
});
