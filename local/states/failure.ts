/** How a state fails: an error name that Retry and Catch match, and a cause for people. */
import type { JsonObject } from "./json.ts";

/** Payloads, task results and variables are limited to 256 KiB of UTF-8 (Step Functions quotas). */
export const MAX_PAYLOAD_BYTES = 262_144;

export interface FailureOptions {
  /** Further names that ErrorEquals may use for it: a missed heartbeat is also a States.Timeout. */
  readonly alsoKnownAs?: readonly string[];
  /** The field and state in which a JSONata expression failed: recorded as EvaluationFailed. */
  readonly evaluation?: { readonly location: string };
  /** The cause is to be introduced by the state and the id of its entered event. */
  readonly located?: boolean;
}

export class StatesFailure extends Error {
  readonly error: string | undefined;
  /** Undefined where AWS gives none, as in timeouts. */
  readonly reason: string | undefined;
  readonly alsoKnownAs: readonly string[];
  readonly evaluation: { readonly location: string } | undefined;
  readonly located: boolean;

  constructor(error: string | undefined, reason: string | undefined, options: FailureOptions = {}) {
    super(`${error ?? "(no error)"}: ${reason ?? ""}`);
    this.name = "StatesFailure";
    this.error = error;
    this.reason = reason;
    this.alsoKnownAs = options.alsoKnownAs ?? [];
    this.evaluation = options.evaluation;
    this.located = options.located ?? false;
  }

  /** What a Catch sees. */
  get output(): JsonObject {
    return { Error: this.error ?? "", Cause: this.reason ?? "" };
  }
}

/** The execution cannot go on and no Retry or Catch applies (States.Runtime). */
export const runtimeFailure = (reason: string): StatesFailure =>
  new StatesFailure("States.Runtime", reason, { located: true });

export const intrinsicFailure = (reason: string): StatesFailure =>
  new StatesFailure("States.IntrinsicFailure", reason, { located: true });

export const dataLimitExceeded = (what: string): StatesFailure =>
  new StatesFailure(
    "States.DataLimitExceeded",
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

export const timeoutFailure = (): StatesFailure => new StatesFailure("States.Timeout", undefined);
// Recorded histories name a missed heartbeat States.Timeout; Retry and Catch may also say States.HeartbeatTimeout.
export const heartbeatFailure = (): StatesFailure =>
  new StatesFailure("States.Timeout", undefined, { alsoKnownAs: ["States.HeartbeatTimeout"] });

/** The execution is ended from outside, or by its own time limit or history limit: nothing catches it. */
export class ExecutionEnded extends Error {
  readonly status: "ABORTED" | "TIMED_OUT" | "FAILED";
  readonly error: string | undefined;
  readonly reason: string | undefined;

  constructor(status: "ABORTED" | "TIMED_OUT" | "FAILED", error?: string, reason?: string) {
    super(`Execution ${status}`);
    this.name = "ExecutionEnded";
    this.status = status;
    this.error = error;
    this.reason = reason;
  }
}

/** A definition that cannot be compiled; `path` is where, as in `/States/First/Parameters/a.$`. */
export class DefinitionError extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.name = "DefinitionError";
    this.path = path;
  }
}
