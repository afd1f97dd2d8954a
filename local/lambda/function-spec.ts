/** What the runtime must know of a function version to run it, and what an invocation brings and leaves. */
import type { CodeRef } from "./code/code-ref.ts";
import type { Failure } from "./worker/protocol.ts";

export interface FunctionSpec {
  readonly name: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** Without qualifier. */
  readonly arn: string;
  /** Changes with every change of code or configuration: environments of another revision are not used again. */
  readonly revision: string;
  readonly code: CodeRef;
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly isTraced: boolean;
  readonly logging: Logging;
}

interface Logging {
  readonly group: string;
  /** The group is not the function's own: stream names say whose they are. */
  readonly isShared: boolean;
  readonly format: "Text" | "JSON";
  /** JSON only. */
  readonly applicationLevel: string | undefined;
  readonly systemLevel: string | undefined;
}

export interface InvocationRequest {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** As the caller named it, with its qualifier. */
  readonly invokedFunctionArn: string;
  /** Value of `_X_AMZN_TRACE_ID`. */
  readonly traceId: string;
  /** JSON text. */
  readonly clientContext?: string | undefined;
}

export interface LogEvent {
  /** Epoch ms. */
  readonly at: number;
  readonly text: string;
}

export interface Outcome {
  /** JSON text, or what a streaming handler wrote. Of a failure: its JSON. */
  readonly payload: string | Uint8Array;
  readonly failure: Failure | undefined;
  readonly coldStart: boolean;
  readonly durationMs: number;
  /** When the handler began and ended, epoch ms on the cloud's clock. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The last lines of the log, for `LogType: Tail`. */
  readonly log: readonly string[];
}
