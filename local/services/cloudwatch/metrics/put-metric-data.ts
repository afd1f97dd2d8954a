/** Takes metric data in (PutMetricData). */
import type * as SDK from "@aws-sdk/client-cloudwatch";
import type { Cloud } from "../../../core/cloud.ts";
import type { Call, Handler } from "../../../core/service.ts";
import { invalidCombination, invalidValue, missing, unsupported } from "../errors.ts";
import type { Dimension, MetricStore, Sample } from "./series.ts";

const MOST_DATA = 1000;
const MOST_DIMENSIONS = 30;
const MOST_VALUES = 150;
const TWO_WEEKS = 14 * 86_400_000;
const TWO_HOURS = 2 * 3_600_000;
/** Values lie within ±2^360. */
const LARGEST = 2 ** 360;

const UNITS = new Set(
  "Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits Gigabits Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second Count/Second None".split(
    " ",
  ),
);

export const putMetricData =
  (cloud: Cloud, store: MetricStore): Handler<typeof SDK, "PutMetricData"> =>
  (input, call) => {
    const namespace = checkedNamespace(input.Namespace, call);
    if (input.EntityMetricData !== undefined) unsupported("EntityMetricData");
    const data = input.MetricData ?? [];
    if (data.length === 0) missing("MetricData");
    if (data.length > MOST_DATA)
      invalidValue(`The collection MetricData must not have a size greater than ${MOST_DATA}.`);
    const now = cloud.clock.now();
    // Everything is checked before anything is kept.
    const checked = data.map((datum, index) => checkedDatum(datum, `MetricData.member.${index + 1}`, now));
    for (const { name, dimensions, sample } of checked) store.record({ namespace, name, dimensions }, sample, now);
    const names = new Set(checked.map(({ name }) => name));
    for (const metric of names) cloud.signals.emit("cloudwatch.datapoint", { namespace, metric });
    return {};
  };

function checkedNamespace(namespace: string | undefined, call: Call): string {
  if (namespace === undefined || namespace === "") return missing("Namespace");
  if (namespace.length > 255 || namespace.startsWith(":"))
    invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
  // AWS services themselves report from within; everybody else comes over HTTP, with headers.
  const isService =
    call.principal.kind === "service" || (call.principal.kind === "account" && Object.keys(call.headers).length === 0);
  if (namespace.startsWith("AWS/") && !isService) invalidValue(`The value AWS/ for parameter Namespace is invalid.`);
  return namespace;
}

function checkedDatum(
  datum: SDK.MetricDatum,
  at: string,
  now: number,
): { name: string; dimensions: readonly Dimension[]; sample: Sample } {
  const { MetricName: name, Unit: unit = "None", StorageResolution: resolution = 60 } = datum;
  if (name === undefined || name === "") return missing(`${at}.MetricName`);
  if (name.length > 255) invalidValue(`The parameter ${at}.MetricName must be shorter than 256 characters.`);
  if (!UNITS.has(unit))
    invalidValue(`The parameter ${at}.Unit must be a value in the set [ ${[...UNITS].join(", ")} ].`);
  if (resolution !== 1 && resolution !== 60)
    invalidValue(`The value ${resolution} for parameter ${at}.StorageResolution is invalid.`);
  const timestamp = datum.Timestamp?.getTime() ?? now;
  if (timestamp < now - TWO_WEEKS)
    invalidValue(`The parameter ${at}.Timestamp must specify a time within the past two weeks.`);
  if (timestamp > now + TWO_HOURS)
    invalidValue(`The parameter ${at}.Timestamp must specify a time no more than two hours in the future.`);
  return {
    name,
    dimensions: checkedDimensions(datum.Dimensions, at),
    sample: { timestamp, unit, isHighResolution: resolution === 1, ...checkedValues(datum, at) },
  };
}

export function checkedDimensions(dimensions: readonly SDK.Dimension[] | undefined, at: string): readonly Dimension[] {
  if ((dimensions?.length ?? 0) > MOST_DIMENSIONS)
    invalidValue(`The collection ${at}.Dimensions must not have a size greater than ${MOST_DIMENSIONS}.`);
  const names = new Set<string>();
  return (dimensions ?? []).map(({ Name, Value }, index) => {
    const here = `${at}.Dimensions.member.${index + 1}`;
    if (Name === undefined || Name === "") return missing(`${here}.Name`);
    if (Value === undefined || Value === "") return missing(`${here}.Value`);
    if (Name.length > 255) invalidValue(`The parameter ${here}.Name must be shorter than 256 characters.`);
    if (Value.length > 1024) invalidValue(`The parameter ${here}.Value must be shorter than 1025 characters.`);
    if (names.has(Name)) invalidValue(`No duplicate dimension names are allowed: ${Name}.`);
    names.add(Name);
    return { Name, Value };
  });
}

function checkedValues(datum: SDK.MetricDatum, at: string): Pick<Sample, "values" | "set"> {
  const { Value, Values, Counts, StatisticValues } = datum;
  const given = Object.entries({ Value, StatisticValues, Values }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const [first = "", second = ""] = given.map(([member]) => `${at}.${member}`);
    invalidCombination(`The parameters ${first} and ${second} are mutually exclusive and you have specified both.`);
  }
  if (StatisticValues) {
    const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = StatisticValues;
    if (count === undefined) return missing(`${at}.StatisticValues.SampleCount`);
    if (sum === undefined) return missing(`${at}.StatisticValues.Sum`);
    if (min === undefined) return missing(`${at}.StatisticValues.Minimum`);
    if (max === undefined) return missing(`${at}.StatisticValues.Maximum`);
    for (const value of [count, sum, min, max]) checkedNumber(value, `${at}.StatisticValues`);
    return { values: [], set: { count, sum, min, max } };
  }
  if (Values) {
    if (Values.length === 0 || Values.length > MOST_VALUES)
      invalidValue(`The collection ${at}.Values must have a size between 1 and ${MOST_VALUES}.`);
    if (Counts && Counts.length !== Values.length)
      invalidValue(`The parameters ${at}.Values and ${at}.Counts must be of the same size.`);
    return {
      values: Values.map((value, i) => [
        checkedNumber(value, `${at}.Values.member.${i + 1}`),
        checkedNumber(Counts?.[i] ?? 1, `${at}.Counts.member.${i + 1}`),
      ]),
    };
  }
  if (Value === undefined) return missing(`${at}.Value`);
  return { values: [[checkedNumber(Value, `${at}.Value`), 1]] };
}

function checkedNumber(value: number, at: string): number {
  if (!Number.isFinite(value) || Math.abs(value) > LARGEST)
    invalidValue(`The value ${value} for parameter ${at} is invalid.`);
  return value;
}
