/** Log groups: made, listed, kept for a time, tagged, deleted. */
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import type { Filters } from "./filters.ts";
import { page } from "./page.ts";
import { checkedGroupName, type Group, type Logs, type LogStore, nameInArn } from "./store.ts";

/** The days that PutRetentionPolicy takes. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function checkedRetention(days: number | undefined): number {
  new Constraints("InvalidParameterException").present("retentionInDays", days).check();
  if (!RETENTION_DAYS.includes(days ?? 0)) {
    new Constraints("InvalidParameterException")
      .violated("retentionInDays", days, `Member must satisfy enum value set: [${RETENTION_DAYS.join(", ")}]`)
      .check();
  }
  return days ?? 0;
}

export function createGroup(store: LogStore, group: Omit<Group, "createdAt">): void {
  if (store.groups.has(group.name)) {
    throw new ServiceError("ResourceAlreadyExistsException", "The specified log group already exists");
  }
  store.groups.set(group.name, { ...group, createdAt: store.cloud.clock.now() });
}

export function groupHandlers(store: LogStore, filters: Filters): Handlers<Logs> {
  const change = (group: Group, changed: Partial<Group>) => store.groups.set(group.name, { ...group, ...changed });
  const tagged = (arn: string | undefined): Group => store.group(nameInArn(arn));

  return {
    CreateLogGroup(input) {
      const name = checkedGroupName(input.logGroupName);
      new Constraints("InvalidParameterException")
        .text("logGroupClass", input.logGroupClass, { oneOf: ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"] })
        .check();
      createGroup(store, {
        name,
        class: input.logGroupClass ?? "STANDARD",
        tags: { ...input.tags },
        kmsKeyId: input.kmsKeyId,
      });
      return {};
    },

    DeleteLogGroup(input) {
      const { name } = store.group(checkedGroupName(input.logGroupName));
      store.deleteGroup(name);
      filters.forget(name);
      return {};
    },

    DescribeLogGroups(input) {
      for (const member of ["accountIdentifiers", "includeLinkedAccounts", "logGroupIdentifiers"] as const) {
        if (input[member] !== undefined)
          throw new ServiceError("InvalidParameterException", `${member} is not supported by the local cloud.`);
      }
      const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
      if (prefix !== undefined && pattern !== undefined) {
        throw new ServiceError(
          "InvalidParameterException",
          "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        );
      }
      const found = [...store.groups.values()]
        .filter(
          ({ name }) => name.startsWith(prefix ?? "") && name.toLowerCase().includes((pattern ?? "").toLowerCase()),
        )
        .filter((group) => input.logGroupClass === undefined || group.class === input.logGroupClass)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, rest } = page(found, input.nextToken, input.limit, 50);
      return {
        logGroups: items.map((group) => ({
          logGroupName: group.name,
          creationTime: group.createdAt,
          metricFilterCount: filters.metricFilters(group.name).length,
          arn: `${store.groupArn(group.name)}:*`,
          logGroupArn: store.groupArn(group.name),
          logGroupClass: group.class,
          storedBytes: store.streams(group.name).reduce((sum, { bytes }) => sum + bytes, 0),
          ...(group.retentionDays !== undefined && { retentionInDays: group.retentionDays }),
          ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
        })),
        ...rest,
      };
    },

    PutRetentionPolicy(input) {
      const group = store.group(checkedGroupName(input.logGroupName));
      change(group, { retentionDays: checkedRetention(input.retentionInDays) });
      return {};
    },
    DeleteRetentionPolicy(input) {
      change(store.group(checkedGroupName(input.logGroupName)), { retentionDays: undefined });
      return {};
    },

    TagResource(input) {
      const group = tagged(input.resourceArn);
      change(group, { tags: { ...group.tags, ...input.tags } });
      return {};
    },
    UntagResource(input) {
      const group = tagged(input.resourceArn);
      change(group, {
        tags: Object.fromEntries(Object.entries(group.tags).filter(([key]) => !input.tagKeys?.includes(key))),
      });
      return {};
    },
    ListTagsForResource: (input) => ({ tags: { ...tagged(input.resourceArn).tags } }),
  };
}
