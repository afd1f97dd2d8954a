/** Errors as the Node.js runtime of Lambda reports them ("Understanding retry behavior", "Handler error types"). */
import type { Failure } from "./protocol.ts";

/** An error of the runtime itself: its name is the `errorType` that callers see, such as `Runtime.HandlerNotFound`. */
export class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** What a thrown value becomes in the answer to Invoke. Values that are not errors are reported by their type. */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: describe(thrown), trace: [] };
  return {
    errorType: String(thrown.name),
    errorMessage: String(thrown.message),
    trace: typeof thrown.stack === "string" ? thrown.stack.split("\n") : [],
  };
}

/** The error's fields as the runtime writes them behind "Invoke Error" in the log. */
export function loggable(thrown: unknown): string {
  const error = thrown instanceof Error ? thrown : new Error(describe(thrown));
  try {
    return JSON.stringify(error, (_name, value: unknown) => (value instanceof Error ? fieldsOf(value) : value));
  } catch {
    return JSON.stringify(failureOf(error));
  }
}

const fieldsOf = (error: Error): object => ({
  errorType: error.name,
  errorMessage: error.message,
  ...("code" in error && { code: error.code }),
  ...error,
  stack: typeof error.stack === "string" ? error.stack.split("\n") : error.stack,
});

function describe(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
