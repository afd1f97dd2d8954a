/** The comparisons of a policy's Condition block (IAM JSON policy elements: Condition operators). */
import { BlockList, isIP } from "node:net";
import { compilePattern, matches, type Lookup, resolvedText } from "./pattern.ts";

/** Whether one value of the request fits one value of the policy. */
export type Comparison = (actual: string, lookup: Lookup) => boolean;

export interface Operator {
  /** Made once per value of the policy. */
  readonly compile: (expected: string, variables: boolean) => Comparison;
  /** `…Not…`: true when none of the policy's values fits, and when the key is absent. */
  readonly negated: boolean;
}

const text =
  (wildcards: boolean, ignoreCase = false) =>
  (expected: string, variables: boolean): Comparison => {
    const pattern = compilePattern(expected, { wildcards, variables });
    if (!ignoreCase) return (actual, lookup) => matches(pattern, actual, lookup);
    return (actual, lookup) => resolvedText(pattern, lookup)?.toLowerCase() === actual.toLowerCase();
  };

const ordered =
  (parse: (text: string) => number, holds: (actual: number, expected: number) => boolean) =>
  (expected: string, variables: boolean): Comparison => {
    const pattern = compilePattern(expected, { wildcards: false, variables });
    // NaN compares false with everything, so what is no number or date fits nothing.
    return (actual, lookup) => holds(parse(actual), parse(resolvedText(pattern, lookup) ?? ""));
  };

const number = (value: string): number => (value.trim() === "" ? Number.NaN : Number(value));

const ISO_DATE = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;
/** W3C's ISO 8601 forms or epoch seconds, as milliseconds. A plain year is an epoch, as `1111` is a number first. */
export function date(value: string): number {
  if (/^-?\d+$/.test(value) && value.length !== 4) return Number(value) * 1000;
  return ISO_DATE.test(value) ? Date.parse(value) : Number.NaN;
}

const bool = (expected: string, variables: boolean): Comparison => {
  const compare = text(false, true)(expected, variables);
  return (actual, lookup) => /^(true|false)$/i.test(actual) && compare(actual, lookup);
};

const binary = (expected: string): Comparison => {
  const bytes = Buffer.from(expected, "base64");
  return (actual) => bytes.equals(Buffer.from(actual, "base64"));
};

// Six parts; the resource part keeps its own colons. Each part is matched by itself, so a `*` in one never reaches the next.
const arnParts = (value: string): readonly string[] => {
  const parts = value.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
};

const arn = (expected: string, variables: boolean): Comparison => {
  if (expected === "*") return () => true;
  // A variable may hold colons, which then count as the ARN's own: the parts are known only when it is put in.
  const whole = compilePattern(expected, { wildcards: true, variables });
  const compileParts = (value: string, withVariables: boolean) =>
    arnParts(value).map((part) => compilePattern(part, { wildcards: true, variables: withVariables }));
  const fixed = whole.hasVariables ? undefined : compileParts(expected, variables);
  return (actual, lookup) => {
    const resolved = fixed ? "" : resolvedText(whole, lookup);
    if (resolved === undefined) return false;
    const patterns = fixed ?? compileParts(resolved, false);
    const parts = actual.startsWith("arn:") && actual.split(":").length >= 6 ? arnParts(actual) : undefined;
    return parts !== undefined && patterns.every((pattern, i) => matches(pattern, parts[i] ?? "", lookup));
  };
};

const ip = (expected: string): Comparison => {
  const [address = "", length] = expected.split("/");
  const version = isIP(address);
  const bits = length === undefined ? (version === 6 ? 128 : 32) : Number(length);
  if (version === 0 || !Number.isInteger(bits) || bits < 0 || bits > (version === 6 ? 128 : 32)) return () => false;
  const range = new BlockList();
  range.addSubnet(address, bits, version === 6 ? "ipv6" : "ipv4");
  return (actual) => isIP(actual) !== 0 && range.check(actual, isIP(actual) === 6 ? "ipv6" : "ipv4");
};

const is = (compile: Operator["compile"]): Operator => ({ compile, negated: false });
const isNot = (compile: Operator["compile"]): Operator => ({ compile, negated: true });

const equal = (a: number, b: number): boolean => a === b;
const less = (a: number, b: number): boolean => a < b;
const lessOrEqual = (a: number, b: number): boolean => a <= b;
const greater = (a: number, b: number): boolean => a > b;
const greaterOrEqual = (a: number, b: number): boolean => a >= b;

/** By lower-case name, as policies may write them in any case. `Null` is not here: it asks for the key, not for values. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ["stringequals", is(text(false))],
  ["stringnotequals", isNot(text(false))],
  ["stringequalsignorecase", is(text(false, true))],
  ["stringnotequalsignorecase", isNot(text(false, true))],
  ["stringlike", is(text(true))],
  ["stringnotlike", isNot(text(true))],
  ["numericequals", is(ordered(number, equal))],
  ["numericnotequals", isNot(ordered(number, equal))],
  ["numericlessthan", is(ordered(number, less))],
  ["numericlessthanequals", is(ordered(number, lessOrEqual))],
  ["numericgreaterthan", is(ordered(number, greater))],
  ["numericgreaterthanequals", is(ordered(number, greaterOrEqual))],
  ["dateequals", is(ordered(date, equal))],
  ["datenotequals", isNot(ordered(date, equal))],
  ["datelessthan", is(ordered(date, less))],
  ["datelessthanequals", is(ordered(date, lessOrEqual))],
  ["dategreaterthan", is(ordered(date, greater))],
  ["dategreaterthanequals", is(ordered(date, greaterOrEqual))],
  ["bool", is(bool)],
  ["binaryequals", is(binary)],
  ["ipaddress", is(ip)],
  ["notipaddress", isNot(ip)],
  ["arnequals", is(arn)],
  ["arnlike", is(arn)],
  ["arnnotequals", isNot(arn)],
  ["arnnotlike", isNot(arn)],
]);
