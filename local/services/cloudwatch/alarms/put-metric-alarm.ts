/** Makes or changes an alarm on a metric or on metric math. */
import type * as SDK from "@aws-sdk/client-cloudwatch";
import type { Handler } from "../../../core/service.ts";
import { invalidCombination, invalidValue, missing, unsupported } from "../errors.ts";
import { checkedPeriod, checkedQueries, type CheckedQuery } from "../metrics/query.ts";
import { checkedDimensions } from "../metrics/put-metric-data.ts";
import { isStatistic, STATISTICS } from "../metrics/statistics.ts";
import type { MetricAlarm } from "./alarm.ts";
import type { Comparison, MissingData } from "./evaluate.ts";
import type { AlarmStore } from "./store.ts";

const COMPARISONS: readonly Comparison[] = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
const MISSING: readonly MissingData[] = ["breaching", "notBreaching", "ignore", "missing"];
const MOST_ACTIONS = 5;
const DAY_SECONDS = 86_400;

export const putMetricAlarm =
  (store: AlarmStore): Handler<typeof SDK, "PutMetricAlarm"> =>
  (input) => {
    const name = checkedAlarmName(input.AlarmName);
    if (input.ThresholdMetricId !== undefined) unsupported("ThresholdMetricId");
    const comparison =
      COMPARISONS.find((known) => known === input.ComparisonOperator) ??
      badChoice("ComparisonOperator", input.ComparisonOperator, COMPARISONS);
    const missingData =
      input.TreatMissingData === undefined
        ? "missing"
        : (MISSING.find((known) => known === input.TreatMissingData) ??
          badChoice("TreatMissingData", input.TreatMissingData, MISSING));
    const evaluationPeriods = input.EvaluationPeriods ?? missing("EvaluationPeriods");
    if (evaluationPeriods < 1) invalidValue("The parameter EvaluationPeriods must be greater than or equal to 1.");
    const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods;
    if (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods) {
      invalidValue(`DatapointsToAlarm must be less than or equal to EvaluationPeriods and at least 1.`);
    }
    const { queries, periodSeconds, isMath } = subject(input);
    const most = periodSeconds >= 3600 ? 7 * DAY_SECONDS : DAY_SECONDS;
    if (evaluationPeriods * periodSeconds > most) {
      invalidCombination(
        `Metrics cannot be checked across more than ${most === DAY_SECONDS ? "a day" : "seven days"} (EvaluationPeriods * Period must be <= ${most}).`,
      );
    }
    const { cloud } = store;
    const now = cloud.clock.now();
    const before = store.alarms.get(name);
    const known = before?.kind === "metric" ? before : undefined;
    const alarm: MetricAlarm = {
      kind: "metric",
      name,
      arn: cloud.arn("cloudwatch", `alarm:${name}`),
      ...checkedCommon(input),
      queries,
      isMath,
      periodSeconds,
      evaluationPeriods,
      datapointsToAlarm,
      threshold: input.Threshold ?? missing("Threshold"),
      comparison,
      missingData,
      input,
      configuredAt: now,
      // An update leaves the state as it is (PutMetricAlarm).
      state: known?.state ?? "INSUFFICIENT_DATA",
      reason: known?.reason ?? "Unchecked: Initial alarm creation",
      reasonData: known?.reasonData,
      stateUpdatedAt: known?.stateUpdatedAt ?? now,
      transitionedAt: known?.transitionedAt ?? now,
      tags: known?.tags ?? Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    };
    store.put(alarm);
    return {};
  };

function subject(input: SDK.PutMetricAlarmCommandInput): {
  queries: readonly CheckedQuery[];
  periodSeconds: number;
  isMath: boolean;
} {
  if (input.Metrics !== undefined) {
    if (input.MetricName !== undefined || input.Namespace !== undefined || input.Statistic !== undefined) {
      invalidCombination("The parameters Metrics and MetricName, Namespace or Statistic are mutually exclusive.");
    }
    const queries = checkedQueries(input.Metrics, "Metrics");
    if (queries.filter(({ returnsData }) => returnsData).length !== 1)
      invalidValue("Exactly one element of the metrics list should return data.");
    const periods = [...new Set(queries.flatMap(({ stat, period }) => (stat ? (period ?? []) : [])))];
    if (periods.length > 1) unsupported("An alarm on metrics with different periods");
    return { queries, periodSeconds: checkedPeriod(periods[0] ?? queries[0]?.period ?? 60), isMath: true };
  }
  const namespace = input.Namespace ?? missing("Namespace");
  const name = input.MetricName ?? missing("MetricName");
  if ((input.Statistic === undefined) === (input.ExtendedStatistic === undefined)) {
    invalidCombination("Exactly one of Statistic and ExtendedStatistic must be specified.");
  }
  if (input.Statistic !== undefined && !STATISTICS.some((known) => known === input.Statistic))
    badChoice("Statistic", input.Statistic, STATISTICS);
  const statistic = input.ExtendedStatistic ?? input.Statistic ?? "";
  if (!isStatistic(statistic)) invalidValue(`The value ${statistic} for parameter ExtendedStatistic is not supported.`);
  const metric = { namespace, name, dimensions: checkedDimensions(input.Dimensions, "Dimensions") };
  const periodSeconds = checkedPeriod(input.Period);
  const query = {
    id: "m1",
    label: name,
    returnsData: true,
    period: periodSeconds,
    expression: undefined,
    stat: { metric, statistic, unit: input.Unit },
  };
  return { queries: [query], periodSeconds, isMath: false };
}

type CommonInput = Pick<
  SDK.PutMetricAlarmCommandInput,
  "AlarmDescription" | "ActionsEnabled" | "OKActions" | "AlarmActions" | "InsufficientDataActions"
>;

/** What metric and composite alarms have in common. */
export function checkedCommon(input: CommonInput) {
  for (const member of ["OKActions", "AlarmActions", "InsufficientDataActions"] as const) {
    const actions = input[member] ?? [];
    if (actions.length > MOST_ACTIONS)
      invalidValue(`The collection ${member} must not have a size greater than ${MOST_ACTIONS}.`);
    for (const action of actions)
      if (!/^arn:[\w-]+:[\w-]+:/.test(action)) invalidValue(`Invalid arn syntax: ${action}`);
  }
  return {
    description: input.AlarmDescription,
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: [...(input.OKActions ?? [])],
    alarmActions: [...(input.AlarmActions ?? [])],
    insufficientDataActions: [...(input.InsufficientDataActions ?? [])],
  };
}

export function checkedAlarmName(name: string | undefined): string {
  if (name === undefined || name === "") return missing("AlarmName");
  if (name.length > 255) invalidValue("The parameter AlarmName must be shorter than 256 characters.");
  return name;
}

function badChoice(parameter: string, value: string | undefined, choices: readonly string[]): never {
  if (value === undefined) return missing(parameter);
  return invalidValue(
    `The value ${value} for parameter ${parameter} is invalid. Valid values are ${choices.join(", ")}.`,
  );
}
