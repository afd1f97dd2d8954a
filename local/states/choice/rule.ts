/** Compiles one Choice rule of a JSONPath state. */
import { DefinitionError, runtimeFailure } from "../failure.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { compilePath, type Path, type Sight } from "../jsonpath/path.ts";
import { PathSyntaxError } from "../jsonpath/tokens.ts";
import { COMPARISONS, matchesWildcards, TYPE_TESTS, type Comparison } from "./comparisons.ts";

export type Rule = (sight: Sight) => boolean;

const BESIDE = new Set(["Variable", "Next", "Assign", "Comment", "Output"]);

export function compileRule(rule: JsonObject, where: string): Rule {
  if (isArray(rule["And"])) {
    const parts = compileAll(rule["And"], `${where}/And`);
    return (sight) => parts.every((part) => part(sight));
  }
  if (isArray(rule["Or"])) {
    const parts = compileAll(rule["Or"], `${where}/Or`);
    return (sight) => parts.some((part) => part(sight));
  }
  if (isObject(rule["Not"])) {
    const part = compileRule(rule["Not"], `${where}/Not`);
    return (sight) => !part(sight);
  }
  return compileTest(rule, where);
}

const compileAll = (rules: readonly Json[], where: string): Rule[] =>
  rules.map((rule, index) => {
    if (!isObject(rule)) throw new DefinitionError(`${where}[${index}]`, "A choice rule must be an object");
    return compileRule(rule, `${where}[${index}]`);
  });

function compileTest(rule: JsonObject, where: string): Rule {
  const path = pathOf(rule["Variable"], `${where}/Variable`);
  const operators = Object.keys(rule).filter((key) => !BESIDE.has(key));
  const [operator] = operators;
  if (operator === undefined || operators.length > 1)
    throw new DefinitionError(where, "A choice rule must have exactly one comparison operator");
  const expected = rule[operator] ?? null;
  if (operator === "IsPresent") return (sight) => (path.find(sight) !== undefined) === expected;
  const test = Object.hasOwn(TYPE_TESTS, operator) ? TYPE_TESTS[operator] : undefined;
  if (test) return (sight) => test(valueAt(path, sight)) === expected;
  if (operator === "StringMatches") {
    if (typeof expected !== "string")
      throw new DefinitionError(`${where}/StringMatches`, "StringMatches must be a string");
    return (sight) => {
      const actual = valueAt(path, sight);
      return typeof actual === "string" && matchesWildcards(actual, expected);
    };
  }
  return compileComparison(operator, path, expected, where);
}

function compileComparison(operator: string, path: Path, expected: Json, where: string): Rule {
  const own = (name: string): Comparison | undefined =>
    Object.hasOwn(COMPARISONS, name) ? COMPARISONS[name] : undefined;
  const direct = own(operator);
  if (direct) return (sight) => direct(valueAt(path, sight), expected);
  const byPath = operator.endsWith("Path") ? own(operator.slice(0, -4)) : undefined;
  if (!byPath) throw new DefinitionError(`${where}/${operator}`, `Field '${operator}' is not supported`);
  const other = pathOf(expected, `${where}/${operator}`);
  return (sight) => byPath(valueAt(path, sight), valueAt(other, sight));
}

function pathOf(text: Json | undefined, where: string): Path {
  if (typeof text !== "string") throw new DefinitionError(where, "Value is not a Reference Path: a string is expected");
  try {
    return compilePath(text);
  } catch (error) {
    if (error instanceof PathSyntaxError)
      throw new DefinitionError(where, `Value is not a valid JSONPath (${error.message})`);
    throw error;
  }
}

function valueAt(path: Path, sight: Sight): Json {
  const value = path.find(sight);
  if (value === undefined)
    throw runtimeFailure(`Invalid path '${path.text}': The choice state's condition path references an invalid value.`);
  return value;
}
