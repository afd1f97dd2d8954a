/** One task at work, as integrations see it: its history events, its end by time or from outside. */
import type { Principal } from "../../../core/principal.ts";
import { asRole } from "../../../core/principal.ts";
import type { Cloud } from "../../../core/cloud.ts";
import { dataLimitExceeded, StatesFailure } from "../../../states/failure.ts";
import type { TaskRequest } from "../../../states/host.ts";
import type { Json } from "../../../states/json.ts";
import { isTooLarge } from "../../../states/run.ts";

/** Settles as the work does, or rejects with the signal's reason as soon as it is aborted. The work's own end is then ignored. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    const release = (): void => signal.removeEventListener("abort", abort);
    work.then(
      (value) => {
        release();
        resolve(value);
      },
      (error: unknown) => {
        release();
        reject(error);
      },
    );
  });
}

/** Who the task's calls are made as: the execution's role, or the role of `Credentials`, which the execution's role must be allowed to take. */
export async function callerOf(cloud: Cloud, own: Principal, request: TaskRequest): Promise<Principal> {
  const { roleArn } = request;
  if (roleArn === undefined || own.kind !== "role") return own;
  await cloud.call("sts", "AssumeRole", { RoleArn: roleArn, RoleSessionName: own.sessionName }, own);
  return asRole(roleArn, own.sessionName);
}

/** Names of a task's events: `Task…` for services, `LambdaFunction…` and `Activity…` for the direct ones. */
export interface EventNames {
  readonly type: "Task" | "LambdaFunction" | "Activity";
  /** Members that every event of the task bears. */
  readonly common: Readonly<Record<string, unknown>>;
}

const keyOf = ({ type }: EventNames, event: string): string =>
  `${type.charAt(0).toLowerCase()}${type.slice(1)}${event}EventDetails`;

export function record(
  request: TaskRequest,
  names: EventNames,
  event: string,
  details: Readonly<Record<string, unknown>> | undefined,
): void {
  if (details) request.record(`${names.type}${event}`, keyOf(names, event), { ...names.common, ...details });
  else request.record(`${names.type}${event}`);
}

export const outputDetails = (output: Json): Record<string, unknown> => ({
  output: JSON.stringify(output),
  outputDetails: { truncated: false },
});

/** Runs the work and records how it ended. `shown` is the task's name in the message about results that are too large. */
export async function concluded(
  request: TaskRequest,
  names: EventNames,
  shown: string,
  work: () => Promise<Json>,
): Promise<Json> {
  try {
    const output = await abortable(work(), request.signal);
    if (isTooLarge(JSON.stringify(output))) throw dataLimitExceeded(shown);
    record(request, names, "Succeeded", outputDetails(output));
    return output;
  } catch (error) {
    if (error instanceof StatesFailure) recordFailure(request, names, error);
    throw error;
  }
}

function recordFailure(request: TaskRequest, names: EventNames, { error, reason }: StatesFailure): void {
  const details = { ...(error === undefined ? {} : { error }), ...(reason === undefined ? {} : { cause: reason }) };
  record(request, names, error === "States.Timeout" && request.signal.aborted ? "TimedOut" : "Failed", details);
}
