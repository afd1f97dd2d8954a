/**
 * The one collection of metrics, written at the end of each invocation as a line in CloudWatch's embedded metric format.
 * Environment: `POWERTOOLS_METRICS_NAMESPACE`, `POWERTOOLS_SERVICE_NAME` (a dimension), `POWERTOOLS_METRICS_DISABLED`.
 * Without a namespace the middleware counts nothing of its own; metrics that a handler adds go to the service's name.
 */
import { MetricUnit, Metrics } from "@aws-lambda-powertools/metrics";
import { env } from "../environment.ts";

const namespace = env.optional("POWERTOOLS_METRICS_NAMESPACE");

export const metrics = new Metrics({ namespace: namespace ?? env.text("POWERTOOLS_SERVICE_NAME", "service") });

/** Adds to a counter of the handler's own, such as `DifferencesFound`. */
export function count(name: string, value = 1): void {
  metrics.addMetric(name, MetricUnit.Count, value);
}

/** A counter of the middleware: only where a namespace says that somebody looks. */
export function countOwn(name: string, value: number): void {
  if (namespace !== undefined && value > 0) count(name, value);
}

/** Powertools counts the first invocation of an environment by itself, in a line of its own. */
export function countColdStart(functionName: string): void {
  if (namespace !== undefined) metrics.captureColdStartMetric(functionName);
}

/** Writes what was added. Says nothing when nothing was: Powertools would warn. */
export function publish(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
