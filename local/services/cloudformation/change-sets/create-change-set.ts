import { isServiceError, ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { StackRecord } from "../../../template/engine/state/record.ts";
import type { DeployInput, Plan } from "../../../template/stacks.ts";
import { transformsOf } from "../../../template/template.ts";
import { parseTemplate } from "../../../template/yaml/parse-template.ts";
import { Constraints } from "../../constraints.ts";
import { checkStackName, deployInput } from "../stacks/deploy-input.ts";
import { checkUpdatable, noStack, stackOf, type ChangeSet, type CloudFormationModule, type Context } from "../store.ts";
import { checkDeploymentConfig, refuse } from "../unsupported.ts";

const UNSUPPORTED = [
  "DeploymentMode",
  "ImportExistingResources",
  "IncludeNestedStacks",
  "NotificationARNs",
  "OnStackFailure",
  "ResourceTypes",
  "ResourcesToImport",
  "RoleARN",
  "RollbackConfiguration",
];

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/**
 * The change set is complete (or failed) when it is answered. What a template with transforms is refused for is told as the change
 * set's status, as AWS transforms it in the background.
 */
export const createChangeSet =
  (context: Context): Handler<CloudFormationModule, "CreateChangeSet"> =>
  async (input, { principal }) => {
    refuse(input, UNSUPPORTED);
    checkDeploymentConfig(input.DeploymentConfig);
    const name = checkName(input.ChangeSetName);
    const type = input.ChangeSetType ?? "UPDATE";
    if (type !== "CREATE" && type !== "UPDATE")
      throw new ServiceError("ValidationError", `ChangeSetType ${type} is not supported by the local cloud.`);
    const { store, changeSets, cloud } = context;
    const existing =
      type === "CREATE" ? forCreation(context, input.StackName, name) : forUpdate(context, input.StackName);
    const same = [...changeSets.values()].find((one) => one.stackId === existing?.id && one.name === name);
    if (same) {
      if (input.ClientToken !== undefined && same.clientToken === input.ClientToken)
        return { Id: same.id, StackId: same.stackId };
      throw new ServiceError("AlreadyExistsException", `ChangeSet ${name} already exists`);
    }
    const stackName = existing?.name ?? checkStackName(input.StackName);
    const wanted: DeployInput = {
      ...(await deployInput(context, stackName, input, existing, principal)),
      isReviewed: true,
    };
    const outcome = await planned(context, wanted);

    const stack = existing ?? reviewed(context, stackName);
    if (!existing) {
      store.save(stack);
      store.addStackEvent(stack);
    }
    const changeSet: ChangeSet = {
      id: cloud.arn("cloudformation", `changeSet/${name}/${cloud.uuid()}`),
      name,
      stackId: stack.id,
      stackName,
      description: input.Description,
      createdAt: cloud.clock.now(),
      input: wanted,
      clientToken: input.ClientToken,
      ...outcome,
    };
    changeSets.set(changeSet.id, changeSet);
    return { Id: changeSet.id, StackId: stack.id };
  };

type Outcome = Pick<ChangeSet, "status" | "statusReason" | "executionStatus" | "parameters" | "changes">;

async function planned({ stacks }: Context, wanted: DeployInput): Promise<Outcome> {
  const failed = (statusReason: string): Outcome => ({
    status: "FAILED",
    statusReason,
    executionStatus: "UNAVAILABLE",
    parameters: {},
    changes: [],
  });
  const transforms = transformsOf(parseTemplate(wanted.body ?? ""));
  let plan: Plan & Pick<ChangeSet, "parameters">;
  try {
    plan = await stacks.plan(wanted);
  } catch (error) {
    if (transforms.length === 0 || !isServiceError(error)) throw error;
    const isOfTransform = error.message.startsWith("Invalid Serverless Application Specification");
    return failed(isOfTransform ? `Transform ${transforms.join(", ")} failed with: ${error.message}` : error.message);
  }
  const { changes, hasChanges, parameters } = plan;
  if (!hasChanges) return { ...failed(NO_CHANGES), parameters };
  return { status: "CREATE_COMPLETE", statusReason: undefined, executionStatus: "AVAILABLE", parameters, changes };
}

/** Further change sets may be made for a stack that has none executed yet. */
function forCreation(context: Context, nameOrId: string | undefined, changeSet: string): StackRecord | undefined {
  const stack = nameOrId === undefined ? undefined : context.store.find(nameOrId);
  if (!stack || stack.status === "DELETE_COMPLETE" || stack.status === "REVIEW_IN_PROGRESS") return stack;
  throw new ServiceError(
    "ValidationError",
    `Stack [${stack.name}] already exists and cannot be created again with the changeSet [${changeSet}].`,
  );
}

function forUpdate(context: Context, nameOrId: string | undefined): StackRecord {
  const stack = stackOf(context, nameOrId, noStack);
  checkUpdatable(stack);
  return stack;
}

/** A stack that is nothing yet but the subject of change sets. */
function reviewed({ cloud }: Context, name: string): StackRecord {
  return {
    name,
    id: cloud.arn("cloudformation", `stack/${name}/${cloud.uuid()}`),
    status: "REVIEW_IN_PROGRESS",
    statusReason: "User Initiated",
    description: "",
    createdAt: cloud.clock.now(),
    updatedAt: undefined,
    deletedAt: undefined,
    body: "",
    folder: undefined,
    parameters: {},
    tags: {},
    capabilities: [],
    resources: {},
    outputs: {},
    imports: [],
    warnings: [],
  };
}

function checkName(name: string | undefined): string {
  const pattern = { pattern: /^[a-zA-Z][-a-zA-Z0-9]*$/, patternText: "[a-zA-Z][-a-zA-Z0-9]*" };
  new Constraints("ValidationError")
    .text("changeSetName", name, { required: true, min: 1, max: 128, ...pattern })
    .check();
  return name ?? "";
}
