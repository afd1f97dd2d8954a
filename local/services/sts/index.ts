/** AWS STS: who am I, and becoming a role. */
import * as sdk from "@aws-sdk/client-sts";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Service } from "../../core/service.ts";
import { callerArn } from "../../iam/context.ts";
import { roleName, rolesOf } from "../../iam/roles.ts";
import { assumeRole } from "./assume-role.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  return {
    sdk,
    handlers: {
      AssumeRole: assumeRole(cloud),
      GetCallerIdentity(_input, { principal }) {
        if (principal.kind === "anonymous") {
          throw new ServiceError("MissingAuthenticationToken", "Request is missing Authentication Token", {
            status: 403,
          });
        }
        const id = principal.kind === "role" ? rolesOf(cloud.storage).get(roleName(principal.roleArn))?.id : undefined;
        return {
          UserId: principal.kind === "role" ? `${id ?? "AROA"}:${principal.sessionName}` : cloud.accountId,
          Account: cloud.accountId,
          Arn: callerArn(principal, cloud.accountId),
        };
      },
    },
    // Everybody may ask who they are, even against a Deny; AssumeRole is decided with the role's trust policy, in the handler.
    permissions: () => [],
  };
}
