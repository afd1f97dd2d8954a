/**
 * What a caller must be allowed: an operation on a table is asked for on the catalog, its database and the table ("AWS Glue resource
 * ARNs"): all of them must be granted.
 */
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";

type Asked = Readonly<Record<string, unknown>>;

const nameIn = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null && "Name" in value ? text(value.Name) : undefined;
const text = (value: unknown): string | undefined => (typeof value === "string" ? value.toLowerCase() : undefined);

export function permissionsOf(cloud: Cloud, operation: string, input: Asked): readonly Permission[] {
  const action = `glue:${operation}`;
  const database =
    text(input["DatabaseName"]) ??
    (operation.includes("Database") ? (text(input["Name"]) ?? nameIn(input["DatabaseInput"])) : undefined);
  const table =
    text(input["TableName"]) ??
    (operation.includes("Database") ? undefined : (text(input["Name"]) ?? nameIn(input["TableInput"])));
  return [
    "catalog",
    ...(database === undefined ? [] : [`database/${database}`]),
    ...(database === undefined || (table === undefined && operation !== "GetTables")
      ? []
      : [`table/${database}/${table ?? "*"}`]),
  ].map((resource) => ({ action, resource: cloud.arn("glue", resource) }));
}
