/** The alarms: kept, evaluated when data or time can change them, and heard when they change. */
import type { Cloud } from "../../../core/cloud.ts";
import type { Cancel } from "../../../core/clock.ts";
import type { StoredMap } from "../../../core/storage.ts";
import { answer } from "../metrics/query.ts";
import { keyOf, type MetricStore } from "../metrics/series.ts";
import { runActions } from "./actions.ts";
import type { Alarm, MetricAlarm } from "./alarm.ts";
import { alarmName, parseCompositeRule } from "./composite-rule.ts";
import { evaluate, EXTRA_PERIODS, reasonOf, type State } from "./evaluate.ts";

export interface HistoryItem {
  readonly alarm: string;
  readonly kind: Alarm["kind"];
  readonly type: "ConfigurationUpdate" | "StateUpdate" | "Action";
  readonly at: number;
  readonly summary: string;
  readonly data: string;
}

const MINUTE = 60_000;
const MOST_HISTORY = 200;

export class AlarmStore {
  readonly cloud: Cloud;
  readonly alarms: StoredMap<Alarm>;
  readonly history: StoredMap<readonly HistoryItem[]>;
  readonly #metrics: MetricStore;
  readonly #timers = new Map<string, Cancel>();
  /** Alarms by `namespace\nname` of the metrics they are about: what a data point must wake. */
  readonly #listeners = new Map<string, Set<string>>();

  constructor(cloud: Cloud, metrics: MetricStore) {
    this.cloud = cloud;
    this.#metrics = metrics;
    this.alarms = cloud.storage.map("cloudwatch.alarms");
    this.history = cloud.storage.map("cloudwatch.alarmHistory");
    cloud.signals.on("cloudwatch.datapoint", ({ namespace, metric }) => {
      for (const name of this.#listeners.get(`${namespace}\n${metric}`) ?? []) this.evaluate(name);
    });
  }

  /** Takes up the alarms of a data folder. */
  resume(): void {
    for (const alarm of this.alarms.values()) this.#watch(alarm);
  }

  put(alarm: Alarm): void {
    const before = this.alarms.get(alarm.name);
    if (before) this.#unwatch(before);
    this.alarms.set(alarm.name, alarm);
    const verb = before ? "updated" : "created";
    this.#remember(alarm, "ConfigurationUpdate", `Alarm "${alarm.name}" ${verb}`, {
      version: "1.0",
      type: before ? "Update" : "Create",
    });
    this.#watch(alarm);
    if (alarm.kind === "composite") this.evaluate(alarm.name);
  }

  delete(name: string): void {
    const alarm = this.alarms.get(name);
    if (alarm) this.#unwatch(alarm);
    this.alarms.delete(name);
    this.history.delete(name);
  }

  /** Looks at the alarm's data now. */
  evaluate(name: string): void {
    const alarm = this.alarms.get(name);
    if (alarm?.kind === "composite") this.#evaluateComposite(alarm);
    else if (alarm) this.#evaluateMetric(alarm);
  }

  setState(name: string, state: State, reason: string, reasonData: string | undefined): void {
    const alarm = this.alarms.get(name);
    if (alarm === undefined) return;
    const now = this.cloud.clock.now();
    const changed = {
      ...alarm,
      state,
      reason,
      reasonData,
      stateUpdatedAt: now,
      transitionedAt: state === alarm.state ? alarm.transitionedAt : now,
    };
    this.alarms.set(name, changed);
    if (state === alarm.state) return;
    this.#remember(changed, "StateUpdate", `Alarm updated from ${alarm.state} to ${state}`, {
      version: "1.0",
      oldState: { stateValue: alarm.state, stateReason: alarm.reason },
      newState: { stateValue: state, stateReason: reason },
    });
    this.cloud.clock.background(`actions of alarm ${name}`, async () => {
      for (const outcome of await runActions(this.cloud, changed, alarm))
        this.#remember(changed, "Action", outcome, { actionState: outcome.startsWith("S") ? "Succeeded" : "Failed" });
    });
    for (const other of this.alarms.values()) {
      if (
        other.kind === "composite" &&
        other.name !== name &&
        parseCompositeRule(other.rule).alarms.some((child) => alarmName(child) === name)
      )
        this.#evaluateComposite(other);
    }
  }

  /** Evaluates once more when the next period ends. */
  arm(alarm: MetricAlarm): void {
    if (this.#timers.has(alarm.name)) return;
    const { clock } = this.cloud;
    const step = stepOf(alarm);
    const due = Math.floor(clock.now() / step) * step + step;
    this.#timers.set(
      alarm.name,
      clock.at(
        due,
        () => {
          this.#timers.delete(alarm.name);
          this.evaluate(alarm.name);
        },
        { background: true },
      ),
    );
  }

  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #evaluateMetric(alarm: MetricAlarm): void {
    const step = stepOf(alarm);
    const width = alarm.periodSeconds * 1000;
    const ended = Math.floor(this.cloud.clock.now() / step) * step;
    const look = (end: number) => {
      const count = alarm.evaluationPeriods + EXTRA_PERIODS;
      const starts = Array.from({ length: count }, (_, i) => end - width * (count - i));
      const result = alarm.queries.find(({ returnsData }) => returnsData)?.id ?? "";
      const series = answer(this.#metrics, alarm.queries, { starts, seconds: alarm.periodSeconds }).get(result);
      const values = starts.map((start) => series?.get(start));
      const verdict = evaluate(values, alarm);
      return { verdict, hasData: values.some((value) => value !== undefined), newestFirst: starts.toReversed() };
    };
    // The period that runs now counts only when nothing that is still to come can undo the breach.
    const running = onlyGrows(alarm) ? look(ended + step) : undefined;
    const chosen = running?.verdict.state === "ALARM" ? running : look(ended);
    const { verdict } = chosen;
    if (verdict.state !== undefined && verdict.state !== alarm.state) {
      this.setState(
        alarm.name,
        verdict.state,
        reasonOf(verdict, alarm, chosen.newestFirst),
        JSON.stringify(reasonData(alarm, verdict.considered, this.cloud.clock.now())),
      );
    }
    // Without data in sight time alone changes nothing any more.
    if (chosen.hasData || (running?.hasData ?? this.#hasRunningData(alarm, ended))) this.arm(alarm);
  }

  #hasRunningData(alarm: MetricAlarm, from: number): boolean {
    return alarm.queries.some(
      ({ stat }) => stat && this.#metrics.buckets(stat.metric, from, from + MINUTE, stat.unit).length > 0,
    );
  }

  #evaluateComposite(alarm: Alarm & { kind: "composite" }): void {
    const rule = parseCompositeRule(alarm.rule);
    const state = rule.holds((child) => this.alarms.get(alarmName(child))?.state) ? "ALARM" : "OK";
    if (state === alarm.state) return;
    this.setState(alarm.name, state, `AlarmRule ${alarm.rule} evaluated to ${state === "ALARM"}`, undefined);
  }

  #watch(alarm: Alarm): void {
    if (alarm.kind !== "metric") return;
    for (const key of metricNames(alarm))
      this.#listeners.set(key, (this.#listeners.get(key) ?? new Set()).add(alarm.name));
    this.arm(alarm);
  }

  #unwatch(alarm: Alarm): void {
    this.#timers.get(alarm.name)?.();
    this.#timers.delete(alarm.name);
    if (alarm.kind === "metric") for (const key of metricNames(alarm)) this.#listeners.get(key)?.delete(alarm.name);
  }

  #remember(alarm: Alarm, type: HistoryItem["type"], summary: string, data: Record<string, unknown>): void {
    const item: HistoryItem = {
      alarm: alarm.name,
      kind: alarm.kind,
      type,
      at: this.cloud.clock.now(),
      summary,
      data: JSON.stringify(data),
    };
    this.history.set(alarm.name, [item, ...(this.history.get(alarm.name) ?? [])].slice(0, MOST_HISTORY));
  }
}

const metricNames = (alarm: MetricAlarm): readonly string[] =>
  alarm.queries.flatMap(({ stat }) => (stat ? [keyOf(stat.metric).split("\n").slice(0, 2).join("\n")] : []));

/** Alarms are looked at every minute, or with each period when that is shorter. */
const stepOf = (alarm: MetricAlarm): number => Math.min(MINUTE, alarm.periodSeconds * 1000);

/** Sums, counts and maxima only rise while a period runs, if no negative value comes: a breach upwards stands. */
const onlyGrows = (alarm: MetricAlarm): boolean =>
  alarm.comparison.startsWith("Greater") &&
  alarm.queries.length === 1 &&
  ["Sum", "SampleCount", "Maximum"].includes(alarm.queries[0]?.stat?.statistic ?? "");

const reasonData = (alarm: MetricAlarm, considered: readonly (number | undefined)[], now: number) => ({
  version: "1.0",
  queryDate: new Date(now).toISOString().replace("Z", "+0000"),
  ...(alarm.input.Statistic !== undefined && { statistic: alarm.input.Statistic }),
  period: alarm.periodSeconds,
  recentDatapoints: considered.filter((value) => value !== undefined).reverse(),
  threshold: alarm.threshold,
});
