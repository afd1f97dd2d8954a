/** AccessDenied as AWS words it (Troubleshoot access denied error messages). */
import { ServiceError } from "../core/errors.ts";
import type { Permission, Principal } from "../core/principal.ts";
import { callerArn } from "./context.ts";
import type { Decision } from "./decide.ts";

/** The gateway turns the name into `AccessDenied` for the services that spell it so. */
export function denial(
  principal: Principal,
  permission: Permission,
  decision: Decision & { allowed: false },
  accountId: string,
): ServiceError {
  // S3 alone puts the resource into quotes (Troubleshoot access denied (403 Forbidden) errors in Amazon S3).
  const resource = permission.action.startsWith("s3:") ? `"${permission.resource}"` : permission.resource;
  const article = decision.by === "identity-based policy" ? "an" : "a";
  const reason = decision.explicit
    ? `with an explicit deny in ${article} ${decision.by}`
    : `because no ${decision.by} allows the ${permission.action} action`;
  return new ServiceError(
    "AccessDeniedException",
    `User: ${callerArn(principal, accountId)} is not authorized to perform: ${permission.action} on resource: ${resource} ${reason}`,
    { status: 403 },
  );
}
