/** Partition projection: partitions that are computed from table properties instead of being registered (Amazon Athena User Guide). */
import { QueryFailed } from "./failure.ts";

export type PartitionValues = Readonly<Record<string, string>>;

/** More than this many values of one column are more than Athena plans in reasonable time. */
const MOST_VALUES = 100_000;
const DAY = 86_400_000;

/** Every partition that the properties name, oldest first. Throws QueryFailed for properties that are none. */
export function projectedPartitions(
  keys: readonly string[],
  properties: Readonly<Record<string, string>>,
  now: number,
): PartitionValues[] {
  let partitions: PartitionValues[] = [{}];
  for (const key of keys) {
    const values = valuesOf(key, (name) => properties[`projection.${key}.${name}`], now);
    partitions = partitions.flatMap((partition) => values.map((value) => ({ ...partition, [key]: value })));
  }
  return partitions;
}

/** Where a partition lies: by the template of the table, else `<location>/key=value/`. Ends with a slash. */
export function locationOf(
  location: string,
  template: string | undefined,
  keys: readonly string[],
  partition: PartitionValues,
): string {
  const place =
    template?.replaceAll(/\$\{([^}]+)\}/g, (_, key: string) => partition[key.toLowerCase()] ?? "") ??
    `${location.replace(/\/$/, "")}/${keys.map((key) => `${key}=${partition[key] ?? ""}`).join("/")}`;
  return place.endsWith("/") ? place : `${place}/`;
}

function valuesOf(key: string, property: (name: string) => string | undefined, now: number): string[] {
  const refuse = (problem: string): never => {
    throw new QueryFailed(`INVALID_TABLE_PROPERTY: projection.${key}: ${problem}`);
  };
  const type = property("type")?.toLowerCase();
  if (type === "enum")
    return (property("values") ?? refuse("values are missing")).split(",").map((value) => value.trim());
  const [first = "", last = ""] = (property("range") ?? refuse("a range is missing"))
    .split(",")
    .map((end) => end.trim());
  if (type === "integer") {
    const digits = Number(property("digits") ?? 0);
    const step = Number(property("interval") ?? 1);
    const [from, to] = [Number(first), Number(last)];
    if (!(step >= 1) || !(to >= from) || (to - from) / step > MOST_VALUES) refuse("not a range of integers");
    const count = Math.floor((to - from) / step) + 1;
    return Array.from({ length: count }, (_, index) => String(from + index * step).padStart(digits, "0"));
  }
  if (type !== "date") return refuse(`the local cloud has the types enum, integer and date, not ${type ?? "none"}`);
  const format = property("format") ?? refuse("a format is missing");
  const unit = (property("interval.unit") ?? (format.includes("HH") ? "HOURS" : "DAYS")).toUpperCase();
  const step =
    Number(property("interval") ?? 1) * (unit === "HOURS" ? DAY / 24 : unit === "DAYS" ? DAY : refuse(`unit ${unit}`));
  const start = Math.floor(momentOf(first, format, now) / step) * step;
  const end = momentOf(last, format, now);
  if (Number.isNaN(start) || Number.isNaN(end)) refuse("not a range of dates");
  if ((end - start) / step > MOST_VALUES) refuse("too many values");
  const values: string[] = [];
  for (let moment = start; moment <= end; moment += step) values.push(written(moment, format));
  return values;
}

const UNITS: Readonly<Record<string, number>> = {
  HOUR: DAY / 24,
  DAY,
  WEEK: 7 * DAY,
  MONTH: 30 * DAY,
  YEAR: 365 * DAY,
};

/** A date in the column's format, or `NOW` with a distance such as `NOW-3YEARS`. */
function momentOf(text: string, format: string, now: number): number {
  const relative = /^NOW\s*(?:([+-])\s*(\d+)\s*(HOUR|DAY|WEEK|MONTH|YEAR)S?)?$/i.exec(text);
  if (relative) {
    const [, sign, count = "0", unit = "DAY"] = relative;
    return now + (sign === "-" ? -1 : 1) * Number(count) * (UNITS[unit.toUpperCase()] ?? 0);
  }
  const part = (letters: string, otherwise: string) => {
    const at = format.indexOf(letters);
    return at < 0 ? otherwise : text.slice(at, at + letters.length);
  };
  return Date.parse(`${part("yyyy", "")}-${part("MM", "01")}-${part("dd", "01")}T${part("HH", "00")}:00:00Z`);
}

function written(moment: number, format: string): string {
  const iso = new Date(moment).toISOString();
  return format
    .replace("yyyy", iso.slice(0, 4))
    .replace("MM", iso.slice(5, 7))
    .replace("dd", iso.slice(8, 10))
    .replace("HH", iso.slice(11, 13));
}
