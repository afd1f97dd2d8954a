import type { Handler } from "../../../core/service.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { CloudFormationModule, Context } from "../store.ts";
import { checkDeploymentConfig, refuse } from "../unsupported.ts";
import { checkStackName, deployInput } from "./deploy-input.ts";

const UNSUPPORTED = [
  "ClientRequestToken",
  "DisableRollback",
  "EnableTerminationProtection",
  "NotificationARNs",
  "ResourceTypes",
  "RetainExceptOnCreate",
  "RoleARN",
  "RollbackConfiguration",
  "StackPolicyBody",
  "StackPolicyURL",
  "TimeoutInMinutes",
];

/** Answers as soon as the stack is in progress; what is wrong with template or parameters is refused before that. */
export const createStack =
  (context: Context): Handler<CloudFormationModule, "CreateStack"> =>
  async (input, { principal }) => {
    const name = checkStackName(input.StackName);
    refuse(input, UNSUPPORTED);
    checkDeploymentConfig(input.DeploymentConfig);
    if (input.OnFailure !== undefined && input.OnFailure !== "ROLLBACK")
      throw new ServiceError("ValidationError", `OnFailure ${input.OnFailure} is not supported by the local cloud.`);
    if (context.store.find(name)) throw new ServiceError("AlreadyExistsException", `Stack [${name}] already exists`);
    const { stackId } = await context.stacks.begin(await deployInput(context, name, input, undefined, principal));
    return { StackId: stackId };
  };
