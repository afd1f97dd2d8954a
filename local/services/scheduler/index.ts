/** EventBridge Scheduler: schedules by rate, cron and single moments, in time zones, with retries and dead-letter queues. */
import * as Scheduler from "@aws-sdk/client-scheduler";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { resources } from "./resources.ts";
import { scheduleHandlers } from "./schedules.ts";
import { groupsOf, type SchedulerModule, schedulesOf } from "./store.ts";
import { createTiming } from "./timing.ts";

export function create(cloud: Cloud): Service<SchedulerModule> {
  if (!groupsOf(cloud).has("default")) {
    groupsOf(cloud).set("default", {
      name: "default",
      arn: cloud.arn("scheduler", "schedule-group/default"),
      createdAt: cloud.clock.now(),
    });
  }
  const timing = createTiming(cloud);
  return {
    sdk: Scheduler,
    handlers: scheduleHandlers(cloud, timing),
    permissions(operation, input) {
      const group = typeof input["GroupName"] === "string" ? input["GroupName"] : "default";
      const name = String(input["Name"] ?? "*");
      const resource = operation.endsWith("Group")
        ? `schedule-group/${name}`
        : operation.startsWith("List")
          ? "schedule/*/*"
          : `schedule/${group}/${name}`;
      return [{ action: `scheduler:${operation}`, resource: cloud.arn("scheduler", resource) }];
    },
    resources: resources(cloud),
    resume() {
      for (const schedule of schedulesOf(cloud).values()) timing.arm(schedule);
    },
  };
}
