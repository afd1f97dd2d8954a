/** The role in which EventBridge, Scheduler or API Gateway starts a state machine. */
import { getAtt, type Value } from "../../value.ts";
import type { Lowering } from "../lowering.ts";
import { allow, trust } from "../roles.ts";
import type { EventTarget, SamEvent } from "./event.ts";

/** The role's ARN: the one the event names, or of a role made for it. */
export function startExecutionRole(lowering: Lowering, target: EventTarget, event: SamEvent, service: string): Value {
  const given = event.properties["RoleArn"] ?? event.properties["Role"];
  if (given !== undefined) return given;
  const id = `${event.id}Role`;
  lowering.add(
    id,
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: trust(service),
      Policies: [allow(`${id}StartExecutionPolicy`, "states:StartExecution", target.reference)],
      PermissionsBoundary: target.boundary,
    },
    target.resource.passed,
  );
  return getAtt(id, "Arn");
}
