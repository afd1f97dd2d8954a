/** `states:startExecution`, alone or waiting for the execution's end (.sync, .sync:2). */
import type { Cloud } from "../../../core/cloud.ts";
import type { Principal } from "../../../core/principal.ts";
import { ExecutionEnded, StatesFailure } from "../../../states/failure.ts";
import type { TaskRequest } from "../../../states/host.ts";
import { isObject, type Json } from "../../../states/json.ts";
import type { ExecutionRecord } from "../records.ts";
import type { Services } from "../services.ts";
import { optimizedFailure } from "./errors.ts";
import { withMetadata } from "./metadata.ts";
import { abortable, callerOf } from "./task.ts";

export interface Started {
  readonly arn: string;
  readonly answer: Json;
}

export async function startChild(cloud: Cloud, own: Principal, request: TaskRequest): Promise<Started> {
  const requestId = cloud.uuid();
  const {
    StateMachineArn: machine,
    Input: input,
    Name: name,
    TraceHeader: trace,
  } = isObject(request.argument) ? request.argument : {};
  try {
    const as = await callerOf(cloud, own, request);
    const { executionArn = "", startDate } = await cloud.call(
      "states",
      "StartExecution",
      {
        stateMachineArn: String(machine ?? ""),
        ...(input === undefined ? {} : { input: typeof input === "string" ? input : JSON.stringify(input) }),
        ...(name === undefined ? {} : { name: String(name) }),
        ...(trace === undefined ? {} : { traceHeader: String(trace) }),
      },
      as,
    );
    return {
      arn: executionArn,
      answer: withMetadata(cloud, { ExecutionArn: executionArn, StartDate: (startDate?.getTime() ?? 0) / 1000 }),
    };
  } catch (error) {
    throw optimizedFailure("states", error, requestId);
  }
}

/** The description of the execution when it has ended; `.sync:2` has its output as JSON. The child ends when the task is given up. */
export async function childOutput(
  services: Services,
  request: TaskRequest,
  child: { arn: string; asJson: boolean; own: Principal },
): Promise<Json> {
  const { arn, asJson, own } = child;
  const execution = services.running.get(arn);
  if (execution) {
    try {
      await abortable(execution.ended, request.signal);
    } catch (error) {
      execution.stop(new ExecutionEnded("ABORTED"));
      throw error;
    }
  }
  await allowedToDescribe(services, own, request, arn);
  const record = execution?.record ?? services.store.executionAt(arn);
  if (!record)
    throw new StatesFailure("StepFunctions.ExecutionDoesNotExistException", `Execution Does Not Exist: '${arn}'`);
  const description = describe(record, asJson);
  // A child that did not succeed fails the task; its description is the cause.
  if (record.status !== "SUCCEEDED") throw new StatesFailure("States.TaskFailed", JSON.stringify(description));
  return description;
}

/** The role of the parent needs states:DescribeExecution to learn of the end. */
async function allowedToDescribe(
  services: Services,
  own: Principal,
  request: TaskRequest,
  executionArn: string,
): Promise<void> {
  const { cloud } = services.store;
  try {
    await cloud.call("states", "DescribeExecution", { executionArn }, await callerOf(cloud, own, request));
  } catch (error) {
    throw optimizedFailure("states", error, cloud.uuid());
  }
}

const parse = (text: string): Json => JSON.parse(text);

const describe = (record: ExecutionRecord, asJson: boolean): Json => ({
  ExecutionArn: record.arn,
  Input: asJson ? parse(record.input) : record.input,
  InputDetails: { Included: true },
  Name: record.name,
  ...(record.output === undefined
    ? {}
    : { Output: asJson ? parse(record.output) : record.output, OutputDetails: { Included: true } }),
  ...(record.error === undefined ? {} : { Error: record.error }),
  ...(record.cause === undefined ? {} : { Cause: record.cause }),
  RedriveCount: record.redriveCount,
  RedriveStatus: record.status === "SUCCEEDED" ? "NOT_REDRIVABLE" : "REDRIVABLE",
  StartDate: record.startDate,
  StateMachineArn: record.machineArn,
  Status: record.status,
  StopDate: record.stopDate ?? null,
});
