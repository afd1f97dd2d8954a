/** What an alarm sets off when its state changes: topics, functions and an event on the default bus. */
import type { Dimension, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Cloud } from "../../../core/cloud.ts";
import { asService } from "../../../core/principal.ts";
import type { Alarm, MetricAlarm } from "./alarm.ts";

const SERVICE = "cloudwatch.amazonaws.com";

const REGIONS: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-west-1": "EU (Ireland)",
  "eu-west-2": "EU (London)",
  "eu-north-1": "EU (Stockholm)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
};

const actionsOf = (alarm: Alarm): readonly string[] =>
  alarm.state === "ALARM" ? alarm.alarmActions : alarm.state === "OK" ? alarm.okActions : alarm.insufficientDataActions;

/** Runs the actions of the state the alarm has come to; answers what became of each, for the history. */
export async function runActions(cloud: Cloud, alarm: Alarm, previous: Alarm): Promise<readonly string[]> {
  const as = asService(SERVICE, alarm.arn);
  await cloud
    .call("events", "PutEvents", { Entries: [stateChangeEvent(cloud, alarm, previous)] }, as)
    .catch((error: unknown) =>
      cloud.log.warn(`the state change of alarm ${alarm.name} did not reach EventBridge: ${messageOf(error)}`),
    );
  if (!alarm.actionsEnabled) return [];
  const outcomes: string[] = [];
  for (const action of actionsOf(alarm)) {
    try {
      await runAction(cloud, action, alarm, previous);
      outcomes.push(`Successfully executed action ${action}`);
    } catch (error) {
      outcomes.push(`Failed to execute action ${action}. Received error: "${messageOf(error)}"`);
      cloud.log.warn(`alarm ${alarm.name}: ${outcomes.at(-1)}`);
    }
  }
  return outcomes;
}

async function runAction(cloud: Cloud, action: string, alarm: Alarm, previous: Alarm): Promise<void> {
  const as = asService(SERVICE, alarm.arn);
  const [, , service] = action.split(":");
  if (service === "sns") {
    // SNS takes subjects of at most 100 characters.
    const subject = `${alarm.state}: "${alarm.name}" in ${REGIONS[cloud.region] ?? cloud.region}`.slice(0, 100);
    const Message = JSON.stringify(notification(cloud, alarm, previous));
    await cloud.call("sns", "Publish", { TopicArn: action, Subject: subject, Message }, as);
  } else if (service === "lambda") {
    const payload = lambdaEvent(cloud, alarm, previous);
    const asAlarms = asService("lambda.alarms.cloudwatch.amazonaws.com", alarm.arn);
    await cloud.call(
      "lambda",
      "Invoke",
      { FunctionName: action, InvocationType: "Event", Payload: Buffer.from(JSON.stringify(payload)) },
      asAlarms,
    );
  } else throw new Error(`actions of ${service ?? "this kind"} are not supported by the local cloud`);
}

/** What subscribers of an alarm's topic get (Notifying users on alarm changes). */
function notification(cloud: Cloud, alarm: Alarm, previous: Alarm): Record<string, unknown> {
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: cloud.accountId,
    AlarmConfigurationUpdatedTimestamp: offsetTime(alarm.configuredAt),
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: offsetTime(alarm.stateUpdatedAt),
    Region: REGIONS[cloud.region] ?? cloud.region,
    AlarmArn: alarm.arn,
    OldStateValue: previous.state,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    ...(alarm.kind === "metric" ? { Trigger: trigger(alarm) } : { AlarmRule: alarm.rule }),
  };
}

function trigger(alarm: MetricAlarm): Record<string, unknown> {
  const { input } = alarm;
  const rule = {
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: input.TreatMissingData ?? "missing",
    EvaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile ?? "",
  };
  if (alarm.isMath) return { ...rule, Metrics: (input.Metrics ?? []).map(queryInMessage) };
  return {
    MetricName: input.MetricName,
    Namespace: input.Namespace,
    StatisticType: input.ExtendedStatistic === undefined ? "Statistic" : "ExtendedStatistic",
    ...(input.ExtendedStatistic === undefined
      ? { Statistic: snake(input.Statistic ?? "") }
      : { ExtendedStatistic: input.ExtendedStatistic }),
    Unit: input.Unit ?? null,
    Dimensions: dimensionsInMessage(input.Dimensions),
    ...rule,
  };
}

/** The members of dimensions are small in messages, and only there: of single metrics and within expressions alike. */
const dimensionsInMessage = (dimensions: readonly Dimension[] = []) =>
  dimensions.map(({ Name, Value }) => ({ value: Value, name: Name }));

function queryInMessage(query: MetricDataQuery): Record<string, unknown> {
  const { MetricStat: stat } = query;
  if (stat?.Metric === undefined) return { ...query };
  return {
    ...query,
    MetricStat: { ...stat, Metric: { ...stat.Metric, Dimensions: dimensionsInMessage(stat.Metric.Dimensions) } },
  };
}

function stateChangeEvent(cloud: Cloud, alarm: Alarm, previous: Alarm) {
  return {
    Source: "aws.cloudwatch",
    DetailType: "CloudWatch Alarm State Change",
    Resources: [alarm.arn],
    Time: new Date(cloud.clock.now()),
    Detail: JSON.stringify({
      alarmName: alarm.name,
      state: state(alarm),
      previousState: state(previous),
      configuration: configuration(alarm),
    }),
  };
}

/** The event of a function (Invoke a Lambda function from an alarm). */
const lambdaEvent = (cloud: Cloud, alarm: Alarm, previous: Alarm) => ({
  source: "aws.cloudwatch",
  alarmArn: alarm.arn,
  accountId: cloud.accountId,
  time: offsetTime(alarm.stateUpdatedAt),
  region: cloud.region,
  alarmData: {
    alarmName: alarm.name,
    state: state(alarm),
    previousState: state(previous),
    configuration: configuration(alarm),
  },
});

const state = (alarm: Alarm) => ({
  value: alarm.state,
  reason: alarm.reason,
  ...(alarm.reasonData !== undefined && { reasonData: alarm.reasonData }),
  timestamp: offsetTime(alarm.stateUpdatedAt),
});

function configuration(alarm: Alarm): Record<string, unknown> {
  const described = alarm.description === undefined ? {} : { description: alarm.description };
  if (alarm.kind === "composite") return { ...described, alarmRule: alarm.rule };
  return {
    ...described,
    metrics: alarm.queries.map((query) => ({
      id: query.id,
      ...(query.stat
        ? {
            metricStat: {
              metric: {
                namespace: query.stat.metric.namespace,
                name: query.stat.metric.name,
                dimensions: Object.fromEntries(query.stat.metric.dimensions.map(({ Name, Value }) => [Name, Value])),
              },
              period: alarm.periodSeconds,
              stat: query.stat.statistic,
            },
          }
        : { expression: query.expression }),
      returnData: query.returnsData,
    })),
  };
}

const offsetTime = (at: number): string => new Date(at).toISOString().replace("Z", "+0000");
const snake = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
