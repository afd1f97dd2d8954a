/** Map runs: the child executions of Map states in distributed mode, with their records. */
import { isServiceError } from "../../../core/errors.ts";
import { StatesFailure, ExecutionEnded } from "../../../states/failure.ts";
import type { ChildOutcome, MapRun, MapRuns, MapRunStart } from "../../../states/host.ts";
import type { Json } from "../../../states/json.ts";
import { Execution } from "../executions/execution.ts";
import type { Counts, ExecutionRecord, MapRunRecord } from "../records.ts";
import { listObjects, readObject, writeObject } from "./s3.ts";

export const mapRunsOf = (parent: Execution): MapRuns => ({
  start: (start) => startMapRun(parent, start),
  listObjects: (source, limit) => listObjects(parent, source, limit),
  readObject: (source) => readObject(parent, source),
  writeObject: (bucket, key, body) => writeObject(parent, bucket, key, body),
});

/**
 * The machine's role starts, watches and stops the child executions of its own machine (IAM policies for using Distributed Map states,
 * developer guide).
 */
function checkRole({ principal, record, services }: Execution): void {
  const { iam, arn } = services.store.cloud;
  const executions = arn("states", `execution:${record.machineName}/*`);
  try {
    iam.authorize(principal, { action: "states:StartExecution", resource: record.machineArn }, undefined);
    for (const action of ["states:DescribeExecution", "states:StopExecution"])
      iam.authorize(principal, { action, resource: executions }, undefined);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    throw new StatesFailure("States.Permissions", error.message);
  }
}

const counts = (pending: number): Counts => ({ pending, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 });

function startMapRun(parent: Execution, start: MapRunStart): MapRun {
  checkRole(parent);
  const { store } = parent.services;
  const { cloud } = store;
  const machineArn = `${parent.record.machineArn}/${start.label}`;
  const record: MapRunRecord = {
    arn: cloud.arn("states", `mapRun:${parent.record.machineName}/${start.label}:${cloud.uuid()}`),
    executionArn: parent.record.arn,
    machineArn,
    startDate: store.now(),
    itemsPerChild: start.batchSizes,
    totalItems: start.itemCount,
    status: "RUNNING",
    stopDate: undefined,
    maxConcurrency: start.maxConcurrency,
    toleratedFailureCount: start.toleratedFailureCount,
    toleratedFailurePercentage: start.toleratedFailurePercentage,
    executions: counts(start.batchSizes.length),
    items: counts(start.itemCount),
    resultsWritten: false,
    redriveCount: parent.record.redriveCount,
    redriveDate: parent.record.redriveDate,
  };
  store.mapRuns.set(record.arn, record);
  const definition = JSON.stringify(start.processor.definition);
  const definitionId = store.keepDefinition(definition);

  const move = (from: keyof Counts, to: keyof Counts, items: number): void => {
    record.executions[from]--;
    record.executions[to]++;
    record.items[from] -= items;
    record.items[to] += items;
    store.mapRuns.set(record.arn, record);
  };
  const runChild: MapRun["runChild"] = async ({ input, items, signal }) => {
    const child = childRecord(parent, record, start, { definitionId, input, items });
    const execution = new Execution(parent.services, child, start.processor);
    move("pending", "running", items);
    if (execution.isStandard) store.keep(child);
    parent.services.running.set(child.arn, execution);
    const abort = (): void => execution.stop(new ExecutionEnded("ABORTED"));
    signal.addEventListener("abort", abort, { once: true });
    execution.start();
    await execution.ended;
    signal.removeEventListener("abort", abort);
    move("running", stateOf(child.status), items);
    return outcomeOf(child);
  };
  return {
    arn: record.arn,
    limits: record,
    runChild,
    finish(status, resultsWritten) {
      record.status = status;
      record.stopDate = store.now();
      record.resultsWritten = resultsWritten;
      store.mapRuns.set(record.arn, record);
    },
  };
}

const stateOf = (status: ExecutionRecord["status"]): keyof Counts => {
  if (status === "SUCCEEDED") return "succeeded";
  if (status === "TIMED_OUT") return "timedOut";
  return status === "ABORTED" ? "aborted" : "failed";
};

function childRecord(
  parent: Execution,
  run: MapRunRecord,
  start: MapRunStart,
  child: { definitionId: string; input: Json; items: number },
): ExecutionRecord {
  const { store } = parent.services;
  const name = store.cloud.uuid();
  const kind = start.executionType === "EXPRESS" ? "express" : "execution";
  const suffix = kind === "express" ? `:${store.cloud.uuid()}` : "";
  return {
    arn: store.cloud.arn("states", `${kind}:${parent.record.machineName}/${start.label}:${name}${suffix}`),
    name,
    machineArn: run.machineArn,
    machineName: `${parent.record.machineName}/${start.label}`,
    versionArn: undefined,
    aliasArn: undefined,
    definitionId: child.definitionId,
    settings: { ...parent.record.settings, type: start.executionType },
    startDate: store.now(),
    input: JSON.stringify(child.input),
    traceHeader: parent.record.traceHeader,
    mapRunArn: run.arn,
    itemCount: child.items,
    status: "RUNNING",
    stopDate: undefined,
    output: undefined,
    error: undefined,
    cause: undefined,
    redriveCount: 0,
    redriveDate: undefined,
    checkpoint: undefined,
    events: 0,
  };
}

function outcomeOf(record: ExecutionRecord): ChildOutcome {
  if (record.status === "RUNNING")
    throw new StatesFailure("States.Runtime", "A child execution ended without an outcome");
  const output: Json | undefined = record.output === undefined ? undefined : JSON.parse(record.output);
  return {
    status: record.status,
    executionArn: record.arn,
    name: record.name,
    stateMachineArn: record.machineArn,
    startDate: record.startDate,
    stopDate: record.stopDate ?? record.startDate,
    input: record.input,
    output,
    error: record.error,
    cause: record.cause,
  };
}
