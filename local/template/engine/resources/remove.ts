/** Deletes resources, those that depend on others first. */
import { inOrder } from "../graph.ts";
import type { StoredResource } from "../state/record.ts";
import { reasonOf, type StackSession } from "../state/session.ts";

/** Deletes one resource; answers why it could not be. */
export async function removeOne(session: StackSession, resource: StoredResource): Promise<string | undefined> {
  session.event(resource, "DELETE_IN_PROGRESS");
  try {
    if (!resource.isPlaceholder) {
      const provider = await session.providerOf(resource.type);
      await provider?.delete(resource.physicalId, resource.properties, session.context(resource.logicalId));
    }
    session.event(resource, "DELETE_COMPLETE");
    return undefined;
  } catch (error) {
    const reason = reasonOf(error);
    session.event(resource, "DELETE_FAILED", reason);
    return reason;
  }
}

/** Answers false when the policy keeps the resource: it is then only forgotten by the stack. */
export function isDeleted(
  session: StackSession,
  resource: StoredResource,
  policy: "DeletionPolicy" | "UpdateReplacePolicy",
): boolean {
  const value = policy === "DeletionPolicy" ? resource.deletionPolicy : resource.updateReplacePolicy;
  if (value === "Snapshot")
    session.warn(`Resources.${resource.logicalId}.${policy}: the local cloud makes no snapshot of ${resource.type}`);
  if (value === "Delete" || value === "Snapshot") return true;
  session.event(resource, "DELETE_SKIPPED");
  return false;
}

/** In an order in which nothing is deleted while something that was built on it is still there. */
export function deletionOrder(resources: readonly StoredResource[]): readonly StoredResource[] {
  return [...inOrder(resources)].reverse();
}
