import { ServiceError } from "../../../core/errors.ts";
import type { StackRecord } from "./record.ts";

/** A stack could not be brought to its template. The message names the first resource that failed and why. */
export class StackFailed extends ServiceError {
  readonly stackName: string;
  readonly stackStatus: StackRecord["status"];
  /** Logical ids of resources that could not be brought back or deleted. */
  readonly stuck: readonly string[];

  constructor(stack: StackRecord, what: string, stuck: readonly string[] = []) {
    super("StackFailed", `Stack ${stack.name} ${what}`);
    this.stackName = stack.name;
    this.stackStatus = stack.status;
    this.stuck = stuck;
  }
}
