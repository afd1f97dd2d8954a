/** Whether the machine's role may log: it is what makes log deliveries on AWS (Logging in CloudWatch Logs, developer guide). */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { asRole } from "../../../core/principal.ts";
import type { Settings } from "../records.ts";

/** All that the guide asks for; none of them knows a resource. */
export const LOG_DELIVERY_ACTIONS: readonly string[] = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

/** Throws AccessDeniedException. */
export function checkLogDelivery(cloud: Cloud, { logging, roleArn }: Pick<Settings, "logging" | "roleArn">): void {
  if (logging.level === "OFF") return;
  try {
    for (const action of LOG_DELIVERY_ACTIONS)
      cloud.iam.authorize(asRole(roleArn, "states"), { action, resource: "*" }, undefined);
  } catch (error) {
    const reason = error instanceof Error ? ` (${error.message})` : "";
    throw new ServiceError(
      "AccessDeniedException",
      `The state machine IAM Role is not authorized to access the Log Destination${reason}`,
    );
  }
}
