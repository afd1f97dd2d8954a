/** Parses what comes in by a zod schema. What does not fit is refused by field, never by value. */
import { safeParse, type $ZodIssue, type $ZodType, type output } from "zod/v4/core";
import { type FieldProblem, InputInvalid } from "./errors.ts";

/** Any zod schema, of `zod/mini` (which bundles use: 14 kB) or `zod`. */
export type Schema = $ZodType;
export type Parsed<S extends Schema> = output<S>;

/** In the place of what the schema's author has not said, whatever language zod is set to. */
const UNSAID = "-";
const MOST_PROBLEMS = 10;
const LONGEST_NAME = 64;

/**
 * The value as the schema gives it (defaults filled, unknown keys dropped).
 * `root` is the first word of the fields' names (`body`, `detail`). Throws InputInvalid.
 */
export function parse<S extends Schema>(schema: S, value: unknown, root = ""): Parsed<S> {
  const result = safeParse(schema, value, { error: () => UNSAID });
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => problemOf(issue, value, root));
  const rest = problems.length - MOST_PROBLEMS;
  throw new InputInvalid(
    rest > 0
      ? [...problems.slice(0, MOST_PROBLEMS), { field: root || "input", problem: `${rest} further problems` }]
      : problems,
  );
}

/** Text as JSON. Throws InputInvalid, without the snippet of the text that a SyntaxError quotes. */
export function parseJson(text: string, root: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputInvalid([{ field: root, problem: text === "" ? "missing" : "not valid JSON" }]);
  }
}

function problemOf(issue: $ZodIssue, value: unknown, root: string): FieldProblem {
  const isMissing = issue.code === "invalid_type" && valueAt(value, issue.path) === undefined;
  return { field: fieldOf(issue.path, root), problem: isMissing ? "missing" : wordsOf(issue) };
}

/** `order.items[2].quantity`. Keys that a caller chose are cut and stripped of control characters. */
function fieldOf(path: readonly PropertyKey[], root: string): string {
  let field = root;
  for (const step of path) {
    if (typeof step === "number") field += `[${step}]`;
    else field += `${field === "" ? "" : "."}${nameOf(step)}`;
  }
  return field || "input";
}

function nameOf(key: PropertyKey): string {
  const name = String(key).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "?");
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}

function wordsOf(issue: $ZodIssue): string {
  if (issue.message !== UNSAID) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `expected ${issue.expected}`;
    case "too_small":
      return `expected ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `expected ${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}${unitOf(issue.origin)}`;
    case "invalid_format":
      return issue.format === "regex" ? "has the wrong form" : `expected ${issue.format}`;
    case "not_multiple_of":
      return `expected a multiple of ${issue.divisor}`;
    case "unrecognized_keys":
      return `unknown ${issue.keys.slice(0, MOST_PROBLEMS).map(nameOf).join(", ")}`;
    case "invalid_value":
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "invalid_union":
      return issue.discriminator === undefined ? "has none of the allowed forms" : `unknown ${issue.discriminator}`;
    default:
      return "not allowed";
  }
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" || origin === "set" ? " items" : "";
}
