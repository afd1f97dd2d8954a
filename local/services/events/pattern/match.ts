/**
 * EventBridge event patterns (Comparison operators for use in event patterns, Amazon EventBridge User Guide), which Lambda
 * event source mappings use as filters too.
 */
import { isIP } from "node:net";
import { inCidr } from "./cidr.ts";
import { matchesWildcard } from "./wildcard.ts";

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const asList = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [value]);

/** Whether an event matches. The pattern must be valid: see `validatePattern`. */
export function matchesPattern(pattern: object, event: unknown): boolean {
  return Object.entries(pattern).every(([key, rule]: [string, Json]) => {
    if (key === "$or" && Array.isArray(rule)) return rule.some((alternative) => matchesPattern(alternative, event));
    return Array.isArray(rule)
      ? matchesLeaf(rule, valuesAt(event, key))
      : matchesNested(rule as object, childrenAt(event, key));
  });
}

/** Members of that name, of an object or of the objects of a list. */
const childrenAt = (node: unknown, key: string): readonly Json[] =>
  asList(node).flatMap((item) => (isObject(item) && Object.hasOwn(item, key) ? [item[key]] : []));

/** The plain values of a field; lists count by their elements. */
const valuesAt = (node: unknown, key: string): readonly Json[] =>
  childrenAt(node, key)
    .flatMap((value) => (Array.isArray(value) ? (value.flat(Infinity) as Json[]) : [value]))
    .filter((value) => value === null || typeof value !== "object");

/** All of a nested pattern must hold within one element of a list. Without the field only `exists: false` can hold. */
function matchesNested(rule: object, children: readonly Json[]): boolean {
  const elements = children.flatMap(asList);
  return elements.length === 0 ? matchesPattern(rule, {}) : elements.some((element) => matchesPattern(rule, element));
}

const matchesLeaf = (rules: readonly Json[], values: readonly Json[]): boolean =>
  rules.some((rule) => {
    if (isObject(rule) && "exists" in rule) return rule["exists"] === values.length > 0;
    return values.some((value) => matchesRule(rule, value));
  });

function matchesRule(rule: Json, value: Json): boolean {
  if (!isObject(rule)) return rule === value;
  const [operator = "", operand] = Object.entries(rule)[0] ?? [];
  if (operator === "anything-but") return isAnythingBut(operand, value);
  if (operator === "numeric") return typeof value === "number" && isInRange(operand as readonly Json[], value);
  return typeof value === "string" && matchesText(operator, operand, value);
}

function matchesText(operator: string, operand: Json, value: string): boolean {
  const ignoringCase = isObject(operand) ? operand["equals-ignore-case"] : undefined;
  const [text, subject] =
    ignoringCase === undefined ? [String(operand), value] : [String(ignoringCase).toLowerCase(), value.toLowerCase()];
  switch (operator) {
    case "prefix":
      return subject.startsWith(text);
    case "suffix":
      return subject.endsWith(text);
    case "equals-ignore-case":
      return value.toLowerCase() === text.toLowerCase();
    case "wildcard":
      return matchesWildcard(text, value);
    case "cidr":
      return isIP(value) !== 0 && inCidr(value, text);
    default:
      return false;
  }
}

/** Operand: a value, a list of values, or an operator with a value or a list of them. */
function isAnythingBut(operand: Json, value: Json): boolean {
  if (!isObject(operand)) return !asList(operand).includes(value);
  const [operator = "", inner] = Object.entries(operand)[0] ?? [];
  return typeof value === "string" && !asList(inner).some((item) => matchesText(operator, item, value));
}

function isInRange(comparisons: readonly Json[], value: number): boolean {
  for (let index = 0; index + 1 < comparisons.length; index += 2) {
    const bound = Number(comparisons[index + 1]);
    switch (comparisons[index]) {
      case "=":
        if (value !== bound) return false;
        break;
      case ">":
        if (!(value > bound)) return false;
        break;
      case ">=":
        if (!(value >= bound)) return false;
        break;
      case "<":
        if (!(value < bound)) return false;
        break;
      default:
        if (!(value <= bound)) return false;
    }
  }
  return true;
}
