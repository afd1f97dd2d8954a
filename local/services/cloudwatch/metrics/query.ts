/** Metric queries, as GetMetricData and alarms ask them. */
import type { MetricDataQuery, MetricStat } from "@aws-sdk/client-cloudwatch";
import { invalidCombination, invalidValue, missing, unsupported } from "../errors.ts";
import { evaluateExpression, type TimeSeries } from "./expression.ts";
import { checkedDimensions } from "./put-metric-data.ts";
import type { MetricId, MetricStore } from "./series.ts";
import { isStatistic, statistic } from "./statistics.ts";

/** Periods of `seconds`, each by its start (epoch ms), oldest first. */
export interface Periods {
  readonly starts: readonly number[];
  readonly seconds: number;
}

export interface CheckedQuery {
  readonly id: string;
  readonly label: string;
  readonly returnsData: boolean;
  readonly period: number | undefined;
  readonly expression: string | undefined;
  readonly stat:
    { readonly metric: MetricId; readonly statistic: string; readonly unit: string | undefined } | undefined;
}

export function checkedQueries(
  queries: readonly MetricDataQuery[] | undefined,
  parameter: string,
): readonly CheckedQuery[] {
  if (!queries || queries.length === 0) return missing(parameter);
  if (queries.length > 500) invalidValue(`The collection ${parameter} must not have a size greater than 500.`);
  const ids = new Set<string>();
  return queries.map((query, index) => {
    const at = `${parameter}.member.${index + 1}`;
    const id = query.Id ?? missing(`${at}.Id`);
    if (!/^[a-z][a-zA-Z0-9_]{0,254}$/.test(id)) {
      invalidValue(`The value ${id} for parameter ${at}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`);
    }
    if (ids.has(id)) invalidValue(`The values for parameter Id in ${parameter} are not unique.`);
    ids.add(id);
    if (query.AccountId !== undefined) unsupported(`${at}.AccountId`);
    if ((query.Expression === undefined) === (query.MetricStat === undefined)) {
      invalidCombination(`Exactly one of ${at}.Expression and ${at}.MetricStat must be specified.`);
    }
    const stat = query.MetricStat && checkedStat(query.MetricStat, `${at}.MetricStat`);
    return {
      id,
      label: query.Label ?? stat?.metric.name ?? id,
      returnsData: query.ReturnData ?? true,
      period: query.MetricStat?.Period ?? query.Period,
      expression: query.Expression,
      stat,
    };
  });
}

function checkedStat(stat: MetricStat, at: string): NonNullable<CheckedQuery["stat"]> {
  const namespace = stat.Metric?.Namespace ?? missing(`${at}.Metric.Namespace`);
  const name = stat.Metric?.MetricName ?? missing(`${at}.Metric.MetricName`);
  const wanted = stat.Stat ?? missing(`${at}.Stat`);
  if (!isStatistic(wanted)) invalidValue(`The value ${wanted} for parameter ${at}.Stat is not supported.`);
  checkedPeriod(stat.Period, `${at}.Period`);
  return {
    metric: { namespace, name, dimensions: checkedDimensions(stat.Metric?.Dimensions, `${at}.Metric`) },
    statistic: wanted,
    unit: stat.Unit,
  };
}

/** Periods are 1, 5, 10, 20, 30 or whole minutes, in seconds. */
export function checkedPeriod(period: number | undefined, parameter = "Period"): number {
  if (period === undefined) return missing(parameter);
  if (![1, 5, 10, 20, 30].includes(period) && (period <= 0 || period % 60 !== 0)) {
    invalidValue(
      `The value ${period} for parameter ${parameter} is invalid. Valid values are 1, 5, 10, 20, 30 and multiples of 60.`,
    );
  }
  return period;
}

/** The values of each query at the periods' starts, by id. */
export function answer(
  store: MetricStore,
  queries: readonly CheckedQuery[],
  periods: Periods,
): ReadonlyMap<string, TimeSeries> {
  const answers = new Map<string, TimeSeries>();
  const byId = new Map(queries.map((query) => [query.id, query]));
  const solve = (id: string, path: readonly string[]): TimeSeries => {
    const known = answers.get(id);
    if (known) return known;
    const query = byId.get(id) ?? invalidValue(`Unknown metric id in an expression: ${id}`);
    if (path.includes(id)) invalidValue(`Circular dependency between expressions: ${[...path, id].join(", ")}`);
    const series = query.stat
      ? statSeries(store, query.stat, periods)
      : evaluateExpression(query.expression ?? "", {
          moments: periods.starts,
          series: (other) => solve(other, [...path, id]),
          metrics: (filter) =>
            queries
              .filter(({ stat, id: name }) => stat && name.includes(filter ?? ""))
              .map((other) => solve(other.id, [...path, id])),
        });
    answers.set(id, series);
    return series;
  };
  for (const { id } of queries) solve(id, []);
  return answers;
}

export function statSeries(
  store: MetricStore,
  stat: NonNullable<CheckedQuery["stat"]>,
  { starts, seconds }: Periods,
): TimeSeries {
  return new Map(
    starts.flatMap((start) => {
      const value = statistic(stat.statistic, store.buckets(stat.metric, start, start + seconds * 1000, stat.unit));
      return value === undefined ? [] : [[start, value] as const];
    }),
  );
}
