/** Deletes a stack: its resources in reverse order, those that are kept by policy aside. */
import { checkUnused } from "./outputs.ts";
import { deletionOrder, isDeleted, removeOne } from "./resources/remove.ts";
import type { StackSession } from "./state/session.ts";
import { StackFailed } from "./state/stack-failed.ts";

/**
 * `retained` are left alone and forgotten. Throws TemplateError while an export is in use; from then on the deletion is in progress, and
 * the answer is rejected with StackFailed when resources cannot be deleted: those stay in the stack.
 */
export function deleteStack(session: StackSession, retained: readonly string[] = []): Promise<void> {
  for (const { exportName } of Object.values(session.record.outputs))
    if (exportName !== undefined) checkUnused(session.store, exportName, "deleted");
  session.become("DELETE_IN_PROGRESS", "User Initiated");
  return removeAll(session, retained);
}

async function removeAll(session: StackSession, retained: readonly string[]): Promise<void> {
  const failed = new Map<string, string>();
  for (const resource of deletionOrder(Object.values(session.record.resources))) {
    const { logicalId } = resource;
    // What a stuck resource was built on is still in use.
    const isNeeded = [...failed.keys()].some((id) => session.resource(id)?.dependsOn.includes(logicalId));
    if (isNeeded) continue;
    if (retained.includes(logicalId)) session.event(resource, "DELETE_SKIPPED");
    else if (isDeleted(session, resource, "DeletionPolicy")) {
      const reason = await removeOne(session, resource);
      if (reason !== undefined) {
        failed.set(logicalId, reason);
        session.keep({ ...resource, status: "DELETE_FAILED", statusReason: reason });
        continue;
      }
    }
    session.drop(logicalId);
  }
  if (failed.size === 0) {
    session.become("DELETE_COMPLETE", undefined, { deletedAt: session.cloud.clock.now(), outputs: {}, imports: [] });
    return;
  }
  const names = [...failed.keys()].join(", ");
  session.become("DELETE_FAILED", `The following resource(s) failed to delete: [${names}]. `);
  const reasons = [...failed].map(([logicalId, reason]) => `${logicalId}: ${reason}`).join("; ");
  throw new StackFailed(session.record, `could not be deleted: ${reasons}`, [...failed.keys()]);
}
