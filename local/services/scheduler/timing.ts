/** Runs schedules on the clock and hands their input to the targets. */
import type { Cancel } from "../../core/clock.ts";
import type { Cloud } from "../../core/cloud.ts";
import { deliver, DEFAULT_RETRY } from "../events/delivery/deliver.ts";
import { parseSchedule } from "../events/schedule/expression.ts";
import { scheduleKey, type StoredSchedule, schedulesOf } from "./store.ts";

export interface Timing {
  arm(schedule: StoredSchedule): void;
  disarm(schedule: StoredSchedule): void;
}

export function createTiming(cloud: Cloud): Timing {
  const timers = new Map<string, Cancel>();
  const schedules = schedulesOf(cloud);
  const disarm = (schedule: StoredSchedule) => {
    const key = scheduleKey(schedule.group, schedule.name);
    timers.get(key)?.();
    timers.delete(key);
  };
  const arm = (schedule: StoredSchedule) => {
    disarm(schedule);
    const { input } = schedule;
    if (input.State === "DISABLED") return;
    const due = nextDue(schedule, cloud.clock.now());
    if (due === undefined) return;
    const key = scheduleKey(schedule.group, schedule.name);
    // A flexible window spreads invocations over some minutes (Configuring flexible time windows).
    const spread =
      input.FlexibleTimeWindow?.Mode === "FLEXIBLE"
        ? cloud.random() * (input.FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) * 60_000
        : 0;
    const fire = () => {
      const current = schedules.get(key);
      if (!current) return;
      cloud.clock.background(`schedule ${current.name}`, () => invoke(cloud, current, due));
      if (nextDue(current, due) !== undefined) arm(current);
      else if (current.input.ActionAfterCompletion === "DELETE") schedules.delete(key);
    };
    const isOnce = input.ScheduleExpression?.startsWith("at(") ?? false;
    timers.set(key, cloud.clock.at(due + spread, fire, { background: !isOnce }));
  };
  return { arm, disarm };
}

function nextDue({ input, startedAt }: StoredSchedule, after: number): number | undefined {
  const start = input.StartDate?.getTime() ?? startedAt;
  const schedule = parseSchedule(input.ScheduleExpression ?? "", start, input.ScheduleExpressionTimezone ?? "UTC");
  // A rate with a start date fires at that date first.
  const due =
    input.StartDate && input.ScheduleExpression?.startsWith("rate(") && after < start
      ? start
      : schedule?.next(Math.max(after, input.StartDate ? start - 1 : after));
  return due !== undefined && input.EndDate && due > input.EndDate.getTime() ? undefined : due;
}

async function invoke(cloud: Cloud, schedule: StoredSchedule, due: number): Promise<void> {
  const target = schedule.input.Target;
  const context: Readonly<Record<string, string>> = {
    "aws.scheduler.schedule-arn": schedule.arn,
    "aws.scheduler.scheduled-time": new Date(due).toISOString().replace(/\.\d+Z$/, "Z"),
    "aws.scheduler.execution-id": cloud.uuid(),
    "aws.scheduler.attempt-number": "1",
  };
  const input = (target?.Input ?? "{}").replace(
    /<(aws\.scheduler\.[\w-]+)>/g,
    (token, name: string) => context[name] ?? token,
  );
  // An event bus gets the input as the detail of an event (Using templated targets in EventBridge Scheduler).
  const event = target?.EventBridgeParameters;
  const payload =
    event === undefined
      ? input
      : JSON.stringify({
          source: event.Source,
          "detail-type": event.DetailType,
          detail: JSON.parse(input) as unknown,
          time: new Date(cloud.clock.now()).toISOString(),
        });
  await deliver(
    cloud,
    {
      targetArn: target?.Arn ?? "",
      roleArn: target?.RoleArn,
      payload,
      service: "scheduler.amazonaws.com",
      sourceArn: schedule.arn,
      messageGroupId: target?.SqsParameters?.MessageGroupId,
    },
    {
      maximumAttempts: target?.RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRY.maximumAttempts,
      maximumAgeSeconds: target?.RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_RETRY.maximumAgeSeconds,
      deadLetterArn: target?.DeadLetterConfig?.Arn,
    },
  );
}
