/** Message move tasks: what a redrive from a dead-letter queue is called in the API. */
import { ServiceError } from "../../../core/errors.ts";

export interface MoveTask {
  readonly id: string;
  readonly sourceArn: string;
  /** Without it every message goes back to the queue it came from. */
  readonly destinationArn: string | undefined;
  readonly maxPerSecond: number | undefined;
  readonly status: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  readonly moved: number;
  readonly toMove: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly failureReason: string | undefined;
}

export const handleOf = (task: MoveTask): string =>
  Buffer.from(JSON.stringify({ taskId: task.id, sourceArn: task.sourceArn })).toString("base64");

/** Throws InvalidParameterValue for what is not the handle of a task. */
export function readHandle(handle: string | undefined): { taskId: string; sourceArn: string } {
  try {
    const parts: unknown = JSON.parse(Buffer.from(handle ?? "", "base64").toString());
    if (typeof parts === "object" && parts !== null && "taskId" in parts && "sourceArn" in parts) {
      return { taskId: String(parts.taskId), sourceArn: String(parts.sourceArn) };
    }
  } catch {
    // Falls through to the refusal.
  }
  throw new ServiceError("InvalidParameterValue", "Value for parameter TaskHandle is invalid.");
}
