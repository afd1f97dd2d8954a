import type * as Scheduler from "@aws-sdk/client-scheduler";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Input } from "../../core/service.ts";

export type SchedulerModule = typeof Scheduler;
export type ScheduleInput = Input<SchedulerModule, "CreateSchedule">;

export interface StoredSchedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly createdAt: number;
  modifiedAt: number;
  /** Where a rate begins to count, epoch ms. */
  startedAt: number;
  input: ScheduleInput;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
}

export const schedulesOf = (cloud: Cloud) => cloud.storage.map<StoredSchedule>("scheduler.schedules");
export const groupsOf = (cloud: Cloud) => cloud.storage.map<Group>("scheduler.groups");
export const scheduleKey = (group: string, name: string): string => `${group}/${name}`;

export function groupNamed(cloud: Cloud, name = "default"): Group {
  const group = groupsOf(cloud).get(name);
  if (!group)
    throw new ServiceError("ResourceNotFoundException", `Schedule group ${name} does not exist.`, { status: 404 });
  return group;
}

export function scheduleNamed(cloud: Cloud, group: string | undefined, name = ""): StoredSchedule {
  const schedule = schedulesOf(cloud).get(scheduleKey(groupNamed(cloud, group).name, name));
  if (!schedule)
    throw new ServiceError("ResourceNotFoundException", `Schedule ${name} does not exist.`, { status: 404 });
  return schedule;
}
