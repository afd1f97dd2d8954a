/** Statistics of a period (Amazon CloudWatch statistics definitions). */
import type { Bucket } from "./series.ts";

export const STATISTICS = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"] as const;

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;
const TRIMMED = /^tm(\d{1,2}(?:\.\d{1,10})?|100)$/;

export const isStatistic = (name: string): boolean =>
  STATISTICS.some((statistic) => statistic === name) || PERCENTILE.test(name) || TRIMMED.test(name);

/** The statistic over the buckets; undefined without data, or for percentiles of statistic sets. */
export function statistic(name: string, buckets: readonly Bucket[]): number | undefined {
  const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  if (count === 0) return undefined;
  const sum = () => buckets.reduce((total, bucket) => total + bucket.sum, 0);
  switch (name) {
    case "SampleCount":
      return count;
    case "Sum":
      return sum();
    case "Average":
      return sum() / count;
    case "Minimum":
      return Math.min(...buckets.map(({ min }) => min));
    case "Maximum":
      return Math.max(...buckets.map(({ max }) => max));
    default:
      return ofDistribution(name, buckets, count);
  }
}

function ofDistribution(name: string, buckets: readonly Bucket[], count: number): number | undefined {
  const values: (readonly [number, number])[] = [];
  for (const bucket of buckets) {
    if (bucket.values === undefined) return undefined;
    values.push(...bucket.values);
  }
  values.sort(([a], [b]) => a - b);
  const percentile = PERCENTILE.exec(name)?.[1];
  if (percentile !== undefined) return interpolated(values, (Number(percentile) / 100) * (count - 1));
  const kept = Math.max(1, (Number(TRIMMED.exec(name)?.[1] ?? 100) / 100) * count);
  return meanOfFirst(values, kept);
}

function interpolated(values: readonly (readonly [number, number])[], rank: number): number {
  const low = at(values, Math.floor(rank));
  return low + (at(values, Math.ceil(rank)) - low) * (rank - Math.floor(rank));
}

function at(values: readonly (readonly [number, number])[], index: number): number {
  let seen = 0;
  for (const [value, count] of values) if ((seen += count) > index) return value;
  return values.at(-1)?.[0] ?? Number.NaN;
}

function meanOfFirst(values: readonly (readonly [number, number])[], kept: number): number {
  let left = kept;
  let sum = 0;
  for (const [value, count] of values) {
    const taken = Math.min(count, left);
    sum += value * taken;
    left -= taken;
  }
  return sum / (kept - left);
}
