/** How the platform itself reports an environment that did not answer. */
import type { Failure } from "../worker/protocol.ts";

/** Largest answer ("Lambda quotas": 6 MB, of which the service lets 100 bytes more through). */
const LARGEST_ANSWER = 6_291_556;

export const timedOut = (requestId: string, timeoutSeconds: number): Failure => ({
  errorType: "Sandbox.Timedout",
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
});

/** The process ended by itself. Code 0 has no reason, as process.exit() without an argument. */
export const exited = (requestId: string, code: number): Failure => ({
  errorType: "Runtime.ExitError",
  errorMessage:
    code === 0
      ? `RequestId: ${requestId} Error: Runtime exited without providing a reason`
      : `RequestId: ${requestId} Error: Runtime exited with error: exit status ${code}`,
});

export const outOfMemory = (requestId: string): Failure => ({
  errorType: "Runtime.OutOfMemory",
  errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
});

/** The failure of an answer that is too long; undefined when it is not. */
export function tooLarge(payload: string | Uint8Array): Failure | undefined {
  const length = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
  if (length <= LARGEST_ANSWER) return undefined;
  return {
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_ANSWER} bytes).`,
  };
}
