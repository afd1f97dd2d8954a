/** Undoes what an operation has done, the last first. */
import type { Done } from "./resources/change-resource.ts";
import { removeOne } from "./resources/remove.ts";
import { reasonOf, type StackSession } from "./state/session.ts";

/** Answers the logical ids of resources that could not be brought back. */
export async function rollBack(session: StackSession, done: readonly Done[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const step of done.toReversed()) {
    const { now } = step;
    if (step.kind === "updated") {
      if (!(await revert(session, step.now, step.before))) failed.push(now.logicalId);
      continue;
    }
    // What a failed creation leaves behind with Retain is left behind by CloudFormation too (DeletionPolicy attribute).
    if (step.kind === "created" && now.deletionPolicy === "Retain") {
      session.event(now, "DELETE_SKIPPED");
      session.drop(now.logicalId);
      continue;
    }
    const reason = await removeOne(session, now);
    if (reason !== undefined) failed.push(now.logicalId);
    else if (step.kind === "replaced") session.keep(step.before);
    else session.drop(now.logicalId);
  }
  return failed;
}

async function revert(session: StackSession, now: Done["now"], before: Done["now"]): Promise<boolean> {
  session.event(now, "UPDATE_IN_PROGRESS");
  try {
    const provider = before.isPlaceholder ? undefined : await session.providerOf(before.type);
    const state = provider
      ? await provider.update?.(now.physicalId, before.properties, now.properties, session.context(now.logicalId))
      : before;
    if (state === undefined || state === "replace")
      throw new Error("the former state cannot be restored without replacing the resource");
    session.keep({ ...before, physicalId: state.physicalId, attributes: state.attributes ?? before.attributes });
    session.event(before, "UPDATE_COMPLETE");
    return true;
  } catch (error) {
    session.event(now, "UPDATE_FAILED", reasonOf(error));
    return false;
  }
}
