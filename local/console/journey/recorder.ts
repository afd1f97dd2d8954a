/** Keeps the latest steps that events took, from the calls that the dispatcher tells of and the runs of functions. */
import type { LocalCloud } from "../../cloud.ts";
import type { EndedCall, ObservedCall } from "../../core/dispatcher.ts";
import type { Principal } from "../../core/principal.ts";
import type { Hop } from "./hop.ts";
import { idsIn, traceIn } from "./ids.ts";
import { functionName, meaningOf, requestIn, subjectOf } from "./meanings.ts";

const KEPT = 4_000;
/** Of what was handed on; the message, the event or the execution has the whole. */
const SHOWN = 2_000;
/** What every function does all the time says nothing about an event. */
const UNTOLD = new Set(["logs", "xray", "sts", "cloudwatch"]);

export class JourneyRecorder {
  readonly #cloud: LocalCloud;
  readonly #hops: Hop[] = [];
  /** Executions under way, by the name under which they make calls. */
  readonly #executions = new Map<string, Hop>();
  #order = 0;

  constructor(cloud: LocalCloud) {
    this.#cloud = cloud;
    cloud.dispatcher.observe((call) => this.#called(call));
    cloud.signals.on("lambda.invoked", ({ functionArn, requestId, failed, durationMs, payload, trace }) => {
      const now = cloud.clock.now();
      this.#keep({
        kind: "run",
        at: now - durationMs,
        service: "lambda",
        operation: "run",
        by: "lambda",
        via: undefined,
        trace,
        requestId,
        target: { kind: "function", name: functionName(functionArn) },
        says: requestIn(payload),
        content: payload.slice(0, SHOWN),
        mentions: idsIn(payload).add(requestId),
        produces: [requestId],
        endedAt: now,
        error: failed ? "failed" : undefined,
        status: undefined,
      });
    });
    cloud.signals.on("states.execution", ({ executionArn, status }) => this.#moved(executionArn, status));
  }

  /** The latest ones, oldest first. */
  get hops(): readonly Hop[] {
    return this.#hops;
  }

  #called({ service, operation, principal, requestId, input, headers }: ObservedCall) {
    const meaning = meaningOf(service, operation, input);
    const trace = traceIn(headers["x-amzn-trace-id"]) ?? traceInMessage(input);
    if (!meaning && !this.#isDetail(service, principal, trace)) return undefined;
    const content = meaning?.content ?? "";
    const hop = this.#keep({
      kind: meaning ? "call" : "detail",
      at: this.#cloud.clock.now(),
      service,
      operation,
      by: callerOf(principal),
      via: principal.kind === "service" ? principal.sourceArn : undefined,
      trace,
      requestId,
      target: meaning?.target ?? subjectOf(input),
      says: meaning?.says || undefined,
      content: content.slice(0, SHOWN),
      mentions: idsIn(content),
      produces: [requestId],
      endedAt: undefined,
      error: undefined,
      status: undefined,
    });
    return ({ output, error }: EndedCall): void => {
      hop.endedAt = this.#cloud.clock.now();
      if (error !== undefined) {
        hop.error = error instanceof Error ? error.name : "Error";
        return;
      }
      hop.target = meaning?.ended?.(output) ?? hop.target;
      hop.produces = [requestId, ...(meaning?.produced?.(output) ?? [])];
      if (hop.target.kind === "execution") this.#began(hop);
    };
  }

  /** Functions pass their trace on, pollers that call in a function's name do not. */
  #isDetail(service: string, principal: Principal, trace: string | undefined): boolean {
    if (principal.kind !== "role" || UNTOLD.has(service)) return false;
    return trace !== undefined || this.#executions.has(principal.sessionName);
  }

  #began(hop: Hop): void {
    // What was asked for a second time was answered with the execution that there is.
    const known = this.#executions.get(sessionOf(hop.target.name));
    if (known?.target.name === hop.target.name) return;
    hop.status = "RUNNING";
    hop.endedAt = undefined;
    this.#executions.set(sessionOf(hop.target.name), hop);
  }

  #moved(executionArn: string, status: string): void {
    const session = sessionOf(executionArn);
    const hop = this.#executions.get(session);
    if (hop?.target.name !== executionArn || status === "RUNNING") return;
    hop.status = status;
    hop.endedAt = this.#cloud.clock.now();
    this.#executions.delete(session);
  }

  #keep(hop: Omit<Hop, "order">): Hop {
    const kept = { order: ++this.#order, ...hop };
    this.#hops.push(kept);
    if (this.#hops.length > 2 * KEPT) this.#hops.splice(0, KEPT);
    return kept;
  }
}

/** The name of the session in which an execution calls. */
export const sessionOf = (executionArn: string): string => (executionArn.split(":").at(-1) ?? "").slice(0, 64);

/** Topics and buckets hand the trace on in the message. */
function traceInMessage(input: unknown): string | undefined {
  const attributes = (input as { MessageSystemAttributes?: { AWSTraceHeader?: { StringValue?: string } } } | undefined)
    ?.MessageSystemAttributes;
  return traceIn(attributes?.AWSTraceHeader?.StringValue);
}

const callerOf = (principal: Principal): string => {
  if (principal.kind === "role") return principal.sessionName;
  return principal.kind === "service" ? principal.service : principal.kind;
};
