/** Metric filters and subscription filters of log groups. */
import type { MetricTransformation } from "@aws-sdk/client-cloudwatch-logs";
import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { StoredMap } from "../../core/storage.ts";
import { compileFilterPattern, type FilterPattern } from "./filter-pattern/index.ts";
import type { LogStore } from "./store.ts";

export interface StoredMetricFilter {
  readonly group: string;
  readonly name: string;
  readonly pattern: string;
  readonly createdAt: number;
  readonly transformations: readonly Transformation[];
}

export type Transformation = Omit<MetricTransformation, "metricName" | "metricNamespace" | "metricValue" | "unit"> & {
  readonly metricName: string;
  readonly metricNamespace: string;
  readonly metricValue: string;
  readonly unit?: StandardUnit | undefined;
};

export interface StoredSubscriptionFilter {
  readonly group: string;
  readonly name: string;
  readonly pattern: string;
  readonly destinationArn: string;
  readonly createdAt: number;
}

interface Compiled {
  readonly compiled: FilterPattern;
}
export type MetricFilter = StoredMetricFilter & Compiled;
export type SubscriptionFilter = StoredSubscriptionFilter & Compiled;

export class Filters {
  readonly #metric: FilterTable<StoredMetricFilter>;
  readonly #subscription: FilterTable<StoredSubscriptionFilter>;

  constructor(store: LogStore) {
    this.#metric = new FilterTable(store.cloud.storage.map("logs.metricFilters"));
    this.#subscription = new FilterTable(store.cloud.storage.map("logs.subscriptionFilters"));
  }

  metricFilters = (group: string): readonly MetricFilter[] => this.#metric.of(group);
  subscriptionFilters = (group: string): readonly SubscriptionFilter[] => this.#subscription.of(group);
  allMetricFilters = (): readonly StoredMetricFilter[] => this.#metric.all();
  putMetric = (filter: StoredMetricFilter): void => this.#metric.put(filter);
  putSubscription = (filter: StoredSubscriptionFilter): void => this.#subscription.put(filter);
  deleteMetric = (group: string, name: string): boolean => this.#metric.remove(group, name);
  deleteSubscription = (group: string, name: string): boolean => this.#subscription.remove(group, name);

  /** The group is gone, and its filters with it. */
  forget(group: string): void {
    for (const { name } of this.#metric.of(group)) this.#metric.remove(group, name);
    for (const { name } of this.#subscription.of(group)) this.#subscription.remove(group, name);
  }
}

/** Filters by group, compiled once: every batch of events asks for them. */
class FilterTable<F extends { readonly group: string; readonly name: string; readonly pattern: string }> {
  readonly #stored: StoredMap<F>;
  readonly #byGroup = new Map<string, readonly (F & Compiled)[]>();

  constructor(stored: StoredMap<F>) {
    this.#stored = stored;
    for (const filter of stored.values()) this.#refresh(filter.group);
  }

  of(group: string): readonly (F & Compiled)[] {
    return this.#byGroup.get(group) ?? [];
  }
  all(): readonly F[] {
    return [...this.#stored.values()];
  }
  put(filter: F): void {
    this.#stored.set(`${filter.group}\n${filter.name}`, filter);
    this.#refresh(filter.group);
  }
  remove(group: string, name: string): boolean {
    const existed = this.#stored.delete(`${group}\n${name}`);
    this.#refresh(group);
    return existed;
  }
  #refresh(group: string): void {
    const filters = this.all().filter((filter) => filter.group === group);
    this.#byGroup.set(
      group,
      filters.map((filter) => ({ ...filter, compiled: compileFilterPattern(filter.pattern) })),
    );
  }
}
