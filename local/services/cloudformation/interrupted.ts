/** Operations that were under way when the local cloud was stopped cannot be gone on with: their stacks say so. */
import { busyIn } from "../../template/engine/state/busy.ts";
import type { StackStatus } from "../../template/engine/state/record.ts";
import type { Context } from "./store.ts";

const AFTER: Readonly<Record<string, StackStatus | undefined>> = {
  CREATE_IN_PROGRESS: "CREATE_FAILED",
  ROLLBACK_IN_PROGRESS: "ROLLBACK_FAILED",
  UPDATE_IN_PROGRESS: "UPDATE_FAILED",
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: "UPDATE_COMPLETE",
  UPDATE_ROLLBACK_IN_PROGRESS: "UPDATE_ROLLBACK_FAILED",
  DELETE_IN_PROGRESS: "DELETE_FAILED",
};

export function failInterrupted({ cloud, store, changeSets }: Context): void {
  const busy = busyIn(cloud);
  for (const stack of store.live()) {
    const status = AFTER[stack.status];
    if (status === undefined || busy.has(stack.name)) continue;
    const failed = { ...stack, status, statusReason: "The local cloud was stopped during the operation" };
    store.save(failed);
    store.addStackEvent(failed);
  }
  for (const changeSet of changeSets.values())
    if (changeSet.executionStatus === "EXECUTE_IN_PROGRESS" && !busy.has(changeSet.stackName))
      changeSets.set(changeSet.id, { ...changeSet, executionStatus: "EXECUTE_FAILED" });
}
