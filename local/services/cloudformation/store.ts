/** What the operations work on: the stacks of this cloud and their change sets. */
import type * as SDK from "@aws-sdk/client-cloudformation";
import type { LocalCloud } from "../../cloud.ts";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { StoredMap } from "../../core/storage.ts";
import { StackStore, type StackRecord } from "../../template/engine/state/record.ts";
import { createStacks, type DeployInput, type PlannedChange, type Stacks } from "../../template/stacks.ts";

export type CloudFormationModule = typeof SDK;

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly status: "CREATE_COMPLETE" | "FAILED";
  readonly statusReason: string | undefined;
  readonly executionStatus: "UNAVAILABLE" | "AVAILABLE" | "EXECUTE_IN_PROGRESS" | "EXECUTE_COMPLETE" | "EXECUTE_FAILED";
  /** What is deployed when it is executed. */
  readonly input: DeployInput;
  readonly clientToken: string | undefined;
  /** As they are shown: values of NoEcho parameters are `****`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly changes: readonly PlannedChange[];
}

export interface Context {
  readonly cloud: Cloud;
  readonly stacks: Stacks;
  readonly store: StackStore;
  /** By id. */
  readonly changeSets: StoredMap<ChangeSet>;
}

// The cloud that loads services is a whole one; the contract of services leaves out what only this one needs.
const isLocal = (cloud: Cloud): cloud is LocalCloud => "providerOf" in cloud;

export function createContext(cloud: Cloud): Context {
  const providerOf = isLocal(cloud) ? cloud.providerOf : () => Promise.resolve(undefined);
  return {
    cloud,
    stacks: createStacks(cloud, providerOf),
    store: new StackStore(cloud),
    changeSets: cloud.storage.map<ChangeSet>("cloudformation.changeSets"),
  };
}

/** Most operations say `Stack with id X does not exist`, those that change something `Stack [X] does not exist`. */
export const noStackWithId = (name: string): ServiceError =>
  new ServiceError("ValidationError", `Stack with id ${name} does not exist`);
export const noStack = (name: string): ServiceError =>
  new ServiceError("ValidationError", `Stack [${name}] does not exist`);

/** Throws ValidationError for an unknown stack. */
export function stackOf(
  { store }: Context,
  nameOrId: string | undefined,
  unknown: (name: string) => ServiceError = noStackWithId,
): StackRecord {
  if (nameOrId === undefined) throw nullMember("stackName");
  const stack = store.find(nameOrId);
  if (stack) return stack;
  throw unknown(nameOrId);
}

export const nullMember = (member: string): ServiceError =>
  new ServiceError(
    "ValidationError",
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );

/** Statuses from which a stack can be updated (Stack status codes). */
const UPDATABLE: ReadonlySet<string> = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_FAILED",
  "UPDATE_ROLLBACK_COMPLETE",
]);

/** Throws ValidationError unless the stack can be updated now. */
export function checkUpdatable({ id, status }: StackRecord): void {
  if (!UPDATABLE.has(status))
    throw new ServiceError("ValidationError", `Stack:${id} is in ${status} state and can not be updated.`);
}
