/** What the engine needs from the world it runs in. The engine itself knows no AWS service, no clock and no randomness. */
import type { Json, JsonObject } from "./json.ts";
import type { Machine } from "./machine.ts";

export interface Host {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after a time; rejects with the signal's reason. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Lets the rest of the process breathe during a long computation. */
  breathe(): Promise<void>;
  uuid(): string;
  /** [0, 1). */
  random(): number;
  /** A token under which SendTaskSuccess and its like find the task. */
  taskToken(): string;
  /** Does a task's work. Rejects with a StatesFailure, or with the signal's reason as soon as the signal is aborted. */
  task(request: TaskRequest): Promise<Json>;
  /** Adds an event to the history and answers its id. Throws ExecutionEnded when the history is full. */
  record(event: NewEvent): number;
  /** After each state of the outermost thread, before the next: what is needed to go on from here. */
  checkpoint?(at: Checkpoint): void;
  /** For Map states in distributed mode. Without it they fail. */
  readonly mapRuns?: MapRuns;
}

export interface Checkpoint {
  readonly state: string;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly previousEventId: number;
  /** When the state was entered, epoch milliseconds: a Wait does not begin anew. */
  readonly enteredAt: number;
}

/** Event details are those of the API's HistoryEvent, with input and output as JSON text. */
export interface NewEvent {
  readonly type: string;
  readonly previousEventId: number;
  /** The member that holds the details, such as `stateEnteredEventDetails`. */
  readonly key?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface TaskRequest {
  readonly resource: string;
  readonly stateName: string;
  /** Id of the event with which the state was entered. */
  readonly enteredEventId: number;
  readonly argument: Json;
  readonly context: JsonObject;
  readonly taskToken: string | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
  /** `Credentials.RoleArn` of the state. */
  readonly roleArn: string | undefined;
  /** Aborted with the failure when a limit is reached, or with the reason why the execution ends. */
  readonly signal: AbortSignal;
  /** Somebody said that the task is alive: the heartbeat limit starts anew. */
  heartbeat(): void;
  /** Adds an event after this thread's last one. */
  record(type: string, key?: string, details?: Readonly<Record<string, unknown>>): void;
}

/** Reading, writing and child executions of distributed Map states. */
export interface MapRuns {
  start(run: MapRunStart): MapRun;
  /** Throws StatesFailure States.ItemReaderFailed. */
  listObjects(source: JsonObject, limit: number, credentials: string | undefined): Promise<readonly JsonObject[]>;
  readObject(source: JsonObject, credentials: string | undefined): Promise<Uint8Array>;
  /** Throws StatesFailure States.ResultWriterFailed. */
  writeObject(bucket: string, key: string, body: string, credentials: string | undefined): Promise<void>;
}

export interface MapRunStart {
  readonly label: string;
  readonly processor: Machine;
  readonly executionType: "STANDARD" | "EXPRESS";
  readonly itemCount: number;
  readonly batchSizes: readonly number[];
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
}

export interface MapRun {
  readonly arn: string;
  /** The concurrency and tolerance as UpdateMapRun last set them. */
  readonly limits: {
    readonly maxConcurrency: number;
    readonly toleratedFailureCount: number;
    readonly toleratedFailurePercentage: number;
  };
  /** Runs one child execution to its end; never rejects. */
  runChild(child: {
    readonly index: number;
    readonly input: Json;
    readonly items: number;
    readonly signal: AbortSignal;
  }): Promise<ChildOutcome>;
  finish(status: "SUCCEEDED" | "FAILED" | "ABORTED", resultsWritten: boolean): void;
}

/** One entry of a result file (ResultWriter, Step Functions developer guide). */
export interface ChildOutcome {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly startDate: number;
  readonly stopDate: number;
  readonly input: string;
  readonly output: Json | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}
