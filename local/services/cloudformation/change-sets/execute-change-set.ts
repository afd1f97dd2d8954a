import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { StackFailed } from "../../../template/stacks.ts";
import type { ChangeSet, CloudFormationModule, Context } from "../store.ts";
import { refuse } from "../unsupported.ts";
import { changeSetOf, findChangeSet } from "./find-change-set.ts";

/** Answers as soon as the stack is in progress. */
export const executeChangeSet =
  (context: Context): Handler<CloudFormationModule, "ExecuteChangeSet"> =>
  async (input) => {
    refuse(input, ["ClientRequestToken", "DisableRollback", "RetainExceptOnCreate"]);
    const changeSet = changeSetOf(context, input.ChangeSetName, input.StackName);
    if (changeSet.executionStatus !== "AVAILABLE")
      throw new ServiceError(
        "InvalidChangeSetStatusException",
        `ChangeSet [${changeSet.id}] cannot be executed in its current ${changeSet.status === "FAILED" ? `status of [${changeSet.status}]` : `execution status of [${changeSet.executionStatus}]`}`,
      );
    const { finished } = await context.stacks.begin(changeSet.input);
    become(context, changeSet, "EXECUTE_IN_PROGRESS");
    forgetOthers(context, changeSet);
    finished
      .then(
        () => "EXECUTE_COMPLETE" as const,
        (error: unknown) => {
          if (!(error instanceof StackFailed)) context.cloud.log.error(`change set ${changeSet.name}`, error);
          return "EXECUTE_FAILED" as const;
        },
      )
      .then((status) => become(context, changeSet, status))
      .catch((error: unknown) => context.cloud.log.error(`change set ${changeSet.name}`, error));
    return {};
  };

function become({ changeSets }: Context, { id }: ChangeSet, executionStatus: ChangeSet["executionStatus"]): void {
  const current = changeSets.get(id);
  // Deleted with its stack meanwhile.
  if (current) changeSets.set(id, { ...current, executionStatus });
}

/** They were made for a stack as it is no more (ExecuteChangeSet). */
function forgetOthers({ changeSets }: Context, { id, stackId }: ChangeSet): void {
  for (const other of changeSets.values())
    if (other.stackId === stackId && other.id !== id) changeSets.delete(other.id);
}

/** Of one that does not exist there is nothing to delete. */
export const deleteChangeSet =
  (context: Context): Handler<CloudFormationModule, "DeleteChangeSet"> =>
  (input) => {
    const changeSet = findChangeSet(context, input.ChangeSetName, input.StackName);
    if (!changeSet) return {};
    if (changeSet.executionStatus === "EXECUTE_IN_PROGRESS")
      throw new ServiceError(
        "InvalidChangeSetStatusException",
        `ChangeSet [${changeSet.id}] cannot be deleted in status [${changeSet.executionStatus}]`,
      );
    context.changeSets.delete(changeSet.id);
    return {};
  };
