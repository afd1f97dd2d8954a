/** Work groups, query executions and named queries. */
import type * as SDK from "@aws-sdk/client-athena";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import type { StoredMap } from "../../core/storage.ts";

export type Athena = typeof SDK;

export interface WorkGroup {
  readonly name: string;
  readonly description: string | undefined;
  readonly state: SDK.WorkGroupState;
  readonly createdAt: number;
  readonly configuration: SDK.WorkGroupConfiguration;
}

export interface Execution {
  readonly id: string;
  readonly query: string;
  readonly parameters: readonly string[];
  readonly database: string;
  readonly workGroup: string;
  /** Where the result goes: `s3://bucket/prefix/<id>.csv`. */
  readonly outputLocation: string;
  /** Whose permissions count: data, catalog and result are touched as the caller. */
  readonly principal: Principal;
  readonly submittedAt: number;
  state: SDK.QueryExecutionState;
  reason?: string;
  endedAt?: number;
  scannedBytes?: number;
  columns?: readonly Column[];
}

export interface Column {
  readonly name: string;
  /** As Athena calls it: `varchar`, `bigint`, `map`. */
  readonly type: string;
}

export interface NamedQuery {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly database: string;
  readonly query: string;
  readonly workGroup: string;
}

export const workGroupsOf = (cloud: Cloud): StoredMap<WorkGroup> => cloud.storage.map("athena.work-groups");
export const executionsOf = (cloud: Cloud): StoredMap<Execution> => cloud.storage.map("athena.executions");
export const namedQueriesOf = (cloud: Cloud): StoredMap<NamedQuery> => cloud.storage.map("athena.named-queries");
/** What a ClientRequestToken stood for. */
export const requestsOf = (cloud: Cloud): StoredMap<{ readonly id: string; readonly input: string }> =>
  cloud.storage.map("athena.requests");

export const PRIMARY = "primary";

export const invalidRequest = (message: string): ServiceError => new ServiceError("InvalidRequestException", message);

/** Throws InvalidRequestException. Every account has the group `primary`. */
export function workGroupNamed(cloud: Cloud, name: string = PRIMARY): WorkGroup {
  const found = workGroupsOf(cloud).get(name);
  if (found) return found;
  if (name !== PRIMARY) throw invalidRequest(`WorkGroup ${name} is not found.`);
  return { name, description: undefined, state: "ENABLED", createdAt: cloud.clock.now(), configuration: {} };
}

export function executionNamed(cloud: Cloud, id: string | undefined): Execution {
  const found = executionsOf(cloud).get(id ?? "");
  if (!found) throw invalidRequest(`QueryExecution ${id ?? ""} was not found`);
  return found;
}

export const isOver = ({ state }: Execution): boolean => state !== "QUEUED" && state !== "RUNNING";
