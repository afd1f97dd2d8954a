/** Alarms as they are kept and shown. */
import type * as SDK from "@aws-sdk/client-cloudwatch";
import type { CheckedQuery } from "../metrics/query.ts";
import type { Comparison, MissingData, State } from "./evaluate.ts";

interface Common {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly actionsEnabled: boolean;
  readonly okActions: readonly string[];
  readonly alarmActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  /** Epoch ms. */
  readonly configuredAt: number;
  readonly state: State;
  readonly reason: string;
  readonly reasonData: string | undefined;
  readonly stateUpdatedAt: number;
  readonly transitionedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MetricAlarm extends Common {
  readonly kind: "metric";
  /** What is compared: a metric, or the one query of `queries` that returns data. */
  readonly queries: readonly CheckedQuery[];
  /** True when it was made with Metrics rather than with MetricName. */
  readonly isMath: boolean;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missingData: MissingData;
  readonly input: SDK.PutMetricAlarmCommandInput;
}

export interface CompositeAlarm extends Common {
  readonly kind: "composite";
  readonly rule: string;
}

export type Alarm = MetricAlarm | CompositeAlarm;

export function metricAlarmView(alarm: MetricAlarm): SDK.MetricAlarm {
  const { input } = alarm;
  return {
    ...commonView(alarm),
    EvaluationPeriods: alarm.evaluationPeriods,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    ...(input.DatapointsToAlarm !== undefined && { DatapointsToAlarm: input.DatapointsToAlarm }),
    ...(input.TreatMissingData !== undefined && { TreatMissingData: input.TreatMissingData }),
    ...(input.EvaluateLowSampleCountPercentile !== undefined && {
      EvaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile,
    }),
    ...(alarm.isMath
      ? { Metrics: input.Metrics }
      : {
          MetricName: input.MetricName,
          Namespace: input.Namespace,
          Dimensions: input.Dimensions ?? [],
          Period: alarm.periodSeconds,
          ...(input.Statistic !== undefined && { Statistic: input.Statistic }),
          ...(input.ExtendedStatistic !== undefined && { ExtendedStatistic: input.ExtendedStatistic }),
          ...(input.Unit !== undefined && { Unit: input.Unit }),
        }),
  };
}

export const compositeAlarmView = (alarm: CompositeAlarm): SDK.CompositeAlarm => ({
  ...commonView(alarm),
  AlarmRule: alarm.rule,
});

const commonView = (alarm: Alarm) => ({
  AlarmName: alarm.name,
  AlarmArn: alarm.arn,
  ...(alarm.description !== undefined && { AlarmDescription: alarm.description }),
  AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
  ActionsEnabled: alarm.actionsEnabled,
  OKActions: [...alarm.okActions],
  AlarmActions: [...alarm.alarmActions],
  InsufficientDataActions: [...alarm.insufficientDataActions],
  StateValue: alarm.state,
  StateReason: alarm.reason,
  ...(alarm.reasonData !== undefined && { StateReasonData: alarm.reasonData }),
  StateUpdatedTimestamp: new Date(alarm.stateUpdatedAt),
  StateTransitionedTimestamp: new Date(alarm.transitionedAt),
});
