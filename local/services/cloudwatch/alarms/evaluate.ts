/** The state that data put an alarm in (Configuring how CloudWatch alarms treat missing data; Evaluating an alarm). */

export type State = "OK" | "ALARM" | "INSUFFICIENT_DATA";
export type MissingData = "breaching" | "notBreaching" | "ignore" | "missing";
export type Comparison =
  "GreaterThanOrEqualToThreshold" | "GreaterThanThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";

export interface Rule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missingData: MissingData;
}

export interface Verdict {
  /** Undefined: the alarm stays as it is. */
  readonly state: State | undefined;
  /** The values that decided, newest first; undefined where nothing was reported. */
  readonly considered: readonly (number | undefined)[];
  readonly breaching: number;
}

/** CloudWatch looks this many periods further back than the alarm evaluates, so that late or sparse data still counts. */
export const EXTRA_PERIODS = 2;

/**
 * @param values one for each period of the evaluation range, oldest first: `evaluationPeriods + EXTRA_PERIODS` of them.
 */
export function evaluate(values: readonly (number | undefined)[], rule: Rule): Verdict {
  const real = values.filter((value) => value !== undefined);
  const { evaluationPeriods: periods, datapointsToAlarm: needed } = rule;
  if (real.length >= periods) {
    // Enough real data: the most recent of it decides, and what is missing does not matter.
    const recent = real.slice(-periods).reverse();
    const breaching = recent.filter((value) => isBreaching(value, rule)).length;
    return { state: breaching >= needed ? "ALARM" : "OK", considered: recent, breaching };
  }
  const breaching = real.filter((value) => isBreaching(value, rule)).length;
  const considered = values.slice(-periods).reverse();
  return { state: withMissing(real.length, breaching, rule), considered, breaching };
}

function withMissing(
  real: number,
  breaching: number,
  { evaluationPeriods, datapointsToAlarm, missingData }: Rule,
): State | undefined {
  switch (missingData) {
    case "breaching":
      return breaching + evaluationPeriods - real >= datapointsToAlarm ? "ALARM" : "OK";
    case "notBreaching":
      return breaching >= datapointsToAlarm ? "ALARM" : "OK";
    case "ignore":
      if (breaching >= datapointsToAlarm) return "ALARM";
      return breaching < real ? "OK" : undefined;
    case "missing":
      if (real === 0) return "INSUFFICIENT_DATA";
      // What is there decides: with nothing but breaching data the alarm does not wait for more.
      return breaching >= Math.min(datapointsToAlarm, real) ? "ALARM" : "OK";
  }
}

export function isBreaching(value: number, { comparison, threshold }: Pick<Rule, "comparison" | "threshold">): boolean {
  switch (comparison) {
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "GreaterThanThreshold":
      return value > threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
  }
}

const WORDS: Readonly<Record<Comparison, string>> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

/** The sentence of StateReason. `starts` are the considered periods' beginnings, newest first. */
export function reasonOf(verdict: Verdict, rule: Rule, starts: readonly number[]): string {
  const { evaluationPeriods: periods, datapointsToAlarm: needed } = rule;
  const points = (count: number) => `${count} datapoint${count === 1 ? "" : "s"}`;
  const known = verdict.considered.flatMap((value, i) =>
    value === undefined ? [] : [`${decimal(value)} (${shortTime(starts[i] ?? 0)})`],
  );
  if (known.length === 0) {
    const treated =
      rule.missingData === "missing"
        ? ""
        : ` and ${points(periods)} ${periods === 1 ? "was" : "were"} treated as [${treatedAs(rule.missingData)}]`;
    return rule.missingData === "missing"
      ? `Insufficient Data: ${points(periods)} ${periods === 1 ? "was" : "were"} unknown.`
      : `Threshold Crossed: no datapoints were received for ${periods} period${periods === 1 ? "" : "s"}${treated}.`;
  }
  const out =
    verdict.state === "ALARM"
      ? `${needed} out of the last ${points(periods)} [${known.join(", ")}]`
      : `${points(known.length)} [${known.join(", ")}]`;
  const was = verdict.state === "ALARM" ? (needed === 1 ? "was" : "were") : known.length === 1 ? "was not" : "were not";
  const end = verdict.state === "ALARM" ? ` (minimum ${points(needed)} for OK -> ALARM transition).` : ".";
  return `Threshold Crossed: ${out} ${was} ${WORDS[rule.comparison]} the threshold (${decimal(rule.threshold)})${end}`;
}

const treatedAs = (missing: MissingData): string =>
  missing === "breaching" ? "Breaching" : missing === "notBreaching" ? "NonBreaching" : "Ignore";
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
const shortTime = (at: number): string => {
  const [, year = "", month = "", day = "", time = ""] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T([\d:]+)/.exec(new Date(at).toISOString()) ?? [];
  return `${day}/${month}/${year} ${time}`;
};
