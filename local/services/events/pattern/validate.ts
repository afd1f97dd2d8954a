/** Refuses what EventBridge refuses as a pattern. */
import { isCidr } from "./cidr.ts";

type Json = unknown;

const COMPARISONS = new Set(["=", ">", ">=", "<", "<="]);
const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is wrong with a pattern, or undefined. `text` is the pattern as JSON. */
export function patternProblem(text: string): string | undefined {
  let pattern: Json;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    return `${error instanceof Error ? error.message : "not JSON"}`;
  }
  if (!isObject(pattern)) return "Filter is not an object";
  if (Object.keys(pattern).length === 0) return "Empty pattern";
  return problemOf(pattern, "");
}

function problemOf(pattern: Readonly<Record<string, Json>>, path: string): string | undefined {
  for (const [key, rule] of Object.entries(pattern)) {
    const here = path === "" ? key : `${path}.${key}`;
    const problem =
      key === "$or" && Array.isArray(rule) ? problemOfAlternatives(rule, path) : problemOfField(rule, here);
    if (problem) return problem;
  }
  return undefined;
}

function problemOfAlternatives(alternatives: readonly Json[], path: string): string | undefined {
  if (alternatives.length < 2) return "$or needs at least two alternatives";
  for (const alternative of alternatives) {
    const problem = isObject(alternative) ? problemOf(alternative, path) : "$or takes objects";
    if (problem) return problem;
  }
  return undefined;
}

function problemOfField(rule: Json, path: string): string | undefined {
  if (isObject(rule)) return Object.keys(rule).length === 0 ? "Empty objects are not allowed" : problemOf(rule, path);
  if (!Array.isArray(rule)) return `"${path}" must be an object or an array`;
  if (rule.length === 0) return "Empty arrays are not allowed";
  for (const item of rule) {
    const problem = Array.isArray(item)
      ? `Nested arrays are not allowed at "${path}"`
      : isObject(item)
        ? problemOfRule(item)
        : undefined;
    if (problem) return problem;
  }
  return undefined;
}

function problemOfRule(rule: Readonly<Record<string, Json>>): string | undefined {
  const entries = Object.entries(rule);
  if (entries.length !== 1) return "Only one key allowed in match expression";
  const [operator = "", operand] = entries[0] ?? [];
  switch (operator) {
    case "exists":
      return typeof operand === "boolean" ? undefined : "exists match pattern must be either true or false.";
    case "prefix":
    case "suffix":
      return isText(operand) || isIgnoringCase(operand) ? undefined : `${operator} match pattern must be a string`;
    case "equals-ignore-case":
      return isText(operand) ? undefined : "equals-ignore-case match pattern must be a string";
    case "wildcard":
      return problemOfWildcard(operand);
    case "cidr":
      return isText(operand) && isCidr(operand) ? undefined : "Malformed CIDR";
    case "numeric":
      return problemOfNumeric(operand);
    case "anything-but":
      return problemOfAnythingBut(operand);
    default:
      return `Unrecognized match type ${operator}`;
  }
}

const isText = (value: Json): value is string => typeof value === "string";
const isIgnoringCase = (value: Json): boolean =>
  isObject(value) && Object.keys(value).length === 1 && isText(value["equals-ignore-case"]);
const isTextList = (value: Json): boolean =>
  isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));

/** Only a star and a backslash may be escaped, and stars may not stand side by side. */
function problemOfWildcard(operand: Json): string | undefined {
  if (!isText(operand)) return "wildcard match pattern must be a string";
  const escapes = operand.matchAll(/\\([*\\])?/g);
  for (const { 1: escaped, index } of escapes)
    if (escaped === undefined) return `Invalid escape character at pos ${index}`;
  return /(^|[^\\])(\\\\)*\*\*/.test(operand) ? "Consecutive wildcard characters" : undefined;
}

/** One comparison, or a lower bound and then an upper one. */
function problemOfNumeric(operand: Json): string | undefined {
  if (!Array.isArray(operand) || operand.length === 0) return "Value of numeric must be an array.";
  if (operand.length % 2 !== 0) return "Bad numeric range";
  for (let index = 0; index < operand.length; index += 2) {
    if (!COMPARISONS.has(operand[index] as string))
      return `Unrecognized numeric range operator: ${String(operand[index])}`;
    const bound: Json = operand[index + 1];
    if (typeof bound !== "number" || Math.abs(bound) > 5e9) return `Value of ${String(operand[index])} must be numeric`;
  }
  if (operand.length === 2) return undefined;
  const [lower, bottom, upper, top] = operand as [string, number, string, number];
  if (!lower.startsWith(">")) return "Too many elements in numeric expression";
  if (!upper.startsWith("<")) return `Bad numeric range operator: ${upper}`;
  if (bottom >= top) return "Bottom must be less than top";
  return operand.length > 4 ? "Too many terms in numeric range expression" : undefined;
}

function problemOfAnythingBut(operand: Json): string | undefined {
  if (isText(operand) || typeof operand === "number") return undefined;
  if (Array.isArray(operand)) {
    const isUniform =
      operand.length > 0 && (operand.every(isText) || operand.every((item) => typeof item === "number"));
    return isUniform ? undefined : "Inside anything but list, start|null|boolean is not supported.";
  }
  if (!isObject(operand) || Object.keys(operand).length !== 1)
    return "Value of anything-but must be an array or single string/number value.";
  const [operator = "", inner] = Object.entries(operand)[0] ?? [];
  const isKnown = ["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(operator);
  if (!isKnown) return `Unsupported anything-but pattern: ${operator}`;
  if (operator === "wildcard") {
    const patterns: readonly Json[] = Array.isArray(inner) ? inner : [inner];
    const problem = patterns.map(problemOfWildcard).find((found) => found !== undefined);
    if (problem) return problem;
  }
  return isTextList(inner) || isIgnoringCase(inner)
    ? undefined
    : `anything-but ${operator} must be a string or a list of strings`;
}
