/** One invocation of a function, whoever asks for it: Invoke, the asynchronous queue, an event source. */
import { ServiceError } from "../../../core/errors.ts";
import type { Outcome } from "../../../lambda/function-spec.ts";
import type { LambdaRuntime } from "../../../lambda/runtime.ts";
import type { Concurrency } from "../concurrency/limits.ts";
import type { FunctionReference } from "../function-name.ts";
import { specOf } from "../spec.ts";
import type { AliasRecord, Functions, Target } from "../store.ts";
import type { Metrics } from "./metrics.ts";
import { tellInvocation } from "./segments.ts";
import { LONGEST_LOOP, traceOf } from "./trace-header.ts";

export interface InvokeRequest {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** JSON text. */
  readonly clientContext?: string | undefined;
  /** The caller's `X-Amzn-Trace-Id`. */
  readonly traceHeader?: string | undefined;
  /** Of an event that was taken by `InvocationType: Event`: when, epoch ms, and which attempt this is, from 1. */
  readonly queued?: { readonly at: number; readonly attempt: number } | undefined;
}

export interface Invoked extends Outcome {
  readonly executedVersion: string;
}

export class Invoker {
  readonly #functions: Functions;
  readonly #runtime: LambdaRuntime;
  readonly #concurrency: Concurrency;
  readonly #metrics: Metrics;

  constructor(functions: Functions, runtime: LambdaRuntime, concurrency: Concurrency, metrics: Metrics) {
    this.#functions = functions;
    this.#runtime = runtime;
    this.#concurrency = concurrency;
    this.#metrics = metrics;
  }

  /**
   * Runs the function and answers how it ended. Rejects with ResourceNotFoundException, TooManyRequestsException or
   * RecursiveInvocationException when it does not run at all.
   */
  async invoke(reference: FunctionReference, request: InvokeRequest): Promise<Invoked> {
    const { cloud } = this.#functions;
    const { record, version } = this.#route(reference);
    const spec = specOf(this.#functions, record, version);
    const trace = traceOf(request.traceHeader, spec.arn, spec.isTraced, cloud.clock.now(), cloud.uuid());
    if (record.recursion === "Terminate" && trace.occurrences > LONGEST_LOOP) {
      this.#metrics.count(reference, "RecursiveInvocationsDropped");
      throw new ServiceError(
        "RecursiveInvocationException",
        `Lambda has detected that your function is being invoked in a recursive loop with other Amazon Web Services resources and stopped it: ${spec.arn}`,
      );
    }
    const beganAt = cloud.clock.now();
    const leave = this.#enter(reference, record);
    const concurrent = this.#concurrency.runningOf(record.name);
    try {
      const outcome = await this.#runtime.invoke(spec, {
        requestId: request.requestId,
        payload: request.payload,
        invokedFunctionArn: this.#functions.arn(record.name, reference.qualifier),
        traceId: trace.header,
        clientContext: request.clientContext,
      });
      const { durationMs, coldStart } = outcome;
      const failed = outcome.failure !== undefined;
      this.#metrics.invocation(reference, { failed, durationMs, concurrent });
      const functionArn = spec.arn;
      if (trace.isRecorded) tellInvocation(cloud, { spec, trace, request, version: version.version, beganAt, outcome });
      cloud.signals.emit("lambda.invoked", {
        functionArn,
        requestId: request.requestId,
        failed,
        coldStart,
        durationMs,
        payload: request.payload,
        trace: trace.root,
      });
      return { ...outcome, executedVersion: version.version };
    } finally {
      leave();
    }
  }

  #enter(reference: FunctionReference, record: Target["record"]): () => void {
    try {
      return this.#concurrency.enter(record);
    } catch (error) {
      this.#metrics.count(reference, "Throttles");
      throw error;
    }
  }

  /** The version that an invocation of this reference runs: an alias may send a share of them to a second one. */
  #route(reference: FunctionReference): Target {
    const target = this.#functions.resolve(reference);
    const routed = target.alias && this.#weighted(target.alias);
    const version = routed === undefined ? undefined : this.#functions.version(target.record, routed);
    return version ? { ...target, version } : target;
  }

  #weighted(alias: AliasRecord): string | undefined {
    const entries = Object.entries(alias.weights);
    if (entries.length === 0) return undefined;
    let draw = this.#functions.cloud.random();
    for (const [version, weight] of entries) {
      if (draw < weight) return version;
      draw -= weight;
    }
    return undefined;
  }
}
