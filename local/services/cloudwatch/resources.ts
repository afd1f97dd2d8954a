/** AWS::CloudWatch::Alarm, CompositeAlarm and Dashboard. */
import type * as SDK from "@aws-sdk/client-cloudwatch";
import type { Cloud } from "../../core/cloud.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { KnownProperties, Properties, ResourceContext, ResourceProvider } from "../../core/service.ts";
import type { AlarmStore } from "./alarms/store.ts";
import { dashboardsOf } from "./dashboards.ts";

const TAGS: KnownProperties = [{ Key: true, Value: true }];
const ACTIONS: Readonly<Record<string, KnownProperties>> = {
  ActionsEnabled: true,
  AlarmActions: true,
  AlarmDescription: true,
  AlarmName: true,
  InsufficientDataActions: true,
  OKActions: true,
  Tags: TAGS,
};
const DIMENSIONS: KnownProperties = [{ Name: true, Value: true }];
const METRIC_STAT: KnownProperties = {
  Metric: { Namespace: true, MetricName: true, Dimensions: DIMENSIONS },
  Period: true,
  Stat: true,
  Unit: true,
};

const NUMBERS = new Set(["Period", "EvaluationPeriods", "DatapointsToAlarm", "Threshold"]);
const BOOLEANS = new Set(["ActionsEnabled", "ReturnData"]);

export function cloudwatchResources(cloud: Cloud, store: AlarmStore): Record<string, ResourceProvider> {
  const alarm = (
    known: Readonly<Record<string, KnownProperties>>,
    put: (input: unknown) => Promise<unknown>,
  ): ResourceProvider => {
    const save = async (name: string, properties: Properties, context: ResourceContext) => {
      const own = Array.isArray(properties["Tags"]) ? properties["Tags"] : [];
      const Tags = [
        ...Object.entries(context.tags)
          .filter(([key]) => !key.startsWith("aws:"))
          .map(([Key, Value]) => ({ Key, Value })),
        ...own,
      ];
      await put({ ...withoutEmpty(typed(properties)), Tags, AlarmName: name });
      return { physicalId: name, attributes: { Arn: cloud.arn("cloudwatch", `alarm:${name}`) } };
    };
    return {
      known: { ...ACTIONS, ...known },
      create: (properties, context) =>
        save(text(properties["AlarmName"]) ?? context.physicalName(255), properties, context),
      update: (physicalId, properties, previous, context) =>
        properties["AlarmName"] === previous["AlarmName"] ? save(physicalId, properties, context) : "replace",
      delete: (physicalId) => store.delete(physicalId),
    };
  };
  return {
    "AWS::CloudWatch::Alarm": alarm(
      {
        ComparisonOperator: true,
        DatapointsToAlarm: true,
        Dimensions: DIMENSIONS,
        EvaluateLowSampleCountPercentile: true,
        EvaluationPeriods: true,
        ExtendedStatistic: true,
        MetricName: true,
        Metrics: [{ Expression: true, Id: true, Label: true, MetricStat: METRIC_STAT, Period: true, ReturnData: true }],
        Namespace: true,
        Period: true,
        Statistic: true,
        Threshold: true,
        TreatMissingData: true,
        Unit: true,
      },
      // Every member is checked by the operation.
      (input) => cloud.call("cloudwatch", "PutMetricAlarm", input as SDK.PutMetricAlarmCommandInput, ACCOUNT),
    ),
    "AWS::CloudWatch::CompositeAlarm": alarm({ AlarmRule: true }, (input) =>
      cloud.call("cloudwatch", "PutCompositeAlarm", input as SDK.PutCompositeAlarmCommandInput, ACCOUNT),
    ),
    "AWS::CloudWatch::Dashboard": dashboard(cloud),
  };
}

function dashboard(cloud: Cloud): ResourceProvider {
  const put = async (name: string, properties: Properties) => {
    const body = properties["DashboardBody"];
    await cloud.call(
      "cloudwatch",
      "PutDashboard",
      { DashboardName: name, DashboardBody: typeof body === "string" ? body : JSON.stringify(body) },
      ACCOUNT,
    );
    return { physicalId: name };
  };
  return {
    known: { DashboardBody: true, DashboardName: true },
    create: (properties, context) => put(text(properties["DashboardName"]) ?? context.physicalName(255), properties),
    update: (physicalId, properties, previous) =>
      properties["DashboardName"] === previous["DashboardName"] ? put(physicalId, properties) : "replace",
    delete: (physicalId) => void dashboardsOf(cloud).delete(physicalId),
  };
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Templates may write numbers and booleans as text (`!Ref` of a parameter does). */
function typed(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => typed(item));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, unknown]) => [key, typed(inner, key)]));
  if (typeof value === "string" && NUMBERS.has(name)) return Number(value);
  if (typeof value === "string" && BOOLEANS.has(name)) return value === "true";
  return name === "Value" ? String(value) : value;
}

// Lists that `!If … AWS::NoValue` left empty of everything.
const withoutEmpty = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});
