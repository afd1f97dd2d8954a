/** Members of inputs that change what AWS does and that are not there: they are refused, never passed over. */
import type { DeploymentConfig } from "@aws-sdk/client-cloudformation";
import { ServiceError } from "../../core/errors.ts";
import { Constraints } from "../constraints.ts";

/** Throws ValidationError for members that are set to something else than nothing. */
export function refuse(input: object, members: readonly string[]): void {
  const values = new Map<string, unknown>(Object.entries(input));
  for (const member of members) {
    const value = values.get(member);
    const isUnset = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    if (!isUnset) throw new ServiceError("ValidationError", `${member} is not supported by the local cloud.`);
  }
}

/**
 * How a stack is brought about. In EXPRESS mode an operation is over when the resources are configured, whether or not they are ready;
 * here they are ready then, so both modes are the same. Throws ValidationError for DisableRollback.
 */
export function checkDeploymentConfig(config: DeploymentConfig | undefined): void {
  new Constraints("ValidationError")
    .text("deploymentConfig.mode", config?.Mode, { oneOf: ["EXPRESS", "STANDARD"] })
    .check();
  refuse(config ?? {}, ["DisableRollback"]);
}
