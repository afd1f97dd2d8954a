/** What callers need ("Actions, resources, and condition keys for AWS Step Functions"). */
import type { Permission } from "../../core/principal.ts";

/** The member that names the resource, for each operation that has one. */
const RESOURCE_MEMBERS = [
  "stateMachineArn",
  "stateMachineAliasArn",
  "stateMachineVersionArn",
  "executionArn",
  "activityArn",
  "mapRunArn",
  "resourceArn",
] as const;

/** These know no resource beyond the account. */
const ON_ANY = new Set([
  "ListStateMachines",
  "ListActivities",
  "ValidateStateMachineDefinition",
  "SendTaskSuccess",
  "SendTaskFailure",
  "SendTaskHeartbeat",
  "TestState",
]);

export function permissionsOf(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  arnOf: (resource: string) => string,
): Permission[] {
  const action = `states:${operation}`;
  if (ON_ANY.has(operation)) return [{ action, resource: "*" }];
  if (operation === "CreateStateMachine") return [{ action, resource: arnOf(`stateMachine:${String(input["name"])}`) }];
  if (operation === "CreateActivity") return [{ action, resource: arnOf(`activity:${String(input["name"])}`) }];
  const [resource = "*"] = RESOURCE_MEMBERS.flatMap((member) => {
    const value = input[member];
    return typeof value === "string" ? [value] : [];
  });
  return [{ action, resource }];
}
