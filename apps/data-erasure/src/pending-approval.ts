/** The approval that a request waits for, or was decided by. */
import type { Approval } from "./approval.ts";
import type { Summary } from "./report.ts";
import { RequestNotFound, requestOf } from "./stores/request-store.ts";

export interface PendingApproval extends Approval {
  readonly round: number;
  readonly taskToken: string | undefined;
  readonly summary: Summary | undefined;
}

/** Undefined when there is no such request, or nothing to decide about it. */
export async function pendingApproval(requestId: string): Promise<PendingApproval | undefined> {
  try {
    const {
      tokenHash,
      reportHash,
      expiresAt,
      round = 1,
      taskToken,
      summary,
      decision,
      isTold,
      isOver,
      status,
    } = await requestOf(requestId);
    if (tokenHash === undefined || reportHash === undefined || expiresAt === undefined) return undefined;
    return {
      tokenHash,
      reportHash,
      expiresAt,
      round,
      taskToken,
      summary,
      decision,
      isTold,
      isOver,
      isExpired: status === "EXPIRED",
    };
  } catch (error) {
    if (error instanceof RequestNotFound) return undefined;
    throw error;
  }
}
