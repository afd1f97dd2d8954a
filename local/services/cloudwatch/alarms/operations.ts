/** Composite alarms, and the operations on alarms of both kinds. */
import type * as SDK from "@aws-sdk/client-cloudwatch";
import { ServiceError } from "../../../core/errors.ts";
import type { Handlers } from "../../../core/service.ts";
import { invalidCombination, invalidValue, missing, unsupported } from "../errors.ts";
import { tokenOf, tokenPlace } from "../metrics/read-metrics.ts";
import { type Alarm, compositeAlarmView, metricAlarmView } from "./alarm.ts";
import { alarmName, parseCompositeRule } from "./composite-rule.ts";
import { checkedAlarmName, checkedCommon, putMetricAlarm } from "./put-metric-alarm.ts";
import type { AlarmStore } from "./store.ts";

const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
type AlarmHandlers = Handlers<typeof SDK>;

export function alarmHandlers(store: AlarmStore): AlarmHandlers {
  const { cloud, alarms } = store;
  const setEnabled = (names: readonly string[] | undefined, actionsEnabled: boolean) => {
    for (const name of names ?? missing("AlarmNames")) {
      const alarm = alarms.get(name);
      if (alarm) alarms.set(name, { ...alarm, actionsEnabled });
    }
    return {};
  };
  const named = (arn: string | undefined): Alarm =>
    alarms.get(alarmName(arn ?? "")) ?? notFound(`${arn} does not exist`);

  return {
    PutMetricAlarm: putMetricAlarm(store),

    PutCompositeAlarm(input) {
      const name = checkedAlarmName(input.AlarmName);
      if (input.ActionsSuppressor !== undefined) unsupported("ActionsSuppressor");
      const rule = input.AlarmRule ?? missing("AlarmRule");
      const { alarms: children } = parseCompositeRule(rule);
      for (const child of children) {
        if (!alarms.has(alarmName(child)))
          invalidValue(
            `Could not save the composite alarm as alarms [${children.filter((other) => !alarms.has(alarmName(other))).join(", ")}] in the alarm rule do not exist`,
          );
      }
      if (children.some((child) => alarmName(child) === name))
        invalidValue("A composite alarm cannot depend on itself.");
      const now = cloud.clock.now();
      const before = alarms.get(name);
      store.put({
        kind: "composite",
        name,
        arn: cloud.arn("cloudwatch", `alarm:${name}`),
        ...checkedCommon(input),
        rule,
        configuredAt: now,
        state: before?.state ?? "INSUFFICIENT_DATA",
        reason: before?.reason ?? "Unchecked: Initial alarm creation",
        reasonData: undefined,
        stateUpdatedAt: before?.stateUpdatedAt ?? now,
        transitionedAt: before?.transitionedAt ?? now,
        tags: Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      });
      return {};
    },

    DescribeAlarms(input) {
      if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined)
        invalidCombination("AlarmNames and AlarmNamePrefix are mutually exclusive.");
      for (const member of ["ChildrenOfAlarmName", "ParentsOfAlarmName"] as const)
        if (input[member] !== undefined) unsupported(member);
      // Only metric alarms unless composite ones are asked for (DescribeAlarms).
      const types = input.AlarmTypes ?? ["MetricAlarm"];
      const found = [...alarms.values()]
        .filter((alarm) => types.includes(alarm.kind === "metric" ? "MetricAlarm" : "CompositeAlarm"))
        .filter(
          ({ name }) =>
            (input.AlarmNames === undefined || input.AlarmNames.includes(name)) &&
            name.startsWith(input.AlarmNamePrefix ?? ""),
        )
        .filter(({ state }) => input.StateValue === undefined || state === input.StateValue)
        .filter(
          (alarm) =>
            input.ActionPrefix === undefined ||
            [...alarm.okActions, ...alarm.alarmActions, ...alarm.insufficientDataActions].some((action) =>
              action.startsWith(input.ActionPrefix ?? ""),
            ),
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, rest } = page(found, input.NextToken, input.MaxRecords ?? 50);
      return {
        MetricAlarms: items.flatMap((alarm) => (alarm.kind === "metric" ? [metricAlarmView(alarm)] : [])),
        CompositeAlarms: items.flatMap((alarm) => (alarm.kind === "composite" ? [compositeAlarmView(alarm)] : [])),
        ...rest,
      };
    },

    DescribeAlarmsForMetric(input) {
      const wanted = JSON.stringify((input.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).sort());
      const found = [...alarms.values()].flatMap((alarm) => {
        if (alarm.kind !== "metric" || alarm.isMath) return [];
        const metric = alarm.queries[0]?.stat?.metric;
        const dimensions = JSON.stringify(
          (metric?.dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).sort(),
        );
        return metric?.name === input.MetricName && metric?.namespace === input.Namespace && dimensions === wanted
          ? [metricAlarmView(alarm)]
          : [];
      });
      return { MetricAlarms: found };
    },

    SetAlarmState(input) {
      const name = checkedAlarmName(input.AlarmName);
      const state =
        STATES.find((known) => known === input.StateValue) ??
        invalidValue(`The value ${input.StateValue} for parameter StateValue is invalid.`);
      const alarm = alarms.get(name);
      if (alarm === undefined)
        throw new ServiceError("ResourceNotFound", `Alarm ${name} does not exist`, { status: 404 });
      if (input.StateReasonData !== undefined && !isJson(input.StateReasonData))
        throw new ServiceError("InvalidFormatFault", "StateReasonData was not valid JSON");
      store.setState(name, state, input.StateReason ?? missing("StateReason"), input.StateReasonData);
      if (alarm.kind === "metric") store.arm(alarm);
      return {};
    },

    DeleteAlarms(input) {
      const names = input.AlarmNames ?? missing("AlarmNames");
      const unknown = names.filter((name) => !alarms.has(name));
      if (unknown.length > 0 && names.length === unknown.length)
        throw new ServiceError("ResourceNotFound", `Alarms ${unknown.join(", ")} do not exist`, { status: 404 });
      for (const name of names) store.delete(name);
      return {};
    },

    EnableAlarmActions: (input) => setEnabled(input.AlarmNames, true),
    DisableAlarmActions: (input) => setEnabled(input.AlarmNames, false),

    DescribeAlarmHistory(input) {
      const types = input.AlarmTypes ?? ["MetricAlarm"];
      const all =
        input.AlarmName === undefined ? [...store.history.values()].flat() : (store.history.get(input.AlarmName) ?? []);
      const found = all
        .filter(({ type }) => input.HistoryItemType === undefined || type === input.HistoryItemType)
        .filter(
          ({ kind }) =>
            input.AlarmName !== undefined || types.includes(kind === "metric" ? "MetricAlarm" : "CompositeAlarm"),
        )
        .filter(
          ({ at }) =>
            at >= (input.StartDate?.getTime() ?? 0) && at <= (input.EndDate?.getTime() ?? Number.POSITIVE_INFINITY),
        )
        .sort((a, b) => b.at - a.at);
      const { items, rest } = page(
        input.ScanBy === "TimestampAscending" ? found.reverse() : found,
        input.NextToken,
        input.MaxRecords ?? 100,
      );
      return {
        AlarmHistoryItems: items.map((item) => ({
          AlarmName: item.alarm,
          AlarmType: item.kind === "metric" ? ("MetricAlarm" as const) : ("CompositeAlarm" as const),
          Timestamp: new Date(item.at),
          HistoryItemType: item.type,
          HistorySummary: item.summary,
          HistoryData: item.data,
        })),
        ...rest,
      };
    },

    TagResource(input) {
      const alarm = named(input.ResourceARN);
      const added = Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
      alarms.set(alarm.name, { ...alarm, tags: { ...alarm.tags, ...added } });
      return {};
    },
    UntagResource(input) {
      const alarm = named(input.ResourceARN);
      alarms.set(alarm.name, {
        ...alarm,
        tags: Object.fromEntries(Object.entries(alarm.tags).filter(([key]) => !input.TagKeys?.includes(key))),
      });
      return {};
    },
    ListTagsForResource: (input) => ({
      Tags: Object.entries(named(input.ResourceARN).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}

function page<T>(items: readonly T[], token: string | undefined, size: number) {
  if (size < 1 || size > 100)
    invalidValue(`The value ${size} for parameter MaxRecords is invalid. It must be between 1 and 100.`);
  const start = tokenPlace(token);
  const end = start + size;
  return { items: items.slice(start, end), rest: end < items.length ? { NextToken: tokenOf(end) } : {} };
}

function notFound(message: string): never {
  throw new ServiceError("ResourceNotFoundException", message, { status: 404 });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
