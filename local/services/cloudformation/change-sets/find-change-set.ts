import { ServiceError } from "../../../core/errors.ts";
import { noStack, nullMember, stackOf, type ChangeSet, type Context } from "../store.ts";

/** By id, or by name with the stack's. Throws ValidationError for an unknown stack, ChangeSetNotFoundException. */
export function changeSetOf(context: Context, name: string | undefined, stackName: string | undefined): ChangeSet {
  const found = findChangeSet(context, name, stackName);
  if (found) return found;
  throw new ServiceError("ChangeSetNotFoundException", `ChangeSet [${name}] does not exist`);
}

export function findChangeSet(
  context: Context,
  name: string | undefined,
  stackName: string | undefined,
): ChangeSet | undefined {
  if (name === undefined) throw nullMember("changeSetName");
  const { changeSets } = context;
  if (name.startsWith("arn:")) return changeSets.get(name);
  if (stackName === undefined)
    throw new ServiceError(
      "ValidationError",
      "StackName must be specified if ChangeSetName is not specified as an ARN.",
    );
  const stack = stackOf(context, stackName, noStack);
  return [...changeSets.values()].findLast((one) => one.stackId === stack.id && one.name === name);
}
