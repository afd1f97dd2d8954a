/** StartExecution and StartSyncExecution. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import { TRACE_HEADER } from "../../../core/trace-header.ts";
import type { Call, Handler } from "../../../core/service.ts";
import { MAX_PAYLOAD_BYTES } from "../../../states/failure.ts";
import { checkName } from "../arns.ts";
import { jsonProblem } from "../machines/json-error.ts";
import type { ExecutionRecord } from "../records.ts";
import type { Services } from "../services.ts";
import { traceHeaderOf } from "../telemetry/execution-trace.ts";
import type { Execution } from "./execution.ts";

interface Start {
  readonly stateMachineArn?: string | undefined;
  readonly name?: string | undefined;
  readonly input?: string | undefined;
  readonly traceHeader?: string | undefined;
}

/**
 * Standard: the same name and input as a running execution's answers that execution; a name that is taken otherwise is refused
 * for 90 days after the execution's end. Express: every call starts one.
 */
export const startExecution =
  (services: Services): Handler<typeof SFN, "StartExecution"> =>
  (input, call) => {
    const { record } = begin(services, input, call);
    return { executionArn: record.arn, startDate: new Date(record.startDate) };
  };

export const startSyncExecution =
  (services: Services): Handler<typeof SFN, "StartSyncExecution"> =>
  async (input, call) => {
    if (services.store.machine(input.stateMachineArn).settings.type !== "EXPRESS") {
      throw new ServiceError(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
      );
    }
    const execution = begin(services, input, call);
    const record = await call.waiting(execution.ended);
    const milliseconds = (record.stopDate ?? record.startDate) - record.startDate;
    return {
      executionArn: record.arn,
      stateMachineArn: record.machineArn,
      name: record.name,
      startDate: new Date(record.startDate),
      stopDate: new Date(record.stopDate ?? record.startDate),
      // Express executions that are stopped or run out of time have their own status; all others succeed or fail.
      status: record.status === "SUCCEEDED" ? "SUCCEEDED" : record.status === "TIMED_OUT" ? "TIMED_OUT" : "FAILED",
      ...(record.output === undefined ? {} : { output: record.output, outputDetails: { included: true } }),
      ...(record.error === undefined ? {} : { error: record.error }),
      ...(record.cause === undefined ? {} : { cause: record.cause }),
      input: record.input,
      inputDetails: { included: true },
      ...(record.traceHeader === undefined ? {} : { traceHeader: record.traceHeader }),
      // Express executions are billed in steps of 100 ms and 64 MB.
      billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: Math.ceil(milliseconds / 100) * 100 },
    };
  };

function begin(services: Services, start: Start, call: Call): Pick<Execution, "record" | "ended"> {
  const { store } = services;
  const resolved = store.resolve(start.stateMachineArn);
  const { machine, settings } = resolved;
  const input = checkInput(start.input);
  const name = start.name === undefined ? store.cloud.uuid() : checkName(start.name);
  const isStandard = settings.type === "STANDARD";
  const arn = isStandard
    ? store.cloud.arn("states", `execution:${machine.name}:${name}`)
    : store.cloud.arn("states", `express:${machine.name}:${name}:${store.cloud.uuid()}`);
  const existing = isStandard ? store.executionAt(arn) : undefined;
  if (existing) {
    if (existing.status !== "RUNNING" || existing.input !== input) {
      throw new ServiceError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    }
    return { record: existing, ended: services.running.get(arn)?.ended ?? Promise.resolve(existing) };
  }
  const { definition, ...rest } = settings;
  const record: ExecutionRecord = {
    arn,
    name,
    machineArn: machine.arn,
    machineName: machine.name,
    versionArn: resolved.versionArn,
    aliasArn: resolved.aliasArn,
    definitionId: store.keepDefinition(definition),
    settings: rest,
    startDate: store.now(),
    input,
    traceHeader: traceHeaderOf(store.cloud, settings.tracing, call.headers[TRACE_HEADER], start.traceHeader),
    mapRunArn: undefined,
    itemCount: undefined,
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
  if (isStandard) store.keep(record);
  return services.run(record, definition);
}

/** Throws InvalidExecutionInput. */
export function checkInput(input = "{}"): string {
  const invalid = (reason: string): ServiceError =>
    new ServiceError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${reason}'`);
  if (Buffer.byteLength(input) > MAX_PAYLOAD_BYTES) {
    throw new ServiceError(
      "ValidationException",
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PAYLOAD_BYTES}`,
    );
  }
  if (input.trim() === "") throw invalid("Invalid execution input.");
  try {
    JSON.parse(input);
  } catch {
    throw invalid(jsonProblem(input));
  }
  return input;
}
