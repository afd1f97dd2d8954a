/** Alarms and why they are in the state they are in. */
import { allPages, type ConsoleContext } from "../context.ts";
import { required, type Routes } from "../route.ts";

export function alarmRoutes(context: ConsoleContext): Routes {
  return {
    "GET /alarms": async () => {
      const owners = context.owners();
      const alarms = await allPages(async (NextToken) => {
        const answer = await context.read("cloudwatch", "DescribeAlarms", {
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          ...(NextToken && { NextToken }),
        });
        const metric = (answer.MetricAlarms ?? []).map((alarm) => ({
          ...alarm,
          watches: alarm.MetricName ? `${alarm.Namespace ?? ""} ${alarm.MetricName}` : "an expression",
          rule: `${alarm.Statistic ?? alarm.ExtendedStatistic ?? ""} ${COMPARISONS[alarm.ComparisonOperator ?? ""] ?? alarm.ComparisonOperator ?? ""} ${alarm.Threshold ?? ""}, ${alarm.EvaluationPeriods ?? 1} × ${alarm.Period ?? "?"} s`,
        }));
        const composite = (answer.CompositeAlarms ?? []).map((alarm) => ({
          ...alarm,
          watches: "other alarms",
          rule: alarm.AlarmRule ?? "",
        }));
        return { items: [...metric, ...composite], next: answer.NextToken };
      });
      return {
        alarms: alarms.map((alarm) => ({
          name: alarm.AlarmName,
          owner: owners.get(alarm.AlarmName ?? ""),
          description: alarm.AlarmDescription,
          state: alarm.StateValue,
          reason: alarm.StateReason,
          changedAt: alarm.StateUpdatedTimestamp,
          watches: alarm.watches,
          rule: alarm.rule,
          actions: alarm.AlarmActions ?? [],
        })),
      };
    },

    "GET /alarm/history": async (ask) => {
      const { AlarmHistoryItems = [] } = await context.read("cloudwatch", "DescribeAlarmHistory", {
        AlarmName: required(ask, "name"),
        MaxRecords: 50,
      });
      return {
        history: AlarmHistoryItems.map(({ Timestamp, HistoryItemType, HistorySummary }) => ({
          at: Timestamp,
          type: HistoryItemType,
          summary: HistorySummary,
        })),
      };
    },
  };
}

const COMPARISONS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: "≥",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "≤",
};
