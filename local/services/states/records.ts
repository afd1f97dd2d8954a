/** What the service keeps. Times are epoch milliseconds. */
import type { Checkpoint } from "../../states/host.ts";

export type MachineType = "STANDARD" | "EXPRESS";

export interface Logging {
  readonly level: "ALL" | "ERROR" | "FATAL" | "OFF";
  readonly includeExecutionData: boolean;
  readonly destinations: readonly string[];
}

/** What executions run, and how: of a machine, or frozen in a version. */
export interface Settings {
  readonly type: MachineType;
  readonly definition: string;
  readonly roleArn: string;
  readonly logging: Logging;
  readonly tracing: boolean;
  readonly revisionId: string | undefined;
}

export interface MachineRecord {
  readonly arn: string;
  readonly name: string;
  readonly creationDate: number;
  settings: Settings;
  updateDate: number;
  tags: Record<string, string>;
  /** Numbers are not used again after a version is deleted. */
  lastVersion: number;
}

export interface VersionRecord {
  readonly arn: string;
  readonly machineArn: string;
  readonly number: number;
  readonly settings: Settings;
  readonly description: string | undefined;
  readonly creationDate: number;
}

export interface AliasRecord {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  readonly creationDate: number;
  description: string | undefined;
  routing: readonly Route[];
  updateDate: number;
}

export interface Route {
  readonly versionArn: string;
  readonly weight: number;
}

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export interface ExecutionRecord {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly versionArn: string | undefined;
  readonly aliasArn: string | undefined;
  /** Key of the definition, which many executions share. */
  readonly definitionId: string;
  readonly settings: Omit<Settings, "definition">;
  readonly startDate: number;
  readonly input: string;
  readonly traceHeader: string | undefined;
  /** The Map run that a child execution belongs to, and for how many items it stands. */
  readonly mapRunArn: string | undefined;
  readonly itemCount: number | undefined;
  status: ExecutionStatus;
  stopDate: number | undefined;
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  redriveCount: number;
  redriveDate: number | undefined;
  /** Where to go on after a restart or a redrive. */
  checkpoint: Checkpoint | undefined;
  /** Number of events. */
  events: number;
}

/** As in the API's HistoryEvent: `key` holds the details. */
export interface EventRecord {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: number;
  readonly type: string;
  readonly key?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface ActivityRecord {
  readonly arn: string;
  readonly name: string;
  readonly creationDate: number;
  tags: Record<string, string>;
}

export interface MapRunRecord {
  readonly arn: string;
  readonly executionArn: string;
  readonly machineArn: string;
  readonly startDate: number;
  readonly itemsPerChild: readonly number[];
  readonly totalItems: number;
  status: "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";
  stopDate: number | undefined;
  maxConcurrency: number;
  toleratedFailureCount: number;
  toleratedFailurePercentage: number;
  executions: Counts;
  items: Counts;
  resultsWritten: boolean;
  redriveCount: number;
  redriveDate: number | undefined;
}

export interface Counts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
}
