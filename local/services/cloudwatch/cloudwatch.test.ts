/** CloudWatch through its SDK client: metrics put, read and made of log lines; dashboards. */
import * as SDK from "@aws-sdk/client-cloudwatch";
import * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../testing.ts";

const MINUTE = 60_000;
const refusal = (name: string, message?: RegExp) =>
  expect.objectContaining({ name, ...(message && { message: expect.stringMatching(message) }) });

const put = (cloud: TestCloud, ...data: Partial<SDK.MetricDatum>[]) =>
  cloud.client(SDK.CloudWatchClient).send(
    new SDK.PutMetricDataCommand({
      Namespace: "App",
      MetricData: data.map((datum) => ({ MetricName: "Errors", ...datum })),
    }),
  );
const statistics = async (cloud: TestCloud, rest: Partial<SDK.GetMetricStatisticsCommandInput> = {}) =>
  (
    await cloud.client(SDK.CloudWatchClient).send(
      new SDK.GetMetricStatisticsCommand({
        Namespace: "App",
        MetricName: "Errors",
        StartTime: new Date(cloud.clock.now() - 60 * MINUTE),
        EndTime: new Date(cloud.clock.now() + MINUTE),
        Period: 60,
        Statistics: ["Sum", "SampleCount", "Minimum", "Maximum", "Average"],
        ...rest,
      }),
    )
  ).Datapoints;

describe("metric data", () => {
  it("is summed up by period, whatever form it came in", async () => {
    await using cloud = await testCloud();
    await put(
      cloud,
      { Value: 1, Unit: "Count" },
      { Values: [2, 3], Counts: [1, 2], Unit: "Count" },
      { StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 }, Unit: "Count" },
    );
    expect(await statistics(cloud)).toEqual([
      {
        Timestamp: new Date(cloud.clock.now()),
        Unit: "Count",
        Sum: 19,
        SampleCount: 6,
        Minimum: 1,
        Maximum: 6,
        Average: 19 / 6,
      },
    ]);
  });
  it("has percentiles", async () => {
    await using cloud = await testCloud();
    await put(cloud, { Values: Array.from({ length: 100 }, (_, i) => i + 1) });
    const [point] =
      (await statistics(cloud, { Statistics: undefined, ExtendedStatistics: ["p50", "p99", "p100", "tm90"] })) ?? [];
    expect(point?.ExtendedStatistics).toEqual({ p50: 50.5, p99: 99.01, p100: 100, tm90: 45.5 });
  });
  it("belongs to its dimensions, in any order", async () => {
    await using cloud = await testCloud();
    const [a, b] = [
      { Name: "a", Value: "1" },
      { Name: "b", Value: "2" },
    ] as const;
    await put(cloud, { Value: 1, Dimensions: [a, b] }, { Value: 1, Dimensions: [b, a] }, { Value: 7, Dimensions: [a] });
    expect((await statistics(cloud, { Dimensions: [b, a] }))?.[0]?.Sum).toBe(2);
    expect((await statistics(cloud, { Dimensions: [a] }))?.[0]?.Sum).toBe(7);
    expect(await statistics(cloud)).toEqual([]);
    const { Metrics } = await cloud
      .client(SDK.CloudWatchClient)
      .send(new SDK.ListMetricsCommand({ Namespace: "App", Dimensions: [{ Name: "b" }] }));
    expect(Metrics).toEqual([{ Namespace: "App", MetricName: "Errors", Dimensions: [a, b] }]);
  });
  it.each<[string, Partial<SDK.MetricDatum>, string, RegExp]>([
    ["no value", {}, "MissingRequiredParameterException", /The parameter MetricData.member.1.Value is required/],
    [
      "two kinds of value",
      { Value: 1, Values: [1] },
      "InvalidParameterCombinationException",
      /MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive/,
    ],
    [
      "counts that do not fit",
      { Values: [1, 2], Counts: [1] },
      "InvalidParameterValueException",
      /must be of the same size/,
    ],
    [
      "no number",
      { Value: Number.POSITIVE_INFINITY },
      "InvalidParameterValueException",
      /The value Infinity for parameter MetricData.member.1.Value is invalid/,
    ],
    [
      "an unknown unit",
      { Value: 1, Unit: "Apples" as SDK.StandardUnit },
      "InvalidParameterValueException",
      /Unit must be a value in the set/,
    ],
    [
      "an old time",
      { Value: 1, Timestamp: new Date(0) },
      "InvalidParameterValueException",
      /within the past two weeks/,
    ],
    [
      "a time to come",
      { Value: 1, Timestamp: new Date(Date.UTC(2040, 0)) },
      "InvalidParameterValueException",
      /no more than two hours in the future/,
    ],
    [
      "a dimension without value",
      { Value: 1, Dimensions: [{ Name: "a", Value: "" }] },
      "MissingRequiredParameterException",
      /Dimensions.member.1.Value is required/,
    ],
    [
      "too many dimensions",
      { Value: 1, Dimensions: Array.from({ length: 31 }, (_, i) => ({ Name: `d${i}`, Value: "x" })) },
      "InvalidParameterValueException",
      /size greater than 30/,
    ],
  ])("with %s is refused", async (_, datum, name, message) => {
    await using cloud = await testCloud();
    await expect(put(cloud, datum)).rejects.toEqual(refusal(name, message));
    expect(await statistics(cloud)).toEqual([]);
  });
  it("is kept whole or not at all, and not in AWS's own namespaces", async () => {
    await using cloud = await testCloud();
    await expect(put(cloud, { Value: 1 }, {})).rejects.toEqual(
      refusal("MissingRequiredParameterException", /member.2/),
    );
    expect(await statistics(cloud)).toEqual([]);
    const client = cloud.client(SDK.CloudWatchClient);
    await expect(
      client.send(
        new SDK.PutMetricDataCommand({ Namespace: "AWS/Lambda", MetricData: [{ MetricName: "x", Value: 1 }] }),
      ),
    ).rejects.toEqual(refusal("InvalidParameterValueException"));
  });
  it("can be calculated with", async () => {
    await using cloud = await testCloud();
    await put(cloud, { Value: 3 }, { MetricName: "Calls", Value: 12 });
    const metric = (MetricName: string) => ({ Metric: { Namespace: "App", MetricName }, Period: 60, Stat: "Sum" });
    const { MetricDataResults } = await cloud.client(SDK.CloudWatchClient).send(
      new SDK.GetMetricDataCommand({
        StartTime: new Date(cloud.clock.now() - MINUTE),
        EndTime: new Date(cloud.clock.now() + MINUTE),
        MetricDataQueries: [
          { Id: "errors", MetricStat: metric("Errors"), ReturnData: false },
          { Id: "calls", MetricStat: metric("Calls"), ReturnData: false },
          { Id: "rate", Expression: "100 * errors / calls", Label: "Rate" },
        ],
      }),
    );
    expect(MetricDataResults).toEqual([
      { Id: "rate", Label: "Rate", StatusCode: "Complete", Timestamps: [new Date(cloud.clock.now())], Values: [25] },
    ]);
  });
});

describe("log lines", () => {
  it("become metrics, embedded or by filter", async () => {
    await using cloud = await testCloud();
    const logs = cloud.client(Logs.CloudWatchLogsClient);
    const name = { logGroupName: "g" };
    await logs.send(new Logs.CreateLogGroupCommand(name));
    await logs.send(new Logs.CreateLogStreamCommand({ ...name, logStreamName: "s" }));
    const transformation = {
      metricName: "Errors",
      metricNamespace: "App",
      metricValue: "$.weight",
      dimensions: { kind: "$.kind" },
    };
    await logs.send(
      new Logs.PutMetricFilterCommand({
        ...name,
        filterName: "f",
        filterPattern: '{ $.level = "ERROR" }',
        metricTransformations: [transformation],
      }),
    );
    const now = cloud.clock.now();
    const embedded = {
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [{ Namespace: "App", Dimensions: [["fn"]], Metrics: [{ Name: "Errors", Unit: "Count" }] }],
      },
      fn: "f",
      Errors: 5,
    };
    const messages = [
      JSON.stringify(embedded),
      '{"level":"ERROR","weight":2,"kind":"x"}',
      '{"level":"ERROR","weight":3,"kind":"x"}',
      '{"level":"INFO","weight":9,"kind":"x"}',
      "ERROR plain",
    ];
    await logs.send(
      new Logs.PutLogEventsCommand({
        ...name,
        logStreamName: "s",
        logEvents: messages.map((message) => ({ timestamp: now, message })),
      }),
    );
    await cloud.clock.settle();
    expect((await statistics(cloud, { Dimensions: [{ Name: "fn", Value: "f" }] }))?.[0]).toMatchObject({
      Sum: 5,
      Unit: "Count",
    });
    expect((await statistics(cloud, { Dimensions: [{ Name: "kind", Value: "x" }] }))?.[0]).toMatchObject({
      Sum: 5,
      SampleCount: 2,
    });
  });
});

describe("a dashboard", () => {
  it("is kept, listed and deleted", async () => {
    await using cloud = await testCloud();
    const client = cloud.client(SDK.CloudWatchClient);
    const DashboardBody = JSON.stringify({ widgets: [] });
    await client.send(new SDK.PutDashboardCommand({ DashboardName: "d", DashboardBody }));
    expect((await client.send(new SDK.GetDashboardCommand({ DashboardName: "d" }))).DashboardBody).toBe(DashboardBody);
    expect((await client.send(new SDK.ListDashboardsCommand({}))).DashboardEntries).toMatchObject([
      { DashboardName: "d", Size: 14 },
    ]);
    await expect(client.send(new SDK.PutDashboardCommand({ DashboardName: "d", DashboardBody: "{" }))).rejects.toThrow(
      "must be a valid JSON object",
    );
    await client.send(new SDK.DeleteDashboardsCommand({ DashboardNames: ["d"] }));
    await expect(client.send(new SDK.GetDashboardCommand({ DashboardName: "d" }))).rejects.toThrow(
      "Dashboard d does not exist",
    );
  });
});
