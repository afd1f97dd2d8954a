/** What the host and a worker thread say to each other. */

/** Positions in the 32-bit integers that both sides share. */
export const Word = {
  /** 1 while the worker has something to do, 0 once it has been quiet for two turns of its loop. */
  busy: 0,
  /** HTTP requests that the worker has open. */
  open: 1,
  /** Number of the last word from the host that the worker has acted on. */
  seen: 2,
  /** Pending timers that a handler may be waiting for. */
  awaited: 3,
} as const;
export const WORDS = 4;

/** In `due` when no timer is pending. */
export const NO_TIMER = 2n ** 62n;

interface Shared {
  /** The clock's two integers: [0] mode (1 virtual, 0 real), [1] virtual now, or the real clock's offset, ms. */
  readonly clock: BigInt64Array;
  readonly words: Int32Array;
  /** [0] the moment (epoch ms) of the earliest pending timer. */
  readonly due: BigInt64Array;
}

/** What a worker is started with. */
export interface WorkerStart extends Shared {
  readonly root: string;
  readonly handler: string;
  readonly runtime: string;
  readonly format: "Text" | "JSON";
  readonly level: string | undefined;
  readonly compileCache: string | undefined;
  /** What the function finds as its NODE_OPTIONS; the thread itself was started with less. */
  readonly nodeOptions: string | undefined;
  /** What Math.random begins with in virtual time: the pauses before a retry are the same from run to run. */
  readonly seed: number;
  /** Where the X-Ray daemon is said to listen; undefined when traces are not collected. */
  readonly daemon: { readonly address: string; readonly port: number } | undefined;
}

export interface InvokeWord {
  readonly kind: "invoke";
  readonly word: number;
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** Epoch ms. */
  readonly deadline: number;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
  readonly clientContext: string | undefined;
}

/** Time has moved: fire what is due. */
interface TickWord {
  readonly kind: "tick";
  readonly word: number;
}

export type HostWord = InvokeWord | TickWord;

/** A failure as callers of Invoke see it. */
export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type WorkerWord =
  | { readonly kind: "ready" }
  /** The module could not be loaded. The worker ends. */
  | { readonly kind: "init-failure"; readonly failure: Failure }
  | {
      readonly kind: "result";
      readonly requestId: string;
      readonly payload: string;
      readonly streamed?: Uint8Array;
      readonly heapBytes: number;
    }
  | { readonly kind: "failure"; readonly requestId: string; readonly failure: Failure; readonly heapBytes: number }
  /** An error that nobody caught. The worker ends. */
  | { readonly kind: "crash"; readonly failure: Failure }
  /** Something sent to the X-Ray daemon: a header line, and a segment document. */
  | { readonly kind: "segment"; readonly datagram: string }
  | { readonly kind: "log"; readonly at: number; readonly text: string }
  /** Nothing moves here before time does, or before an answer comes. */
  | { readonly kind: "quiet" };
