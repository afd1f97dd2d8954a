/** The comparison operators of Choice rules (Choice state, Amazon States Language). A value of the wrong type never matches. */
import type { Json } from "../json.ts";
import { parseTimestamp } from "./timestamp.ts";

/** `expected` is the rule's value, or what its `…Path` leads to. */
export type Comparison = (actual: Json, expected: Json) => boolean;

type Ordering = (order: number) => boolean;
const ORDERINGS: Readonly<Record<string, Ordering>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

const inOrder =
  <T extends number | string>(read: (value: Json) => T | undefined) =>
  (holds: Ordering): Comparison =>
  (actual, expected) => {
    const [left, right] = [read(actual), read(expected)];
    return left !== undefined && right !== undefined && holds(left < right ? -1 : left > right ? 1 : 0);
  };

const text = inOrder((value) => (typeof value === "string" ? value : undefined));
const numeric = inOrder((value) => (typeof value === "number" ? value : undefined));
const timestamp = inOrder(parseTimestamp);

const withOrderings = (prefix: string, kind: (holds: Ordering) => Comparison): Record<string, Comparison> =>
  Object.fromEntries(Object.entries(ORDERINGS).map(([name, holds]) => [prefix + name, kind(holds)]));

/** Those that also exist with `Path` behind their name. */
export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  ...withOrderings("String", text),
  ...withOrderings("Numeric", numeric),
  ...withOrderings("Timestamp", timestamp),
  BooleanEquals: (actual, expected) => typeof actual === "boolean" && actual === expected,
};

/** `*` stands for any characters; `\*` is a star and `\\` a backslash. Linear in the text's length for each star. */
export function matchesWildcards(value: string, pattern: string): boolean {
  const parts: string[] = [""];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? "";
    if (character === "*") parts.push("");
    else {
      if (character === "\\" && (pattern[at + 1] === "*" || pattern[at + 1] === "\\")) at++;
      parts[parts.length - 1] += pattern[at] ?? "";
    }
  }
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return value.length - last.length >= from && value.endsWith(last);
}

/** Tests whose rule value says whether they should hold. IsPresent is apart: it alone bears a path that leads nowhere. */
export const TYPE_TESTS: Readonly<Record<string, (actual: Json) => boolean>> = {
  IsNull: (actual) => actual === null,
  IsNumeric: (actual) => typeof actual === "number",
  IsString: (actual) => typeof actual === "string",
  IsBoolean: (actual) => typeof actual === "boolean",
  IsTimestamp: (actual) => parseTimestamp(actual) !== undefined,
};
