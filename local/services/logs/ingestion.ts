/** What happens to log events that were taken in: metrics by filters and by embedded format, deliveries to subscribers. */
import { gzipSync } from "node:zlib";
import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { ACCOUNT, asService } from "../../core/principal.ts";
import { embeddedMetrics } from "./embedded-metrics.ts";
import type { Filters, MetricFilter, SubscriptionFilter } from "./filters.ts";
import type { LogStore } from "./store.ts";

type Event = { readonly timestamp: number; readonly message: string };

/** PutMetricData takes at most so many at once. */
const MOST_DATA = 1000;

export class Ingestion {
  readonly #store: LogStore;
  readonly #filters: Filters;
  #eventSerial = 0;

  constructor(store: LogStore, filters: Filters) {
    this.#store = store;
    this.#filters = filters;
  }

  ingested(group: string, stream: string, events: readonly Event[]): void {
    const { cloud } = this.#store;
    cloud.signals.emit("logs.events", { group, stream, messages: events.map(({ message }) => message) });
    const metrics = new Map<string, MetricDatum[]>();
    const add = (namespace: string, data: readonly MetricDatum[]) => {
      const known = metrics.get(namespace);
      if (known) known.push(...data);
      else metrics.set(namespace, [...data]);
    };
    for (const { message, timestamp } of events)
      for (const { namespace, data } of embeddedMetrics(message, timestamp)) add(namespace, data);
    for (const filter of this.#filters.metricFilters(group))
      for (const { namespace, data } of filterMetrics(filter, events)) add(namespace, data);
    if (metrics.size > 0) cloud.clock.background(`metrics of ${group}`, () => this.#publish(metrics));
    for (const filter of this.#filters.subscriptionFilters(group)) {
      const matching = events.filter(({ message }) => filter.compiled.match(message) !== undefined);
      if (matching.length > 0)
        cloud.clock.background(`subscription ${filter.name} of ${group}`, () =>
          this.#deliver(filter, group, stream, matching),
        );
    }
  }

  async #publish(metrics: ReadonlyMap<string, readonly MetricDatum[]>): Promise<void> {
    const { cloud } = this.#store;
    for (const [Namespace, data] of metrics) {
      for (let start = 0; start < data.length; start += MOST_DATA) {
        const MetricData = data.slice(start, start + MOST_DATA);
        // CloudWatch refuses what is malformed; the log line stays, as on AWS.
        await cloud.call("cloudwatch", "PutMetricData", { Namespace, MetricData }, ACCOUNT).catch((error: unknown) => {
          cloud.log.warn(
            `metrics of ${Namespace} in a log were refused: ${error instanceof Error ? error.message : String(error)}`,
          );
        });
      }
    }
  }

  async #deliver(filter: SubscriptionFilter, group: string, stream: string, events: readonly Event[]): Promise<void> {
    const { cloud } = this.#store;
    const payload = {
      messageType: "DATA_MESSAGE",
      owner: cloud.accountId,
      logGroup: group,
      logStream: stream,
      subscriptionFilters: [filter.name],
      logEvents: events.map(({ timestamp, message }) => ({ id: this.#eventId(timestamp), timestamp, message })),
    };
    const data = gzipSync(JSON.stringify(payload)).toString("base64");
    try {
      await cloud.call(
        "lambda",
        "Invoke",
        {
          FunctionName: filter.destinationArn,
          InvocationType: "Event",
          Payload: Buffer.from(JSON.stringify({ awslogs: { data } })),
        },
        asService("logs.amazonaws.com", `${this.#store.groupArn(group)}:*`),
      );
    } catch (error) {
      cloud.log.warn(
        `subscription filter ${filter.name} of ${group}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #eventId(timestamp: number): string {
    return `3${String(timestamp).padStart(15, "0")}${String(++this.#eventSerial).padStart(40, "0")}`;
  }
}

function filterMetrics(filter: MetricFilter, events: readonly Event[]) {
  const matches = events.flatMap(({ message, timestamp }) => {
    const read = filter.compiled.match(message);
    return read ? [{ read, timestamp }] : [];
  });
  return filter.transformations.map((to) => {
    const datum = (Value: number, timestamp: number, dimensions: MetricDatum["Dimensions"] = []): MetricDatum => ({
      MetricName: to.metricName,
      Value,
      Timestamp: new Date(timestamp),
      Dimensions: dimensions,
      ...(to.unit !== undefined && { Unit: to.unit }),
    });
    const data = matches.flatMap(({ read, timestamp }) => {
      const value = to.metricValue.startsWith("$")
        ? Number(read(to.metricValue) ?? Number.NaN)
        : Number(to.metricValue);
      const dimensions = Object.entries(to.dimensions ?? {}).map(([Name, reference]) => ({
        Name,
        Value: read(reference) ?? "",
      }));
      // A value that is no number, or a dimension that is absent, gives no data point (MetricTransformation).
      return Number.isNaN(value) || dimensions.some(({ Value }) => Value === "")
        ? []
        : [datum(value, timestamp, dimensions)];
    });
    const last = events.at(-1);
    if (matches.length === 0 && to.defaultValue !== undefined && last)
      data.push(datum(to.defaultValue, last.timestamp));
    return { namespace: to.metricNamespace, data };
  });
}
