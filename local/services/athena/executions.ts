/** Queries from their start to their end, on the clock: QUEUED, RUNNING, then SUCCEEDED, FAILED or CANCELLED. */
import type * as SDK from "@aws-sdk/client-athena";
import type { Cloud } from "../../core/cloud.ts";
import type { Call, Handlers } from "../../core/service.ts";
import { Cancelled, QueryFailed } from "./query/failure.ts";
import { runQuery } from "./query/run.ts";
import {
  type Athena,
  type Execution,
  executionNamed,
  executionsOf,
  invalidRequest,
  isOver,
  requestsOf,
  type WorkGroup,
  workGroupNamed,
} from "./store.ts";

/** About what a short query takes; AWS promises nothing. */
const QUEUED_MS = 150;
const RUNNING_MS = 450;
/** QueryString (StartQueryExecution): 262,144 bytes; one execution parameter: 1 to 1,024 characters. */
const LONGEST_QUERY = 262_144;
const LONGEST_PARAMETER = 1_024;

export interface Executions {
  readonly handlers: Handlers<Athena>;
  /** Begins again what a restart has interrupted. */
  resume(): void;
  stop(): void;
}

export function createExecutions(cloud: Cloud): Executions {
  const executions = executionsOf(cloud);
  const running = new Map<string, AbortController>();

  function start(input: SDK.StartQueryExecutionInput, call: Call): string {
    const group = workGroupNamed(cloud, input.WorkGroup);
    if (group.state === "DISABLED") throw invalidRequest(`WorkGroup ${group.name} is disabled.`);
    const { QueryString: query = "", ExecutionParameters: parameters = [] } = input;
    if (query.trim() === "") throw invalidRequest("Query string is required");
    if (Buffer.byteLength(query) > LONGEST_QUERY)
      throw invalidRequest(`Query string is longer than ${LONGEST_QUERY} bytes`);
    if (parameters.some(({ length }) => length < 1 || length > LONGEST_PARAMETER))
      throw invalidRequest(`Execution parameters must have 1 to ${LONGEST_PARAMETER} characters`);
    const id = cloud.uuid();
    const execution: Execution = {
      id,
      query,
      parameters,
      database: input.QueryExecutionContext?.Database?.toLowerCase() ?? "default",
      workGroup: group.name,
      outputLocation: `${outputOf(group, input)}${id}.csv`,
      principal: call.principal,
      submittedAt: cloud.clock.now(),
      state: "QUEUED",
    };
    executions.set(id, execution);
    cloud.clock.after(QUEUED_MS, () => run(id));
    return id;
  }

  async function run(id: string): Promise<void> {
    const execution = executions.get(id);
    if (!execution || isOver(execution)) return;
    executions.set(id, { ...execution, state: "RUNNING" });
    const controller = new AbortController();
    running.set(id, controller);
    const outcome = await outcomeOf(execution, controller.signal);
    running.delete(id);
    cloud.clock.after(RUNNING_MS, () => end(id, outcome));
  }

  async function outcomeOf(execution: Execution, signal: AbortSignal): Promise<Partial<Execution>> {
    const { BytesScannedCutoffPerQuery: cutoff } = workGroupNamed(cloud, execution.workGroup).configuration;
    try {
      return { state: "SUCCEEDED", ...(await runQuery(cloud, execution, cutoff, signal)) };
    } catch (error) {
      if (error instanceof Cancelled) return { state: "CANCELLED", reason: error.message };
      if (error instanceof QueryFailed) return { state: "FAILED", reason: error.message };
      cloud.log.error(`Athena query ${execution.id}`, error);
      return { state: "FAILED", reason: "GENERIC_INTERNAL_ERROR: the query engine failed" };
    }
  }

  function end(id: string, outcome: Partial<Execution>): void {
    const execution = executions.get(id);
    if (execution && !isOver(execution)) executions.set(id, { ...execution, ...outcome, endedAt: cloud.clock.now() });
  }

  return {
    handlers: {
      StartQueryExecution(input, call) {
        const token = input.ClientRequestToken;
        if (token === undefined) return { QueryExecutionId: start(input, call) };
        const known = requestsOf(cloud).get(token);
        const asked = JSON.stringify(input);
        if (known && known.input !== asked) throw invalidRequest("Idempotent parameters do not match");
        const id = known?.id ?? start(input, call);
        requestsOf(cloud).set(token, { id, input: asked });
        return { QueryExecutionId: id };
      },
      GetQueryExecution: ({ QueryExecutionId }) => ({
        QueryExecution: view(cloud, executionNamed(cloud, QueryExecutionId)),
      }),
      StopQueryExecution({ QueryExecutionId }) {
        const { id } = executionNamed(cloud, QueryExecutionId);
        running.get(id)?.abort();
        end(id, { state: "CANCELLED", reason: "Query cancelled by user" });
        return {};
      },
    },
    resume() {
      for (const execution of executions.values())
        if (!isOver(execution)) cloud.clock.after(QUEUED_MS, () => run(execution.id));
    },
    stop() {
      for (const controller of running.values()) controller.abort();
    },
  };
}

/** The group's location where it enforces its settings, else the caller's, else the group's; with a slash at its end. */
function outputOf({ configuration }: WorkGroup, { ResultConfiguration: asked }: SDK.StartQueryExecutionInput): string {
  const own = configuration.ResultConfiguration?.OutputLocation;
  const location = configuration.EnforceWorkGroupConfiguration && own ? own : (asked?.OutputLocation ?? own);
  if (location === undefined)
    throw invalidRequest(
      "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
    );
  if (!/^s3:\/\/[^/]+/.test(location))
    throw invalidRequest(`outputLocation is not a valid S3 path. Provided ${location}`);
  return location.endsWith("/") ? location : `${location}/`;
}

function view(cloud: Cloud, execution: Execution): SDK.QueryExecution {
  const { id, query, parameters, database, workGroup, outputLocation, submittedAt, endedAt, state, reason } = execution;
  const took = (endedAt ?? cloud.clock.now()) - submittedAt;
  return {
    QueryExecutionId: id,
    Query: query,
    StatementType: "DML",
    ResultConfiguration: { OutputLocation: outputLocation },
    QueryExecutionContext: { Database: database, Catalog: "awsdatacatalog" },
    ...(parameters.length > 0 && { ExecutionParameters: [...parameters] }),
    Status: {
      State: state,
      SubmissionDateTime: new Date(submittedAt),
      ...(endedAt !== undefined && { CompletionDateTime: new Date(endedAt) }),
      ...(reason !== undefined && { StateChangeReason: reason }),
      ...(state === "FAILED" &&
        reason !== undefined && { AthenaError: { ErrorCategory: 2, Retryable: false, ErrorMessage: reason } }),
    },
    Statistics: {
      TotalExecutionTimeInMillis: took,
      QueryQueueTimeInMillis: Math.min(took, QUEUED_MS),
      EngineExecutionTimeInMillis: Math.max(0, took - QUEUED_MS),
      DataScannedInBytes: execution.scannedBytes ?? 0,
    },
    WorkGroup: workGroup,
  };
}
