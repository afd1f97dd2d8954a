/** An event source mapping as it is kept, and what a running one needs. */
import type { Attempt } from "../asynchronous/asynchronous-target.ts";
import type { Reference } from "../asynchronous/asynchronous-invocations.ts";

export interface Mapping {
  readonly uuid: string;
  readonly eventSourceArn: string;
  readonly reference: Reference;
  readonly isEnabled: boolean;
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** EventBridge patterns as JSON text; a record that matches none of them is dropped. */
  readonly patterns: readonly string[];
  readonly reportsItemFailures: boolean;
  /** Queues only. */
  readonly maximumConcurrency: number | undefined;
  /** Streams only, from here on. */
  readonly startingPosition: "TRIM_HORIZON" | "LATEST" | undefined;
  readonly bisects: boolean;
  /** -1: until the records expire. */
  readonly maximumRetries: number;
  readonly maximumAgeSeconds: number;
  readonly parallelization: number;
  readonly onFailure: string | undefined;
  /** Epoch ms. */
  readonly modifiedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface EventSourceHost {
  /** Rejects with ServiceError when the function does not run at all. */
  invoke(
    reference: Reference,
    request: { readonly requestId: string; readonly payload: string; readonly traceHeader?: string | undefined },
  ): Promise<Attempt>;
  /** Throws when the function is no more. */
  roleOf(reference: Reference): string;
}

/** What reads from one source and invokes one function. */
export interface RunningSource {
  start(): void;
  /** There may be something to read. */
  wake(): void;
  stop(): void;
}
