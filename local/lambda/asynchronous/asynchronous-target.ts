/** What the asynchronous queue must know of a function. */

export interface AsynchronousTarget {
  readonly name: string;
  /** With qualifier, as records name it. */
  readonly functionArn: string;
  readonly roleArn: string;
  /** A queue or topic for events that are given up. */
  readonly deadLetterArn: string | undefined;
  readonly maximumRetries: number;
  readonly maximumAgeSeconds: number;
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
  /** Reserved concurrency 0: events are given up without a try. */
  readonly isStopped: boolean;
}

/** How an attempt ended, as records describe it. */
export interface Attempt {
  readonly executedVersion: string;
  /** JSON text. */
  readonly payload: string | Uint8Array;
  readonly failure: { readonly errorType: string; readonly errorMessage: string } | undefined;
}

export type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded";
