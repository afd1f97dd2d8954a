/** Alarms through the SDK client: when they fire, and whom they tell. */
import * as SDK from "@aws-sdk/client-cloudwatch";
import { SNSClient, CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { SQSClient, CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../../testing.ts";

const MINUTE = 60_000;
const put = (cloud: TestCloud, ...data: Partial<SDK.MetricDatum>[]) =>
  cloud.client(SDK.CloudWatchClient).send(
    new SDK.PutMetricDataCommand({
      Namespace: "App",
      MetricData: data.map((datum) => ({ MetricName: "Errors", ...datum })),
    }),
  );
/** A topic, and what it was told. */
async function listener(cloud: TestCloud) {
  const [sns, sqs] = [cloud.client(SNSClient), cloud.client(SQSClient)];
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "ops" }));
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "seen" }));
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "*",
    },
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: "sqs",
      Endpoint: "arn:aws:sqs:us-east-1:123456789012:seen",
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  const heard = async (): Promise<unknown> => {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    return JSON.parse(Messages?.[0]?.Body ?? "null");
  };
  return { TopicArn, heard };
}

describe("an alarm", () => {
  const base = {
    AlarmName: "errors",
    Namespace: "App",
    MetricName: "Errors",
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    TreatMissingData: "notBreaching",
  } satisfies SDK.PutMetricAlarmCommandInput;
  const make = (cloud: TestCloud, rest: Partial<SDK.PutMetricAlarmCommandInput> = {}) =>
    cloud.client(SDK.CloudWatchClient).send(new SDK.PutMetricAlarmCommand({ ...base, ...rest }));
  const stateOf = async (cloud: TestCloud, name = "errors") => {
    const found = await cloud
      .client(SDK.CloudWatchClient)
      .send(new SDK.DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }));
    return [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])][0]?.StateValue;
  };

  it("begins without data, is fine after the first period, and fires at once when the threshold is crossed", async () => {
    await using cloud = await testCloud();
    await make(cloud);
    expect(await stateOf(cloud)).toBe("INSUFFICIENT_DATA");
    await cloud.clock.advance(MINUTE);
    expect(await stateOf(cloud)).toBe("OK");
    await put(cloud, { Value: 1 });
    expect(await stateOf(cloud)).toBe("ALARM");
    await cloud.clock.advance(10 * MINUTE);
    expect(await stateOf(cloud)).toBe("OK");
  });

  it("waits for the end of the period when more data could undo the breach", async () => {
    await using cloud = await testCloud();
    await make(cloud, { Statistic: "Average", Threshold: 10, TreatMissingData: "missing" });
    await put(cloud, { Value: 20 });
    expect(await stateOf(cloud)).toBe("INSUFFICIENT_DATA");
    await cloud.clock.advance(MINUTE);
    expect(await stateOf(cloud)).toBe("ALARM");
  });

  it("needs M out of N data points", async () => {
    await using cloud = await testCloud();
    await make(cloud, { EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    await put(cloud, { Value: 1 });
    await cloud.clock.advance(MINUTE);
    await put(cloud, { Value: 0 });
    expect(await stateOf(cloud)).toBe("OK");
    await cloud.clock.advance(MINUTE);
    await put(cloud, { Value: 1 });
    expect(await stateOf(cloud)).toBe("ALARM");
  });

  it("can be about an expression", async () => {
    await using cloud = await testCloud();
    const metric = (MetricName: string) => ({ Metric: { Namespace: "App", MetricName }, Period: 60, Stat: "Sum" });
    const { MetricName: _name, Namespace: _namespace, Statistic: _statistic, Period: _period, ...math } = base;
    const Metrics = [
      { Id: "e", MetricStat: metric("Errors"), ReturnData: false },
      { Id: "c", MetricStat: metric("Calls"), ReturnData: false },
      { Id: "rate", Expression: "e / c", ReturnData: true },
    ];
    await cloud.client(SDK.CloudWatchClient).send(new SDK.PutMetricAlarmCommand({ ...math, Threshold: 0.5, Metrics }));
    await put(cloud, { Value: 6 }, { MetricName: "Calls", Value: 10 });
    await cloud.clock.advance(MINUTE);
    expect(await stateOf(cloud)).toBe("ALARM");
  });

  it("tells its topic, with the message that AWS sends", async () => {
    await using cloud = await testCloud();
    const { TopicArn, heard } = await listener(cloud);
    await make(cloud, {
      AlarmActions: [TopicArn],
      AlarmDescription: "too many",
      Dimensions: [{ Name: "fn", Value: "f" }],
    });
    await put(cloud, { Value: 2, Dimensions: [{ Name: "fn", Value: "f" }] });
    expect(await heard()).toMatchObject({
      AlarmName: "errors",
      AlarmDescription: "too many",
      AWSAccountId: "123456789012",
      NewStateValue: "ALARM",
      OldStateValue: "INSUFFICIENT_DATA",
      StateChangeTime: "2030-01-07T12:00:00.000+0000",
      Region: "US East (N. Virginia)",
      AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors",
      Trigger: {
        MetricName: "Errors",
        Namespace: "App",
        StatisticType: "Statistic",
        Statistic: "SUM",
        Unit: null,
        Dimensions: [{ name: "fn", value: "f" }],
        Period: 60,
        Threshold: 1,
      },
    });
    const { AlarmHistoryItems } = await cloud
      .client(SDK.CloudWatchClient)
      .send(new SDK.DescribeAlarmHistoryCommand({ AlarmName: "errors" }));
    expect(
      AlarmHistoryItems?.map(({ HistoryItemType, HistorySummary }) => `${HistoryItemType}: ${HistorySummary}`),
    ).toEqual([
      `Action: Successfully executed action ${TopicArn}`,
      "StateUpdate: Alarm updated from INSUFFICIENT_DATA to ALARM",
      'ConfigurationUpdate: Alarm "errors" created',
    ]);
  });

  // As messages of accounts show it: name and value are small, in expressions too, while all other members are those of the API.
  it("tells its topic the metrics of an expression with their dimensions in small letters", async () => {
    await using cloud = await testCloud();
    const { TopicArn, heard } = await listener(cloud);
    const { MetricName: _name, Namespace: _namespace, Statistic: _statistic, Period: _period, ...math } = base;
    const Metric = { Namespace: "App", MetricName: "Errors", Dimensions: [{ Name: "fn", Value: "f" }] };
    const Metrics = [
      { Id: "e", MetricStat: { Metric, Period: 60, Stat: "Sum" }, ReturnData: false },
      { Id: "twice", Expression: "e * 2", Label: "Twice", ReturnData: true },
    ];
    await cloud
      .client(SDK.CloudWatchClient)
      .send(new SDK.PutMetricAlarmCommand({ ...math, AlarmActions: [TopicArn], Metrics }));
    await put(cloud, { Value: 2, Dimensions: [{ Name: "fn", Value: "f" }] });
    await cloud.clock.advance(MINUTE);
    expect(await heard()).toMatchObject({
      Trigger: {
        Metrics: [
          { Id: "e", MetricStat: { Metric: { ...Metric, Dimensions: [{ value: "f", name: "fn" }] }, Period: 60 } },
          { Id: "twice", Expression: "e * 2", Label: "Twice", ReturnData: true },
        ],
      },
    });
  });

  it("stays silent while its actions are off, and says when an action failed", async () => {
    await using cloud = await testCloud();
    const client = cloud.client(SDK.CloudWatchClient);
    await make(cloud, { AlarmActions: ["arn:aws:sns:us-east-1:123456789012:none"] });
    await client.send(new SDK.DisableAlarmActionsCommand({ AlarmNames: ["errors"] }));
    const change = (StateValue: SDK.StateValue) =>
      client.send(new SDK.SetAlarmStateCommand({ AlarmName: "errors", StateValue, StateReason: "try" }));
    const actions = async () =>
      (
        await client.send(new SDK.DescribeAlarmHistoryCommand({ AlarmName: "errors", HistoryItemType: "Action" }))
      ).AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary);
    await change("ALARM");
    expect(await actions()).toEqual([]);
    await client.send(new SDK.EnableAlarmActionsCommand({ AlarmNames: ["errors"] }));
    await change("OK");
    await change("ALARM");
    await cloud.clock.settle();
    expect(await actions()).toEqual([
      expect.stringMatching(/^Failed to execute action arn:aws:sns:us-east-1:123456789012:none/),
    ]);
  });

  it("is part of composite alarms", async () => {
    await using cloud = await testCloud();
    const client = cloud.client(SDK.CloudWatchClient);
    await make(cloud);
    await make(cloud, { AlarmName: "other" });
    await client.send(
      new SDK.PutCompositeAlarmCommand({ AlarmName: "both", AlarmRule: "ALARM(errors) AND NOT ALARM(other)" }),
    );
    expect(await stateOf(cloud, "both")).toBe("OK");
    await client.send(new SDK.SetAlarmStateCommand({ AlarmName: "errors", StateValue: "ALARM", StateReason: "x" }));
    expect(await stateOf(cloud, "both")).toBe("ALARM");
    await client.send(new SDK.SetAlarmStateCommand({ AlarmName: "other", StateValue: "ALARM", StateReason: "x" }));
    expect(await stateOf(cloud, "both")).toBe("OK");
    await expect(
      client.send(new SDK.PutCompositeAlarmCommand({ AlarmName: "c", AlarmRule: "ALARM(nobody)" })),
    ).rejects.toThrow("do not exist");
  });

  it.each<[string, Partial<SDK.PutMetricAlarmCommandInput>, RegExp]>([
    ["a period of 45 seconds", { Period: 45 }, /The value 45 for parameter Period is invalid/],
    [
      "more data points than periods",
      { DatapointsToAlarm: 2 },
      /DatapointsToAlarm must be less than or equal to EvaluationPeriods/,
    ],
    ["more than a day", { Period: 300, EvaluationPeriods: 289 }, /across more than a day/],
    ["both kinds of statistic", { ExtendedStatistic: "p90" }, /Exactly one of Statistic and ExtendedStatistic/],
    ["an action that is no ARN", { AlarmActions: ["ops"] }, /Invalid arn syntax: ops/],
    [
      "an unknown comparison",
      { ComparisonOperator: "Equals" as SDK.ComparisonOperator },
      /for parameter ComparisonOperator is invalid/,
    ],
    ["no threshold", { Threshold: undefined }, /The parameter Threshold is required/],
  ])("is refused with %s", async (_, rest, message) => {
    await using cloud = await testCloud();
    await expect(make(cloud, rest)).rejects.toThrow(message);
  });

  it("leaves no timer behind when nothing can change", async () => {
    await using cloud = await testCloud();
    await make(cloud);
    await put(cloud, { Value: 1 });
    await cloud.clock.advance(60 * MINUTE);
    expect(await stateOf(cloud)).toBe("OK");
    const updates = await cloud
      .client(SDK.CloudWatchClient)
      .send(new SDK.DescribeAlarmHistoryCommand({ AlarmName: "errors", HistoryItemType: "StateUpdate" }));
    expect(updates.AlarmHistoryItems).toHaveLength(2);
  });
});
