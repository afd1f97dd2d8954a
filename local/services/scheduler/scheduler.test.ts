import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../testing.ts";

let cloud: TestCloud;
let scheduler: SchedulerClient;
let queueUrl: string;
let target: { Arn: string; RoleArn: string };
beforeEach(async () => {
  cloud = await testCloud();
  scheduler = cloud.client(SchedulerClient);
  const { QueueUrl = "" } = await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "q" }));
  queueUrl = QueueUrl;
  const iam = cloud.client(IAMClient);
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const Arn = cloud.arn("sqs", "q");
  const allow = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: Arn }] };
  await iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "p", PolicyDocument: JSON.stringify(allow) }));
  target = { Arn, RoleArn: Role?.Arn ?? "" };
});
afterEach(() => cloud.stop());

const schedule = (ScheduleExpression: string, more: object = {}) =>
  scheduler.send(
    new CreateScheduleCommand({
      Name: "s",
      ScheduleExpression,
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { ...target, Input: '{"at":"<aws.scheduler.scheduled-time>"}' },
      ...more,
    }),
  );
const received = async () => {
  const { Messages = [] } = await cloud
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = "" }) => (JSON.parse(Body) as { at: string }).at).sort();
};

describe("a schedule", () => {
  it("sends its input, with the scheduled time filled in, in its own time zone", async () => {
    await schedule("cron(0 8 * * ? *)", { ScheduleExpressionTimezone: "Europe/Berlin" });
    await cloud.clock.advance(2 * 86_400_000);
    expect(await received()).toEqual(["2030-01-08T07:00:00Z", "2030-01-09T07:00:00Z"]);
  });

  it("fires once at a moment and is deleted when it says so", async () => {
    await schedule("at(2030-01-07T13:00:00)", { ActionAfterCompletion: "DELETE" });
    await cloud.clock.settle();
    expect(await received()).toEqual(["2030-01-07T13:00:00Z"]);
    await expect(scheduler.send(new GetScheduleCommand({ Name: "s" }))).rejects.toThrow("Schedule s does not exist.");
  });

  it("keeps within its start and end", async () => {
    await schedule("rate(1 day)", {
      StartDate: new Date("2030-01-09T00:00:00Z"),
      EndDate: new Date("2030-01-10T12:00:00Z"),
    });
    await cloud.clock.advance(5 * 86_400_000);
    expect(await received()).toEqual(["2030-01-09T00:00:00Z", "2030-01-10T00:00:00Z"]);
  });

  it.each([
    ["a wrong expression", { ScheduleExpression: "rate(1 hours)" }, "Invalid Schedule Expression rate(1 hours)."],
    [
      "a wrong time zone",
      { ScheduleExpressionTimezone: "Mars/Base" },
      "Invalid Schedule Expression Timezone Mars/Base.",
    ],
    [
      "a target that cannot be reached",
      { Target: { Arn: "arn:aws:ecs:us-east-1:1:cluster/x", RoleArn: "r" } },
      "not supported by the local cloud",
    ],
  ])("is refused for %s", async (_name, members, message) => {
    await expect(schedule("rate(1 hour)", members)).rejects.toThrow(message);
  });
});
