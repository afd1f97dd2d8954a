/** One JSONata expression, compiled once. */
import jsonata from "jsonata";
import { DefinitionError, StatesFailure } from "../failure.ts";
import { put, typeName, type Json } from "../json.ts";
import { registerFunctions } from "./functions.ts";

/** A runaway expression blocks the whole process: it ends after this time, depth and length of a sequence. */
const GUARDS = { timeout: 2_000, stack: 500, sequence: 1_000_000 };

export type Bindings = Readonly<Record<string, unknown>>;
export type Evaluate = (bindings: Bindings) => Promise<Json>;

/** True for strings that stand for an expression: `{% … %}`, without anything around. */
export const isExpression = (value: unknown): value is string =>
  typeof value === "string" && value.startsWith("{%") && value.endsWith("%}") && value.length >= 4;

/**
 * `field` is where the expression stands within its state, as messages name it: `Arguments/Input/id`, `Choices[1]/Condition`.
 * Throws DefinitionError when it cannot be parsed. Evaluation rejects with States.QueryEvaluationError.
 */
export function compileExpression(text: string, field: string, where: string): Evaluate {
  const source = text.slice(2, -2).trim();
  const expression = parsed(source, where);
  const fail = (what: string): StatesFailure =>
    new StatesFailure(
      "States.QueryEvaluationError",
      `The JSONata expression '${source}' specified for the field '${field}' ${what}`,
      {
        located: true,
        evaluation: { location: field },
      },
    );
  return async (bindings) => {
    let result: unknown;
    try {
      result = await expression.evaluate(undefined, bindings);
    } catch (error) {
      throw fail(`threw an error during evaluation. ${describe(error)}`);
    }
    if (result === undefined) throw fail("returned nothing (undefined).");
    if (typeof result === "function" || isLambda(result)) throw fail("returned an unsupported result type.");
    return plain(result);
  };
}

function parsed(source: string, where: string): jsonata.Expression {
  try {
    const expression = jsonata(source, GUARDS);
    registerFunctions(expression);
    return expression;
  } catch (error) {
    throw new DefinitionError(where, `Invalid JSONata expression: ${describe(error)}`);
  }
}

/** JSONata throws objects with a code and a message; functions may throw anything. */
function describe(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const message = "message" in error ? String(error.message) : "";
  return "code" in error && typeof error.code === "string" ? `${error.code}: ${message}` : message;
}

const isLambda = (value: unknown): boolean =>
  typeof value === "object" && value !== null && ("_jsonata_lambda" in value || "_jsonata_function" in value);

/** JSON of what JSONata answers: its sequences are arrays with marks, and members may be undefined. */
function plain(value: unknown): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map((item: unknown) => (item === undefined ? null : plain(item)));
  const copy: Record<string, Json> = {};
  if (typeof value === "object" && !isLambda(value)) {
    for (const [key, item] of Object.entries(value))
      if (item !== undefined && typeof item !== "function") put(copy, key, plain(item));
  }
  return copy;
}

/** For fields that need a certain type. */
export const unexpectedType = (text: string, field: string, expected: string, value: Json): StatesFailure =>
  new StatesFailure(
    "States.QueryEvaluationError",
    `The JSONata expression '${isExpression(text) ? text.slice(2, -2).trim() : text}' specified for the field '${field}' returned an unexpected result type. ` +
      `Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
    { located: true, evaluation: { location: field } },
  );
