import type { Cloud } from "../../core/cloud.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../core/service.ts";
import type { ScheduleInput } from "./store.ts";

const SCHEDULE = {
  Name: true,
  GroupName: true,
  ScheduleExpression: true,
  ScheduleExpressionTimezone: true,
  State: true,
  Description: true,
  StartDate: true,
  EndDate: true,
  KmsKeyArn: true,
  FlexibleTimeWindow: { Mode: true, MaximumWindowInMinutes: true },
  Target: {
    Arn: true,
    RoleArn: true,
    Input: true,
    DeadLetterConfig: true,
    RetryPolicy: true,
    SqsParameters: true,
    EventBridgeParameters: true,
  },
} as const;

const asDate = (value: unknown): { [name: string]: Date } | undefined =>
  value === undefined ? undefined : { at: new Date(String(value)) };

/** The template's members are the API's (hence the cast), but for dates and numbers that arrive as text. */
function inputOf(name: string, properties: Properties): ScheduleInput {
  const target = (properties["Target"] ?? {}) as Record<string, unknown>;
  const retry = target["RetryPolicy"] as Record<string, unknown> | undefined;
  const window = (properties["FlexibleTimeWindow"] ?? {}) as Record<string, unknown>;
  const start = asDate(properties["StartDate"])?.["at"];
  const end = asDate(properties["EndDate"])?.["at"];
  return {
    ...(properties as object),
    Name: name,
    Target: {
      ...target,
      ...(retry && {
        RetryPolicy: Object.fromEntries(Object.entries(retry).map(([key, value]) => [key, Number(value)])),
      }),
    },
    FlexibleTimeWindow: {
      ...window,
      ...(window["MaximumWindowInMinutes"] !== undefined && {
        MaximumWindowInMinutes: Number(window["MaximumWindowInMinutes"]),
      }),
    },
    ...(start && { StartDate: start }),
    ...(end && { EndDate: end }),
  } as unknown as ScheduleInput;
}

export function resources(cloud: Cloud): Readonly<Record<string, ResourceProvider>> {
  const text = (properties: Properties, name: string) =>
    typeof properties[name] === "string" ? properties[name] : undefined;
  const group = (properties: Properties) => {
    const name = text(properties, "GroupName");
    return name === undefined ? {} : { GroupName: name };
  };
  return {
    "AWS::Scheduler::Schedule": {
      known: SCHEDULE,
      async create(properties, context) {
        const name = text(properties, "Name") ?? context.physicalName(64);
        const { ScheduleArn } = await cloud.call("scheduler", "CreateSchedule", inputOf(name, properties), ACCOUNT);
        return { physicalId: name, attributes: { Arn: ScheduleArn } };
      },
      async update(physicalId, properties, previous) {
        if (
          text(properties, "Name") !== text(previous, "Name") ||
          text(properties, "GroupName") !== text(previous, "GroupName")
        )
          return "replace";
        const { ScheduleArn } = await cloud.call(
          "scheduler",
          "UpdateSchedule",
          inputOf(physicalId, properties),
          ACCOUNT,
        );
        return { physicalId, attributes: { Arn: ScheduleArn } };
      },
      delete: async (physicalId, properties) =>
        void (await cloud.call("scheduler", "DeleteSchedule", { Name: physicalId, ...group(properties) }, ACCOUNT)),
    },
    "AWS::Scheduler::ScheduleGroup": {
      known: { Name: true, Tags: true },
      async create(properties, context) {
        const name = text(properties, "Name") ?? context.physicalName(64);
        const { ScheduleGroupArn } = await cloud.call("scheduler", "CreateScheduleGroup", { Name: name }, ACCOUNT);
        return { physicalId: name, attributes: { Arn: ScheduleGroupArn } };
      },
      delete: async (physicalId) =>
        void (await cloud.call("scheduler", "DeleteScheduleGroup", { Name: physicalId }, ACCOUNT)),
    },
  };
}
