/** Whether the machine's role may log: it is what makes log deliveries on AWS (Logging in CloudWatch Logs, developer guide). */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { asRole } from "../../../core/principal.ts";
import type { Settings } from "../records.ts";

/** Throws AccessDeniedException. */
export function checkLogDelivery(cloud: Cloud, { logging, roleArn }: Pick<Settings, "logging" | "roleArn">): void {
  if (logging.level === "OFF") return;
  try {
    cloud.iam.authorize(asRole(roleArn, "states"), { action: "logs:CreateLogDelivery", resource: "*" }, undefined);
  } catch (error) {
    const reason = error instanceof Error ? ` (${error.message})` : "";
    throw new ServiceError(
      "AccessDeniedException",
      `The state machine IAM Role is not authorized to access the Log Destination${reason}`,
    );
  }
}
