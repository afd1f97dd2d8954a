/** Metrics listed and read back. */
import type * as SDK from "@aws-sdk/client-cloudwatch";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Handlers } from "../../../core/service.ts";
import { invalidCombination, invalidValue, missing } from "../errors.ts";
import { checkedDimensions } from "./put-metric-data.ts";
import { answer, checkedPeriod, checkedQueries } from "./query.ts";
import type { MetricId, MetricStore } from "./series.ts";
import { isStatistic, statistic, STATISTICS } from "./statistics.ts";

const MOST_POINTS = 1440;
const MOST_DATA_POINTS = 100_800;
/** A metric without data for two weeks is not listed any more. */
const LISTED_FOR = 14 * 86_400_000;
const LIST_PAGE = 500;

export function readMetricHandlers(cloud: Cloud, store: MetricStore): Handlers<typeof SDK> {
  return {
    GetMetricStatistics(input) {
      const metric: MetricId = {
        namespace: input.Namespace ?? missing("Namespace"),
        name: input.MetricName ?? missing("MetricName"),
        dimensions: checkedDimensions(input.Dimensions, "Dimensions"),
      };
      const period = checkedPeriod(input.Period) * 1000;
      const [start, end] = range(input.StartTime, input.EndTime);
      const plain = input.Statistics ?? [];
      const extended = input.ExtendedStatistics ?? [];
      if (plain.length + extended.length === 0) missing("Statistics");
      for (const name of plain)
        if (!STATISTICS.includes(name)) invalidValue(`The value ${name} for parameter Statistics.member.1 is invalid.`);
      for (const name of extended)
        if (!isStatistic(name)) invalidValue(`The value ${name} for parameter ExtendedStatistics.member.1 is invalid.`);
      const points = Math.ceil((end - start) / period);
      if (points > MOST_POINTS) {
        invalidCombination(
          `You have requested up to ${points.toLocaleString("en-US")} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
        );
      }
      const datapoints: SDK.Datapoint[] = [];
      for (let at = Math.floor(start / period) * period; at < end; at += period) {
        const buckets = store.buckets(metric, at, at + period, input.Unit);
        const first = buckets[0];
        if (first === undefined) continue;
        datapoints.push({
          Timestamp: new Date(at),
          Unit: first.unit as SDK.StandardUnit, // Only known units are recorded.
          ...Object.fromEntries(plain.map((name) => [name, statistic(name, buckets)])),
          ...(extended.length > 0 && {
            ExtendedStatistics: Object.fromEntries(extended.map((name) => [name, statistic(name, buckets) ?? 0])),
          }),
        });
      }
      return { Label: metric.name, Datapoints: datapoints };
    },

    GetMetricData(input) {
      const queries = checkedQueries(input.MetricDataQueries, "MetricDataQueries");
      const [start, end] = range(input.StartTime, input.EndTime);
      // Expressions take the period of the metrics they are about; one request has one period here.
      const found = [...new Set(queries.flatMap((query) => query.period ?? []))];
      if (found.length > 1)
        invalidCombination("Queries with different periods in one request are not supported by the local cloud.");
      const seconds = checkedPeriod(found[0] ?? 60);
      const width = seconds * 1000;
      const starts: number[] = [];
      for (let at = Math.floor(start / width) * width; at < end; at += width) starts.push(at);
      if (starts.length > MOST_DATA_POINTS)
        invalidCombination(`The request would return more than ${MOST_DATA_POINTS} datapoints.`);
      const answers = answer(store, queries, { starts, seconds });
      const most = input.MaxDatapoints ?? MOST_DATA_POINTS;
      const skip = tokenPlace(input.NextToken);
      const results = queries
        .filter(({ returnsData }) => returnsData)
        .map(({ id, label }) => {
          const points = [...(answers.get(id) ?? [])].sort(([a], [b]) =>
            input.ScanBy === "TimestampAscending" ? a - b : b - a,
          );
          const page = points.slice(skip, skip + most);
          return {
            Id: id,
            Label: label,
            Timestamps: page.map(([at]) => new Date(at)),
            Values: page.map(([, value]) => value),
            StatusCode: points.length > skip + most ? ("PartialData" as const) : ("Complete" as const),
          };
        });
      const hasMore = results.some(({ StatusCode }) => StatusCode === "PartialData");
      return { MetricDataResults: results, Messages: [], ...(hasMore && { NextToken: tokenOf(skip + most) }) };
    },

    ListMetrics(input) {
      const since = cloud.clock.now() - (input.RecentlyActive === "PT3H" ? 3 * 3_600_000 : LISTED_FOR);
      const found = [...store.metrics.values()].filter(
        (metric) =>
          metric.lastAt >= since &&
          (input.Namespace === undefined || metric.namespace === input.Namespace) &&
          (input.MetricName === undefined || metric.name === input.MetricName) &&
          (input.Dimensions ?? []).every(({ Name, Value }) =>
            metric.dimensions.some(
              (dimension) => dimension.Name === Name && (Value === undefined || dimension.Value === Value),
            ),
          ),
      );
      const skip = tokenPlace(input.NextToken);
      return {
        Metrics: found.slice(skip, skip + LIST_PAGE).map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: dimensions.map((dimension) => ({ ...dimension })),
        })),
        ...(found.length > skip + LIST_PAGE && { NextToken: tokenOf(skip + LIST_PAGE) }),
      };
    },
  };
}

function range(start: Date | undefined, end: Date | undefined): readonly [number, number] {
  const from = (start ?? missing("StartTime")).getTime();
  const to = (end ?? missing("EndTime")).getTime();
  if (from >= to) invalidValue("The parameter StartTime must be less than the parameter EndTime.");
  return [from, to];
}

export const tokenOf = (place: number): string => Buffer.from(`from:${place}`).toString("base64url");

export function tokenPlace(token: string | undefined): number {
  if (token === undefined) return 0;
  const [, place] = /^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (place === undefined) throw new ServiceError("InvalidNextToken", "The next token is invalid.");
  return Number(place);
}
