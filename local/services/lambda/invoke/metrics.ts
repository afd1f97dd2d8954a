/** The metrics of namespace AWS/Lambda ("Types of metrics for Lambda functions"). */
import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { FunctionReference } from "../function-name.ts";

/** A call of PutMetricData takes this many. */
const MOST_A_CALL = 1_000;

export type CountMetric =
  | "Throttles"
  | "DeadLetterErrors"
  | "DestinationDeliveryFailures"
  | "AsyncEventsReceived"
  | "AsyncEventsDropped"
  | "RecursiveInvocationsDropped";

export class Metrics {
  readonly #cloud: Cloud;
  #waiting: MetricDatum[] = [];
  #hasWarned = false;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  invocation(reference: FunctionReference, run: { failed: boolean; durationMs: number; concurrent: number }): void {
    this.#add(reference, "Invocations", 1, "Count");
    this.#add(reference, "Errors", run.failed ? 1 : 0, "Count");
    this.#add(reference, "Duration", run.durationMs, "Milliseconds");
    this.#add(reference, "ConcurrentExecutions", run.concurrent, "Count");
  }

  count(reference: FunctionReference, metric: CountMetric): void {
    this.#add(reference, metric, 1, "Count");
  }

  /** By function, by function and qualifier as the caller named it, and over all functions. */
  #add(
    { name, qualifier }: FunctionReference,
    metric: string,
    value: number,
    unit: NonNullable<MetricDatum["Unit"]>,
  ): void {
    const byFunction = { Name: "FunctionName", Value: name };
    const resource = { Name: "Resource", Value: qualifier === undefined ? name : `${name}:${qualifier}` };
    const Timestamp = new Date(this.#cloud.clock.now());
    for (const Dimensions of [[byFunction], [byFunction, resource], []])
      this.#waiting.push({ MetricName: metric, Dimensions, Timestamp, Value: value, Unit: unit });
    if (this.#waiting.length === 3) this.#cloud.clock.background("Lambda metrics", () => this.#flush());
  }

  /** Those of one turn of the loop go together. */
  async #flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const all = this.#waiting;
    this.#waiting = [];
    try {
      for (let at = 0; at < all.length; at += MOST_A_CALL) {
        const MetricData = all.slice(at, at + MOST_A_CALL);
        await this.#cloud.call("cloudwatch", "PutMetricData", { Namespace: "AWS/Lambda", MetricData }, ACCOUNT);
      }
    } catch (error) {
      if (!this.#hasWarned) this.#cloud.log.warn(`The metrics of Lambda are lost: ${String(error)}`);
      this.#hasWarned = true;
    }
  }
}
