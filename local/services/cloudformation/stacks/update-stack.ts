import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { checkUpdatable, noStack, stackOf, type CloudFormationModule, type Context } from "../store.ts";
import { checkDeploymentConfig, refuse } from "../unsupported.ts";
import { deployInput } from "./deploy-input.ts";

const UNSUPPORTED = [
  "ClientRequestToken",
  "DisableRollback",
  "NotificationARNs",
  "ResourceTypes",
  "RetainExceptOnCreate",
  "RoleARN",
  "RollbackConfiguration",
  "StackPolicyBody",
  "StackPolicyDuringUpdateBody",
  "StackPolicyDuringUpdateURL",
  "StackPolicyURL",
];

/** Answers as soon as the update is in progress. Throws ValidationError when there is nothing to update. */
export const updateStack =
  (context: Context): Handler<CloudFormationModule, "UpdateStack"> =>
  async (input, { principal }) => {
    refuse(input, UNSUPPORTED);
    checkDeploymentConfig(input.DeploymentConfig);
    const stack = stackOf(context, input.StackName, noStack);
    checkUpdatable(stack);
    const wanted = await deployInput(context, stack.name, input, stack, principal);
    const plan = await context.stacks.plan(wanted);
    if (!plan.hasChanges) throw new ServiceError("ValidationError", "No updates are to be performed.");
    const { stackId } = await context.stacks.begin(wanted);
    return { StackId: stackId };
  };
