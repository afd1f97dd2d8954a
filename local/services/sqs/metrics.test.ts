import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateQueueCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../testing.ts";

let cloud: TestCloud;
let QueueUrl: string;
beforeEach(async () => {
  cloud = await testCloud();
  QueueUrl = (await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "dead" }))).QueueUrl ?? "";
});
afterEach(() => cloud.stop());

const send = () => cloud.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
const minutes = async (count: number) => cloud.clock.advance(count * 60_000);

describe("the metrics of a queue", () => {
  it("count its messages each minute, until it is empty", async () => {
    await send();
    await send();
    await minutes(3);
    await cloud.client(SQSClient).send(new PurgeQueueCommand({ QueueUrl }));
    await minutes(5);
    const { Datapoints = [] } = await cloud.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/SQS",
        MetricName: "ApproximateNumberOfMessagesVisible",
        Dimensions: [{ Name: "QueueName", Value: "dead" }],
        Statistics: ["Maximum"],
        Period: 60,
        StartTime: new Date(cloud.clock.now() - 3_600_000),
        EndTime: new Date(cloud.clock.now()),
      }),
    );
    const values = Datapoints.toSorted((a, b) => Number(a.Timestamp) - Number(b.Timestamp)).map(
      ({ Maximum }) => Maximum,
    );
    expect(values).toEqual([2, 2, 2, 0]);
  });

  it("set off an alarm on the depth of a dead-letter queue, and end it", async () => {
    const cloudwatch = cloud.client(CloudWatchClient);
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: "a",
        Namespace: "AWS/SQS",
        MetricName: "ApproximateNumberOfMessagesVisible",
        Dimensions: [{ Name: "QueueName", Value: "dead" }],
        Statistic: "Maximum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "notBreaching",
      }),
    );
    const state = async () => (await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms?.[0]?.StateValue;
    await send();
    await minutes(3);
    expect(await state()).toBe("ALARM");
    await cloud.client(SQSClient).send(new PurgeQueueCommand({ QueueUrl }));
    await minutes(5);
    expect(await state()).toBe("OK");
  });

  it("fall silent when nobody has used it for six hours", async () => {
    await send();
    await minutes(24 * 60);
    await cloud.clock.settle();
    expect(cloud.logged).toEqual([]);
  });
});
