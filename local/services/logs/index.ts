/** Amazon CloudWatch Logs. */
import * as sdk from "@aws-sdk/client-cloudwatch-logs";
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import type { Handlers, Service } from "../../core/service.ts";
import { filterHandlers } from "./filter-operations.ts";
import { Filters } from "./filters.ts";
import { groupHandlers } from "./groups.ts";
import { Ingestion } from "./ingestion.ts";
import { putLogEvents } from "./put-log-events.ts";
import { readHandlers } from "./read-events.ts";
import { ResourcePolicies } from "./resource-policies.ts";
import { logsResources } from "./resources.ts";
import { LogStore, nameInArn } from "./store.ts";
import { streamHandlers } from "./streams.ts";

const SWEEP_EVERY = 24 * 3_600_000;

export function create(cloud: Cloud): Service<typeof sdk> {
  const store = new LogStore(cloud);
  const filters = new Filters(store);
  const policies = new ResourcePolicies(store);
  const handlers: Handlers<typeof sdk> = {
    ...groupHandlers(store, filters),
    ...streamHandlers(store),
    ...readHandlers(store),
    ...filterHandlers(store, filters),
    ...policies.handlers(),
    PutLogEvents: putLogEvents(store, new Ingestion(store, filters)),
  };
  // Reading hides what is too old; this only frees it.
  const sweep = (): void => {
    store.sweep();
    cloud.clock.after(SWEEP_EVERY, sweep, { background: true });
  };
  cloud.clock.after(SWEEP_EVERY, sweep, { background: true });
  return {
    sdk,
    handlers,
    permissions: (operation, input) => [permission(cloud, operation, input)],
    resourcePolicy: () => policies.merged(),
    resources: logsResources(store, filters, policies, handlers),
  };
}

/** Operations whose resource is the stream itself; all others ask for the group. */
const ON_STREAMS = new Set(["PutLogEvents", "GetLogEvents"]);
/** Operations that work on no single group. */
const ON_NOTHING = new Set([
  "PutResourcePolicy",
  "DeleteResourcePolicy",
  "DescribeResourcePolicies",
  "TestMetricFilter",
]);

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

// Groups are asked for as `log-group:NAME:log-stream:`, which is why policies write `log-group:NAME:*`; only the tagging
// operations take the plain form (CloudWatch Logs resources and operations).
function permission(cloud: Cloud, operation: string, input: Readonly<Record<string, unknown>>): Permission {
  const action = `logs:${operation}`;
  const tagged = text(input["resourceArn"]);
  if (tagged !== undefined) return { action, resource: tagged.replace(/:\*$/, "") };
  if (ON_NOTHING.has(operation)) return { action, resource: "*" };
  const group = text(input["logGroupName"]) ?? nameInArn(text(input["logGroupIdentifier"])) ?? "";
  const stream = ON_STREAMS.has(operation) ? (text(input["logStreamName"]) ?? "") : "";
  return { action, resource: cloud.arn("logs", `log-group:${group}:log-stream:${stream}`) };
}
