/** Metrics written as log lines (Specification: Embedded metric format). */
import type { MetricDatum, StandardUnit } from "@aws-sdk/client-cloudwatch";
import { parseObject } from "./filter-pattern/index.ts";

export interface EmbeddedMetrics {
  readonly namespace: string;
  readonly data: readonly MetricDatum[];
}

const MOST_DIMENSIONS = 30;
const MOST_VALUES = 100;

/** The metrics of a log message, by namespace; none when the message is no embedded metric or a malformed one. */
export function embeddedMetrics(message: string, ingestedAt: number): readonly EmbeddedMetrics[] {
  // Almost no line has metrics: parse only those that may.
  if (!message.includes('"_aws"')) return [];
  const document = parseObject(message);
  const metadata = document && member(document, "_aws");
  const directives = metadata && member(metadata, "CloudWatchMetrics");
  if (!document || !metadata || !Array.isArray(directives)) return [];
  const written = Reflect.get(metadata, "Timestamp");
  const timestamp = new Date(typeof written === "number" ? written : ingestedAt);

  return directives.flatMap((directive: unknown) => {
    if (typeof directive !== "object" || directive === null) return [];
    const namespace: unknown = Reflect.get(directive, "Namespace");
    const sets = dimensionSets(document, Reflect.get(directive, "Dimensions"));
    const definitions: unknown = Reflect.get(directive, "Metrics");
    if (typeof namespace !== "string" || !Array.isArray(definitions)) return [];
    const data = definitions.flatMap((definition: unknown) => metricData(document, definition, sets, timestamp));
    return data.length === 0 ? [] : [{ namespace, data }];
  });
}

type Dimensions = readonly { readonly Name: string; readonly Value: string }[];

/** A set whose targets are not all in the document is left out, as CloudWatch does. */
function dimensionSets(document: object, sets: unknown): readonly Dimensions[] {
  if (!Array.isArray(sets) || sets.length === 0) return [[]];
  return sets.flatMap((set: unknown) => {
    if (!Array.isArray(set) || set.length > MOST_DIMENSIONS) return [];
    const dimensions = set.flatMap((name: unknown) => {
      const value = typeof name === "string" && Object.hasOwn(document, name) ? Reflect.get(document, name) : undefined;
      return typeof name === "string" && ["string", "number", "boolean"].includes(typeof value)
        ? [{ Name: name, Value: String(value) }]
        : [];
    });
    return dimensions.length === set.length ? [dimensions] : [];
  });
}

function metricData(
  document: object,
  definition: unknown,
  sets: readonly Dimensions[],
  timestamp: Date,
): readonly MetricDatum[] {
  if (typeof definition !== "object" || definition === null) return [];
  const name: unknown = Reflect.get(definition, "Name");
  const unit: unknown = Reflect.get(definition, "Unit");
  const resolution: unknown = Reflect.get(definition, "StorageResolution");
  if (typeof name !== "string" || !Object.hasOwn(document, name)) return [];
  const target: unknown = Reflect.get(document, name);
  const values = (Array.isArray(target) ? target : [target]).filter((value) => typeof value === "number");
  if (values.length === 0 || values.length > MOST_VALUES) return [];
  return sets.map((dimensions) => ({
    MetricName: name,
    Dimensions: dimensions.map((dimension) => ({ ...dimension })),
    Timestamp: timestamp,
    Values: values,
    // PutMetricData refuses units that it does not know.
    ...(typeof unit === "string" && { Unit: unit as StandardUnit }),
    ...(resolution === 1 && { StorageResolution: 1 }),
  }));
}

const member = (value: object, name: string): object | undefined => {
  const found: unknown = Reflect.get(value, name);
  return typeof found === "object" && found !== null ? found : undefined;
};
