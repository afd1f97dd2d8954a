/** Metric data, summed up by the minute (or the second, for high-resolution metrics) as it arrives. */
import type { Cloud } from "../../../core/cloud.ts";
import type { StoredMap } from "../../../core/storage.ts";

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

/** What arrived in one minute or second, in one unit. */
export interface Bucket {
  readonly key: string;
  /** Epoch ms. */
  readonly start: number;
  readonly unit: string;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** How often each value came, for percentiles; undefined once statistic sets came, which have no values. */
  values: [value: number, count: number][] | undefined;
}

export interface Sample {
  readonly timestamp: number;
  readonly unit: string;
  readonly isHighResolution: boolean;
  readonly values: readonly (readonly [value: number, count: number])[];
  /** A statistic set instead of values. */
  readonly set?: { readonly count: number; readonly sum: number; readonly min: number; readonly max: number };
}

interface StoredMetric extends MetricId {
  /** When data last came, epoch ms. */
  readonly lastAt: number;
}

interface Series {
  readonly minutes: Map<number, Bucket[]>;
  readonly seconds: Map<number, Bucket[]>;
}

const MINUTE = 60_000;
/** Beyond so many different values a minute they are rounded to three digits: percentiles stay within 0.1 %. */
const EXACT_VALUES = 1000;

export class MetricStore {
  readonly metrics: StoredMap<StoredMetric>;
  readonly #buckets: StoredMap<Bucket>;
  readonly #series = new Map<string, Series>();

  constructor(cloud: Cloud) {
    this.metrics = cloud.storage.map("cloudwatch.metrics");
    this.#buckets = cloud.storage.map("cloudwatch.buckets");
    for (const bucket of this.#buckets.values())
      this.#place(bucket, bucket.start % MINUTE !== 0 || bucket.key.includes("\nS"));
  }

  record(id: MetricId, sample: Sample, now: number): void {
    const key = keyOf(id);
    const known = this.metrics.get(key);
    // Written once a minute at most: listing asks only for hours.
    if (known === undefined || now - known.lastAt > MINUTE) this.metrics.set(key, { ...id, lastAt: now });
    const width = sample.isHighResolution ? 1000 : MINUTE;
    const start = Math.floor(sample.timestamp / width) * width;
    const bucketKey = `${key}\n${sample.isHighResolution ? "S" : "M"}${start}\n${sample.unit}`;
    let bucket = this.#buckets.get(bucketKey);
    if (bucket === undefined) {
      bucket = {
        key: bucketKey,
        start,
        unit: sample.unit,
        count: 0,
        sum: 0,
        min: Infinity,
        max: -Infinity,
        values: [],
      };
      this.#place(bucket, sample.isHighResolution);
    }
    add(bucket, sample);
    this.#buckets.set(bucketKey, bucket);
  }

  /** The buckets of a metric that begin in [from, to), in no order. */
  buckets(id: MetricId, from: number, to: number, unit: string | undefined): readonly Bucket[] {
    const series = this.#series.get(keyOf(id));
    if (series === undefined) return [];
    const found = [...within(series.minutes, from, to, MINUTE), ...within(series.seconds, from, to, 1000)];
    return unit === undefined ? found : found.filter((bucket) => bucket.unit === unit);
  }

  #place(bucket: Bucket, isHighResolution: boolean): void {
    const key = bucket.key.split("\n").slice(0, 3).join("\n");
    let series = this.#series.get(key);
    if (series === undefined) this.#series.set(key, (series = { minutes: new Map(), seconds: new Map() }));
    const map = isHighResolution ? series.seconds : series.minutes;
    const same = map.get(bucket.start);
    if (same) same.push(bucket);
    else map.set(bucket.start, [bucket]);
  }
}

function within(map: Map<number, Bucket[]>, from: number, to: number, width: number): readonly Bucket[] {
  if (map.size === 0) return [];
  // A long range over a short series walks the series; a short range looks its moments up.
  if ((to - from) / width > map.size) {
    return [...map].flatMap(([start, buckets]) => (start >= from && start < to ? buckets : []));
  }
  const found: Bucket[] = [];
  for (let start = Math.ceil(from / width) * width; start < to; start += width) found.push(...(map.get(start) ?? []));
  return found;
}

function add(bucket: Bucket, sample: Sample): void {
  if (sample.set) {
    merge(bucket, sample.set);
    bucket.values = undefined;
    return;
  }
  for (const [value, count] of sample.values) {
    merge(bucket, { count, sum: value * count, min: value, max: value });
    const values = bucket.values;
    if (values === undefined) continue;
    const exact = values.length < EXACT_VALUES ? value : Number(value.toPrecision(3));
    const last = values.at(-1);
    const same = last?.[0] === exact ? last : values.find(([known]) => known === exact);
    if (same) same[1] += count;
    else values.push([exact, count]);
  }
}

function merge(
  bucket: Bucket,
  { count, sum, min, max }: { count: number; sum: number; min: number; max: number },
): void {
  bucket.count += count;
  bucket.sum += sum;
  bucket.min = Math.min(bucket.min, min);
  bucket.max = Math.max(bucket.max, max);
}

/** Three lines: namespace, name, dimensions in the order of their names. */
export function keyOf({ namespace, name, dimensions }: MetricId): string {
  if (dimensions.length === 0) return `${namespace}\n${name}\n`;
  const sorted = dimensions.length === 1 ? dimensions : dimensions.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  return `${namespace}\n${name}\n${JSON.stringify(sorted.map(({ Name, Value }) => [Name, Value]))}`;
}
