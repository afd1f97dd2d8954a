import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as Metrics from "@aws-sdk/client-cloudwatch";
import * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { expect, it, onTestFinished } from "vitest";
import { testCloud } from "../../testing.ts";

it("logs, metric filters, metrics and alarms are there after a restart and go on working", async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "logs-"));
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
  const group = { logGroupName: "g" };
  const line = (message: string, timestamp: number) =>
    new Logs.PutLogEventsCommand({ ...group, logStreamName: "s", logEvents: [{ timestamp, message }] });
  {
    await using cloud = await testCloud({ dataFolder });
    const logs = cloud.client(Logs.CloudWatchLogsClient);
    await logs.send(new Logs.CreateLogGroupCommand(group));
    await logs.send(new Logs.CreateLogStreamCommand({ ...group, logStreamName: "s" }));
    const transformation = { metricName: "Errors", metricNamespace: "App", metricValue: "1" };
    await logs.send(
      new Logs.PutMetricFilterCommand({
        ...group,
        filterName: "f",
        filterPattern: "ERROR",
        metricTransformations: [transformation],
      }),
    );
    await logs.send(line("ERROR one", cloud.clock.now()));
    await cloud.client(Metrics.CloudWatchClient).send(
      new Metrics.PutMetricAlarmCommand({
        AlarmName: "errors",
        Namespace: "App",
        MetricName: "Errors",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 2,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
      }),
    );
  }
  await using cloud = await testCloud({ dataFolder });
  const logs = cloud.client(Logs.CloudWatchLogsClient);
  const state = async () =>
    (await cloud.client(Metrics.CloudWatchClient).send(new Metrics.DescribeAlarmsCommand({}))).MetricAlarms?.[0]
      ?.StateValue;
  expect(await state()).toBe("INSUFFICIENT_DATA");
  await logs.send(line("ERROR two", cloud.clock.now()));
  const { events } = await logs.send(new Logs.FilterLogEventsCommand(group));
  expect(events?.map(({ message }) => message)).toEqual(["ERROR one", "ERROR two"]);
  expect(new Set(events?.map(({ eventId }) => eventId)).size).toBe(2);
  // One error of before the restart and one of after it, in the same minute, reach the threshold together.
  await cloud.clock.advance(1000);
  expect(await state()).toBe("ALARM");
});
