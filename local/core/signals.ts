/** What services tell each other inside the process, where AWS has internal wiring and no public API. */
import type { Principal } from "./principal.ts";

export interface SignalTypes {
  /** Messages may be received from a queue (sent, visible again, delay over). */
  "sqs.available": { readonly queueArn: string };
  /** Records were appended to a DynamoDB stream. */
  "dynamodb.records": { readonly streamArn: string };
  /** A metric data point was recorded. */
  "cloudwatch.datapoint": { readonly namespace: string; readonly metric: string };
  /** Log events were written; the group's subscription and metric filters may want them. `source` is the Lambda request id, if any. */
  "logs.events": { readonly group: string; readonly stream: string; readonly messages: readonly string[] };
  /** An execution began, entered or left a state, or ended (for the console and for waiting callers). */
  "states.execution": { readonly executionArn: string; readonly status: string };
  /** A function ended an invocation. */
  "lambda.invoked": {
    readonly functionArn: string;
    readonly requestId: string;
    readonly failed: boolean;
    readonly coldStart: boolean;
    readonly durationMs: number;
    readonly payload: string;
    /** Id of its trace, `1-…`. */
    readonly trace: string;
  };
  /** A request that a worker made begins to wait for something else (1) or goes on (-1): time may move although it is open. */
  "gateway.waiting": { readonly accessKeyId: string; readonly delta: 1 | -1 };
  /** Segments of traces (JSON), by whom they are handed to X-Ray. Nobody listens unless traces are collected. */
  "xray.segments": { readonly documents: readonly string[]; readonly as: Principal };
  /** A mail or SMS was put into the outbox. */
  "outbox.message": { readonly kind: "email" | "sms"; readonly to: readonly string[] };
}

export type SignalName = keyof SignalTypes;

export interface Signals {
  emit<N extends SignalName>(name: N, value: SignalTypes[N]): void;
  /** Answers a function that ends the subscription. Listeners must not throw; work they start must hold the clock. */
  on<N extends SignalName>(name: N, listener: (value: SignalTypes[N]) => void): () => void;
}
