import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { nullMember, type CloudFormationModule, type Context } from "../store.ts";
import { checkDeploymentConfig, refuse } from "../unsupported.ts";

/** Answers as soon as the deletion is in progress. An unknown stack, or one that is being deleted, is no error. */
export const deleteStack =
  (context: Context): Handler<CloudFormationModule, "DeleteStack"> =>
  async (input) => {
    refuse(input, ["ClientRequestToken", "RoleARN"]);
    checkDeploymentConfig(input.DeploymentConfig);
    if (input.DeletionMode !== undefined && input.DeletionMode !== "STANDARD")
      throw new ServiceError("ValidationError", "DeletionMode is not supported by the local cloud.");
    if (input.StackName === undefined) throw nullMember("stackName");
    const stack = context.store.find(input.StackName);
    if (!stack || stack.status === "DELETE_COMPLETE" || stack.status === "DELETE_IN_PROGRESS") return {};
    if (stack.status.endsWith("_IN_PROGRESS") && stack.status !== "REVIEW_IN_PROGRESS")
      throw new ServiceError(
        "ValidationError",
        `Stack [${stack.id}] cannot be deleted while in status ${stack.status}`,
      );
    const retained = input.RetainResources ?? [];
    checkRetained(stack, retained);
    for (const changeSet of context.changeSets.values())
      if (changeSet.stackId === stack.id) context.changeSets.delete(changeSet.id);
    await context.stacks.beginDelete(stack.name, retained);
    return {};
  };

/** RetainResources is for stacks that could not be deleted (DeleteStack). */
function checkRetained(
  stack: { readonly status: string; readonly resources: Readonly<Record<string, unknown>> },
  retained: readonly string[],
): void {
  if (retained.length === 0) return;
  if (stack.status !== "DELETE_FAILED")
    throw new ServiceError(
      "ValidationError",
      "Invalid operation on stack. Specify the resources to retain only when the stack is in the DELETE_FAILED state.",
    );
  if (retained.some((logicalId) => !(logicalId in stack.resources)))
    throw new ServiceError(
      "ValidationError",
      "The specified resources to retain must be in a valid state. Do not specify resources that are in the DELETE_COMPLETE state.",
    );
}
