/** DescribeExecution, DescribeStateMachineForExecution, ListExecutions, StopExecution. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { ExecutionEnded } from "../../../states/failure.ts";
import { describeSettings } from "../machines/describe-state-machine.ts";
import { page } from "../paging.ts";
import type { ExecutionRecord } from "../records.ts";
import type { Services } from "../services.ts";
import type { Store } from "../store.ts";

/** Executions can be redriven for so long after their end (Redriving executions, developer guide). */
export const REDRIVE_MS = 14 * 86_400_000;

/** Why an execution cannot be redriven; undefined when it can. */
export function redriveProblem(record: ExecutionRecord, now: number): string | undefined {
  if (record.mapRunArn !== undefined) return "Child executions are redriven with their Map Run";
  if (record.status === "RUNNING") return "Execution is RUNNING and cannot be redriven";
  if (record.status === "SUCCEEDED") return "Execution is SUCCEEDED and cannot be redriven";
  if ((record.stopDate ?? now) + REDRIVE_MS < now) return "Execution is older than the redrivable period";
  return record.checkpoint ? undefined : "Execution has not entered a state";
}

export const describeExecution =
  (store: Store): Handler<typeof SFN, "DescribeExecution"> =>
  ({ executionArn, includedData }) => {
    const record = store.execution(executionArn);
    const included = includedData !== "METADATA_ONLY";
    const problem = redriveProblem(record, store.now());
    return {
      executionArn: record.arn,
      stateMachineArn: record.machineArn,
      name: record.name,
      status: record.status,
      startDate: new Date(record.startDate),
      ...(record.stopDate === undefined ? {} : { stopDate: new Date(record.stopDate) }),
      ...(included ? { input: record.input } : {}),
      inputDetails: { included },
      ...(record.output === undefined
        ? {}
        : { ...(included ? { output: record.output } : {}), outputDetails: { included } }),
      ...(record.error === undefined ? {} : { error: record.error }),
      ...(record.cause === undefined ? {} : { cause: record.cause }),
      ...(record.traceHeader === undefined ? {} : { traceHeader: record.traceHeader }),
      ...(record.mapRunArn === undefined ? {} : { mapRunArn: record.mapRunArn }),
      ...(record.versionArn === undefined ? {} : { stateMachineVersionArn: record.versionArn }),
      ...(record.aliasArn === undefined ? {} : { stateMachineAliasArn: record.aliasArn }),
      redriveCount: record.redriveCount,
      ...(record.redriveDate === undefined ? {} : { redriveDate: new Date(record.redriveDate) }),
      redriveStatus:
        record.mapRunArn !== undefined
          ? "REDRIVABLE_BY_MAP_RUN"
          : problem === undefined
            ? "REDRIVABLE"
            : "NOT_REDRIVABLE",
      ...(problem === undefined ? {} : { redriveStatusReason: problem }),
    };
  };

export const describeStateMachineForExecution =
  (store: Store): Handler<typeof SFN, "DescribeStateMachineForExecution"> =>
  ({ executionArn, includedData }) => {
    const record = store.execution(executionArn);
    const definition = includedData === "METADATA_ONLY" ? "" : store.definition(record.definitionId);
    const machine = store.machines.get(record.machineArn);
    return {
      stateMachineArn: record.machineArn,
      name: record.machineName,
      updateDate: new Date(machine?.updateDate ?? record.startDate),
      ...describeSettings({ ...record.settings, definition }),
      ...(record.mapRunArn === undefined
        ? {}
        : { mapRunArn: record.mapRunArn, label: record.machineArn.slice(record.machineArn.lastIndexOf("/") + 1) }),
    };
  };

/** Newest first: of a machine, a version, an alias, or a Map run. */
export const listExecutions =
  (store: Store): Handler<typeof SFN, "ListExecutions"> =>
  (input) => {
    const { stateMachineArn, mapRunArn, statusFilter, redriveFilter, maxResults, nextToken } = input;
    if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
      throw new ServiceError(
        "ValidationException",
        "Must specify either a state machine ARN or a Map Run ARN, but not both",
      );
    }
    if (stateMachineArn !== undefined && store.machine(stateMachineArn).settings.type === "EXPRESS") {
      throw new ServiceError(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
      );
    }
    if (mapRunArn !== undefined && !store.mapRuns.has(mapRunArn))
      throw new ServiceError("ResourceNotFound", `Resource not found: '${mapRunArn}'`);
    const found = [...store.executions()].filter(
      (record) =>
        (mapRunArn === undefined
          ? record.mapRunArn === undefined &&
            [record.machineArn, record.versionArn, record.aliasArn].includes(stateMachineArn)
          : record.mapRunArn === mapRunArn) &&
        (statusFilter === undefined || record.status === statusFilter) &&
        (redriveFilter === undefined || record.redriveCount > 0 === (redriveFilter === "REDRIVEN")) &&
        store.executionAt(record.arn) !== undefined,
    );
    found.reverse().sort((a, b) => b.startDate - a.startDate);
    const { items, ...rest } = page(
      found,
      `executions ${stateMachineArn ?? mapRunArn} ${statusFilter ?? ""} ${redriveFilter ?? ""}`,
      maxResults,
      nextToken,
    );
    return { executions: items.map(listed), ...rest };
  };

const listed = (record: ExecutionRecord): SFN.ExecutionListItem => ({
  executionArn: record.arn,
  stateMachineArn: record.machineArn,
  name: record.name,
  status: record.status,
  startDate: new Date(record.startDate),
  ...(record.stopDate === undefined ? {} : { stopDate: new Date(record.stopDate) }),
  ...(record.mapRunArn === undefined ? {} : { mapRunArn: record.mapRunArn }),
  ...(record.itemCount === undefined ? {} : { itemCount: record.itemCount }),
  ...(record.versionArn === undefined ? {} : { stateMachineVersionArn: record.versionArn }),
  ...(record.aliasArn === undefined ? {} : { stateMachineAliasArn: record.aliasArn }),
  ...(record.redriveCount === 0 ? {} : { redriveCount: record.redriveCount }),
  ...(record.redriveDate === undefined ? {} : { redriveDate: new Date(record.redriveDate) }),
});

/** Stopping what has ended already changes nothing. */
export const stopExecution =
  (services: Services): Handler<typeof SFN, "StopExecution"> =>
  async ({ executionArn, error, cause }) => {
    const record = services.store.execution(executionArn);
    const execution = services.running.get(record.arn);
    if (execution) {
      execution.stop(new ExecutionEnded("ABORTED", error, cause));
      await execution.ended;
    }
    return { stopDate: new Date(record.stopDate ?? services.store.now()) };
  };
