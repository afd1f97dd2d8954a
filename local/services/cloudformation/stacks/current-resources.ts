/** The resources of a stack as they stand: what is kept of them, and what the events of an operation under way say. */
import type { ResourceStatus, StackRecord, StackStore, StoredResource } from "../../../template/engine/state/record.ts";

export interface CurrentResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: ResourceStatus;
  readonly reason: string | undefined;
  readonly at: number;
  readonly metadata: StoredResource["metadata"];
}

/** While a stack is worked on, and once it is gone, there are resources that the stack does not keep: being made, failed, deleted. */
const showsUnkept = (status: StackRecord["status"]): boolean =>
  status.endsWith("_IN_PROGRESS") || /^(CREATE_FAILED|ROLLBACK_|DELETE_)/.test(status);

/** By logical id, as AWS lists them. */
export function currentResources(store: StackStore, stack: StackRecord): readonly CurrentResource[] {
  const current = new Map<string, CurrentResource>();
  for (const kept of Object.values(stack.resources)) {
    const { logicalId, physicalId, type, status, statusReason, updatedAt, metadata } = kept;
    current.set(logicalId, { logicalId, physicalId, type, status, reason: statusReason, at: updatedAt, metadata });
  }
  for (const { logicalId, physicalId, type, status, reason, at } of store.events(stack.id)) {
    if (physicalId === stack.id) continue;
    const known = current.get(logicalId);
    if (!known && !showsUnkept(stack.status)) continue;
    current.set(logicalId, {
      logicalId,
      physicalId: physicalId === "" ? (known?.physicalId ?? "") : physicalId,
      type,
      // Events of resources have the statuses of resources.
      status: status as ResourceStatus,
      reason,
      at,
      metadata: known?.metadata ?? {},
    });
  }
  // The old one of a replaced resource is deleted after the new one was made.
  for (const { logicalId, physicalId, type, status, statusReason, updatedAt, metadata } of Object.values(
    stack.resources,
  ))
    if (current.get(logicalId)?.physicalId !== physicalId && !stack.status.endsWith("_IN_PROGRESS"))
      current.set(logicalId, { logicalId, physicalId, type, status, reason: statusReason, at: updatedAt, metadata });
  return [...current.values()].sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
}
