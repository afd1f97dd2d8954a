/** Everything of Athena is asked for on the work group (Actions, resources, and condition keys for Amazon Athena). */
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import { executionsOf, namedQueriesOf, PRIMARY } from "./store.ts";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function permissionsOf(
  cloud: Cloud,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): readonly Permission[] {
  const id = text(input["QueryExecutionId"]);
  // What there is not has no group: the operation says that it was not found.
  if (id && !executionsOf(cloud).has(id)) return [];
  const group =
    executionsOf(cloud).get(id)?.workGroup ??
    namedQueriesOf(cloud).get(text(input["NamedQueryId"]))?.workGroup ??
    (text(input["WorkGroup"]) || (operation === "CreateWorkGroup" ? text(input["Name"]) : PRIMARY));
  return [{ action: `athena:${operation}`, resource: cloud.arn("athena", `workgroup/${group}`) }];
}
