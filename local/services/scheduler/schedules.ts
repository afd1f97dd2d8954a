import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { isSupportedTarget } from "../events/delivery/send.ts";
import { parseSchedule } from "../events/schedule/expression.ts";
import { isTimeZone } from "../events/schedule/time-zone.ts";
import { page } from "../events/paging.ts";
import {
  groupNamed,
  groupsOf,
  type ScheduleInput,
  scheduleKey,
  scheduleNamed,
  type SchedulerModule,
  schedulesOf,
  type StoredSchedule,
} from "./store.ts";
import type { Timing } from "./timing.ts";

const NAME = /^[0-9a-zA-Z\-_.]{1,64}$/;
const invalid = (message: string) => new ServiceError("ValidationException", message);

export function scheduleHandlers(cloud: Cloud, timing: Timing): Handlers<SchedulerModule> {
  const schedules = schedulesOf(cloud);
  const groups = groupsOf(cloud);
  return {
    CreateSchedule(input) {
      const group = groupNamed(cloud, input.GroupName);
      const key = scheduleKey(group.name, input.Name ?? "");
      if (schedules.has(key))
        throw new ServiceError("ConflictException", `Schedule ${input.Name} already exists.`, { status: 409 });
      check(cloud, input);
      const now = cloud.clock.now();
      const schedule: StoredSchedule = {
        name: input.Name ?? "",
        group: group.name,
        arn: cloud.arn("scheduler", `schedule/${key}`),
        createdAt: now,
        modifiedAt: now,
        startedAt: now,
        input,
      };
      schedules.set(key, schedule);
      timing.arm(schedule);
      return { ScheduleArn: schedule.arn };
    },
    UpdateSchedule(input) {
      const schedule = scheduleNamed(cloud, input.GroupName, input.Name);
      check(cloud, input);
      if (schedule.input.ScheduleExpression !== input.ScheduleExpression) schedule.startedAt = cloud.clock.now();
      schedule.input = input;
      schedule.modifiedAt = cloud.clock.now();
      schedules.set(scheduleKey(schedule.group, schedule.name), schedule);
      timing.arm(schedule);
      return { ScheduleArn: schedule.arn };
    },
    GetSchedule({ Name, GroupName }) {
      const schedule = scheduleNamed(cloud, GroupName, Name);
      const { ClientToken: _, ...input } = schedule.input;
      return {
        ...input,
        GroupName: schedule.group,
        Arn: schedule.arn,
        State: input.State ?? "ENABLED",
        CreationDate: new Date(schedule.createdAt),
        LastModificationDate: new Date(schedule.modifiedAt),
      };
    },
    DeleteSchedule({ Name, GroupName }) {
      const schedule = scheduleNamed(cloud, GroupName, Name);
      timing.disarm(schedule);
      schedules.delete(scheduleKey(schedule.group, schedule.name));
      return {};
    },
    ListSchedules({ GroupName, NamePrefix = "", State, MaxResults, NextToken }) {
      const found = [...schedules.values()].filter(
        ({ name, group, input }) =>
          (GroupName === undefined || group === GroupName) &&
          name.startsWith(NamePrefix) &&
          (State === undefined || (input.State ?? "ENABLED") === State),
      );
      const { items, nextToken } = page(found, MaxResults, NextToken);
      return {
        Schedules: items.map(({ name, group, arn, input, createdAt, modifiedAt }) => ({
          Name: name,
          GroupName: group,
          Arn: arn,
          State: input.State ?? "ENABLED",
          CreationDate: new Date(createdAt),
          LastModificationDate: new Date(modifiedAt),
          Target: { Arn: input.Target?.Arn },
        })),
        ...nextToken,
      };
    },
    CreateScheduleGroup({ Name = "" }) {
      if (!NAME.test(Name))
        throw invalid(
          `Value '${Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+`,
        );
      if (groups.has(Name))
        throw new ServiceError("ConflictException", `Schedule group ${Name} already exists.`, { status: 409 });
      const group = { name: Name, arn: cloud.arn("scheduler", `schedule-group/${Name}`), createdAt: cloud.clock.now() };
      groups.set(Name, group);
      return { ScheduleGroupArn: group.arn };
    },
    GetScheduleGroup({ Name }) {
      const group = groupNamed(cloud, Name);
      return {
        Name: group.name,
        Arn: group.arn,
        State: "ACTIVE",
        CreationDate: new Date(group.createdAt),
        LastModificationDate: new Date(group.createdAt),
      };
    },
    DeleteScheduleGroup({ Name }) {
      const group = groupNamed(cloud, Name);
      if (group.name === "default") throw invalid("The default schedule group cannot be deleted.");
      for (const schedule of [...schedules.values()].filter((candidate) => candidate.group === group.name)) {
        timing.disarm(schedule);
        schedules.delete(scheduleKey(schedule.group, schedule.name));
      }
      groups.delete(group.name);
      return {};
    },
  };
}

function check(cloud: Cloud, input: ScheduleInput): void {
  if (!NAME.test(input.Name ?? ""))
    throw invalid(
      `Value '${input.Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+`,
    );
  const zone = input.ScheduleExpressionTimezone ?? "UTC";
  if (!isTimeZone(zone)) throw invalid(`Invalid Schedule Expression Timezone ${zone}.`);
  if (!parseSchedule(input.ScheduleExpression ?? "", cloud.clock.now(), zone))
    throw invalid(`Invalid Schedule Expression ${input.ScheduleExpression}.`);
  if (!input.FlexibleTimeWindow?.Mode) throw invalid("FlexibleTimeWindow is required.");
  if (input.FlexibleTimeWindow.Mode === "FLEXIBLE" && !input.FlexibleTimeWindow.MaximumWindowInMinutes)
    throw invalid("MaximumWindowInMinutes is required with a FLEXIBLE window.");
  const arn = input.Target?.Arn ?? "";
  if (!input.Target?.RoleArn) throw invalid("Target.RoleArn is required.");
  if (arn.includes(":scheduler:::aws-sdk:") || !isSupportedTarget(arn))
    throw invalid(`Provided Arn is not in correct format or not supported by the local cloud: ${arn}`);
}
