import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { localIam } from "../../../iam/index.ts";

/** Throws AccessDenied unless the role trusts API Gateway. */
export function assertAssumable(cloud: Cloud, roleArn: string): void {
  const service = { kind: "service", service: "apigateway.amazonaws.com" } as const;
  if (!localIam(cloud.iam).trusts(roleArn, service))
    throw new ServiceError(
      "AccessDenied",
      `API Gateway does not have permission to assume the provided role ${roleArn}`,
      {
        status: 403,
      },
    );
}
