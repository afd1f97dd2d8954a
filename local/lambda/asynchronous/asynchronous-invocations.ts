/** The queue behind `InvocationType: Event`: attempts, retries, and what becomes of an event in the end ("Asynchronous invocation"). */
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError } from "../../core/errors.ts";
import type { AsynchronousTarget, Attempt, Condition } from "./asynchronous-target.ts";
import { sendDeadLetter, sendRecord } from "./destinations.ts";

export interface Reference {
  readonly name: string;
  readonly qualifier: string | undefined;
}

export interface AsynchronousHost {
  /** Undefined when the function is no more. */
  describe(reference: Reference): AsynchronousTarget | undefined;
  invoke(
    reference: Reference,
    request: {
      readonly requestId: string;
      readonly payload: string;
      readonly clientContext?: string | undefined;
      readonly traceHeader?: string | undefined;
      readonly queued?: { readonly at: number; readonly attempt: number };
    },
  ): Promise<Attempt>;
  count(
    reference: Reference,
    metric: "AsyncEventsReceived" | "AsyncEventsDropped" | "DeadLetterErrors" | "DestinationDeliveryFailures",
  ): void;
}

interface QueuedEvent {
  /** The request id: every attempt has the same. */
  readonly id: string;
  readonly reference: Reference;
  readonly payload: string;
  readonly clientContext: string | undefined;
  readonly traceHeader: string | undefined;
  /** Epoch ms. */
  readonly queuedAt: number;
  readonly attempts: number;
  /** Throttles in a row. */
  readonly throttles: number;
  /** Epoch ms of the next attempt. */
  readonly dueAt: number;
}

/** Before the second and the third attempt. */
const RETRY_DELAYS_MS = [60_000, 120_000];
/** After a throttle: from a second, doubled up to five minutes. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 300_000;

export class AsynchronousInvocations {
  readonly #cloud: Cloud;
  readonly #host: AsynchronousHost;
  readonly #events;

  constructor(cloud: Cloud, host: AsynchronousHost) {
    this.#cloud = cloud;
    this.#host = host;
    this.#events = cloud.storage.map<QueuedEvent>("lambda.events");
  }

  /** Takes an event; its first attempt begins at once. */
  add(event: Pick<QueuedEvent, "id" | "reference" | "payload" | "clientContext" | "traceHeader">): void {
    const now = this.#cloud.clock.now();
    const queued: QueuedEvent = { ...event, queuedAt: now, attempts: 0, throttles: 0, dueAt: now };
    this.#host.count(event.reference, "AsyncEventsReceived");
    this.#events.set(queued.id, queued);
    this.#begin(queued);
  }

  resume(): void {
    for (const event of this.#events.values()) this.#schedule(event);
  }

  #schedule(event: QueuedEvent): void {
    this.#events.set(event.id, event);
    this.#cloud.clock.at(event.dueAt, () => this.#begin(event));
  }

  /** The attempt itself does not hold time: the function's environment does, while it computes. */
  #begin(event: QueuedEvent): void {
    this.#cloud.clock.background("an asynchronous invocation", async () => {
      const target = this.#host.describe(event.reference);
      if (target === undefined) this.#events.delete(event.id);
      else if (target.isStopped) await this.#giveUp(event, target, undefined, "RetriesExhausted");
      else if (this.#isTooOld(event, target)) await this.#giveUp(event, target, undefined, "EventAgeExceeded");
      else this.#attempt(event);
    });
  }

  #attempt(event: QueuedEvent): void {
    const { reference, payload, clientContext, traceHeader } = event;
    const settle = (work: () => Promise<void>): void =>
      this.#cloud.clock.background("the end of an asynchronous invocation", work);
    const queued = { at: event.queuedAt, attempt: event.attempts + 1 };
    this.#host.invoke(reference, { requestId: event.id, payload, clientContext, traceHeader, queued }).then(
      (attempt) => settle(() => this.#ended(event, attempt)),
      (error: unknown) => settle(() => this.#refused(event, error)),
    );
  }

  async #ended(before: QueuedEvent, attempt: Attempt): Promise<void> {
    const event = { ...before, attempts: before.attempts + 1, throttles: 0 };
    const target = this.#host.describe(event.reference);
    if (target === undefined) {
      this.#events.delete(event.id);
    } else if (attempt.failure === undefined) {
      this.#events.delete(event.id);
      if (target.onSuccess !== undefined) await this.#record(event, target, target.onSuccess, attempt, "Success");
    } else if (event.attempts > target.maximumRetries) {
      await this.#giveUp(event, target, attempt, "RetriesExhausted");
    } else {
      const dueAt = this.#cloud.clock.now() + (RETRY_DELAYS_MS[event.attempts - 1] ?? 0);
      if (dueAt - event.queuedAt > target.maximumAgeSeconds * 1000)
        await this.#giveUp(event, target, attempt, "EventAgeExceeded");
      else this.#schedule({ ...event, dueAt });
    }
  }

  /** The function did not run: throttled, or in a loop. */
  async #refused(event: QueuedEvent, error: unknown): Promise<void> {
    const target = this.#host.describe(event.reference);
    if (target === undefined) {
      this.#events.delete(event.id);
    } else if (!isServiceError(error) || error.name !== "TooManyRequestsException") {
      await this.#giveUp(event, target, undefined, "RetriesExhausted");
    } else {
      const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** event.throttles);
      const dueAt = this.#cloud.clock.now() + backoff;
      this.#schedule({ ...event, throttles: event.throttles + 1, dueAt });
    }
  }

  #isTooOld({ queuedAt }: QueuedEvent, { maximumAgeSeconds }: AsynchronousTarget): boolean {
    return this.#cloud.clock.now() - queuedAt > maximumAgeSeconds * 1000;
  }

  async #giveUp(
    event: QueuedEvent,
    target: AsynchronousTarget,
    attempt: Attempt | undefined,
    condition: Condition,
  ): Promise<void> {
    this.#host.count(event.reference, "AsyncEventsDropped");
    if (target.onFailure !== undefined) await this.#record(event, target, target.onFailure, attempt, condition);
    if (target.deadLetterArn !== undefined)
      await this.#bury(event, { ...target, deadLetterArn: target.deadLetterArn }, attempt);
    // Only now: a process that is ended before tries once more.
    this.#events.delete(event.id);
  }

  async #bury(
    event: QueuedEvent,
    target: AsynchronousTarget & { readonly deadLetterArn: string },
    attempt: Attempt | undefined,
  ): Promise<void> {
    const error = { code: attempt ? 200 : 429, message: attempt?.failure?.errorMessage ?? "Rate Exceeded." };
    try {
      await sendDeadLetter(this.#cloud, target, { requestId: event.id, payload: event.payload }, error);
    } catch (reason) {
      this.#host.count(event.reference, "DeadLetterErrors");
      this.#cloud.log.warn(
        `An event of ${target.name} could not be sent to ${target.deadLetterArn}: ${messageOf(reason)}`,
      );
    }
  }

  async #record(
    event: QueuedEvent,
    target: AsynchronousTarget,
    destination: string,
    attempt: Attempt | undefined,
    condition: Condition,
  ): Promise<void> {
    const timestamp = new Date(this.#cloud.clock.now()).toISOString();
    const record = recordOf(timestamp, event, target, attempt, condition);
    try {
      await sendRecord(this.#cloud, target, destination, record, condition === "Success" ? "Success" : "Failure");
    } catch (reason) {
      this.#host.count(event.reference, "DestinationDeliveryFailures");
      this.#cloud.log.warn(`A record of ${target.name} could not be sent to ${destination}: ${messageOf(reason)}`);
    }
  }
}

/** "Capturing records of Lambda asynchronous invocations". */
function recordOf(
  timestamp: string,
  event: QueuedEvent,
  target: AsynchronousTarget,
  attempt: Attempt | undefined,
  condition: Condition,
): Readonly<Record<string, unknown>> {
  const { id: requestId, attempts } = event;
  return {
    version: "1.0",
    timestamp,
    requestContext: { requestId, functionArn: target.functionArn, condition, approximateInvokeCount: attempts },
    requestPayload: json(event.payload),
    ...(attempt && {
      responseContext: {
        statusCode: 200,
        executedVersion: attempt.executedVersion,
        ...(attempt.failure && { functionError: "Unhandled" }),
      },
      responsePayload: json(Buffer.from(attempt.payload).toString()),
    }),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
