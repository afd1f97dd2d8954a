/** Fields of states that must be numbers, strings or arrays. */
import { DefinitionError, runtimeFailure, StatesFailure } from "../failure.ts";
import { isArray, typeName, type Json, type JsonObject } from "../json.ts";
import { isExpression, unexpectedType } from "../jsonata/expression.ts";
import { chain, type MaybePromise } from "../maybe-promise.ts";
import type { Visit } from "../thread.ts";
import type { Flow, Place } from "./flow.ts";

export type Typed<T> = (visit: Visit, data: Json) => MaybePromise<T | undefined>;

interface Kind<T> {
  readonly name: "number" | "string" | "array";
  accepts(value: Json): value is T & Json;
}

const absent = (): undefined => undefined;

function typed<T>(flow: Flow, owner: JsonObject, field: string, place: Place, kind: Kind<T>, prefix: string): Typed<T> {
  const evaluate = flow.field(owner, field, prefix);
  if (!evaluate) return absent;
  const written = owner[field] ?? owner[`${field}Path`] ?? null;
  const computed = owner[field] === undefined || isExpression(written);
  if (!computed && !kind.accepts(written))
    throw new DefinitionError(`${place.path}/${prefix}${field}`, `Value is not a valid ${kind.name}`);
  return (visit, data) =>
    chain(evaluate(visit, data), (value) => {
      if (kind.accepts(value)) return value;
      if (place.language === "JSONata") throw unexpectedType(String(written), prefix + field, kind.name, value);
      throw runtimeFailure(
        `The ${field}Path parameter must reference a value of type ${kind.name}, but ${String(written)} is of type ${typeName(value)}`,
      );
    });
}

const number = { name: "number", accepts: (value: Json): value is number => typeof value === "number" } as const;
const text = { name: "string", accepts: (value: Json): value is string => typeof value === "string" } as const;
const list = { name: "array", accepts: (value: Json): value is readonly Json[] => isArray(value) } as const;

/** A number within limits, integers only. Throws at run time: States.Runtime, in JSONata States.QueryEvaluationError. */
export function integerField(
  flow: Flow,
  owner: JsonObject,
  field: string,
  place: Place,
  limits: { min: number; max: number },
  prefix = "",
): Typed<number> {
  const read = typed(flow, owner, field, place, number, prefix);
  if (read === absent) return absent;
  const check = (value: number | undefined): number | undefined => {
    if (value === undefined || (Number.isInteger(value) && value >= limits.min && value <= limits.max)) return value;
    const reason = `The ${field} value ${value} must be an integer from ${limits.min} to ${limits.max}`;
    throw place.language === "JSONata"
      ? new StatesFailure("States.QueryEvaluationError", reason, { located: true, evaluation: { location: field } })
      : runtimeFailure(reason);
  };
  const written = owner[field];
  if (typeof written === "number" && !(Number.isInteger(written) && written >= limits.min && written <= limits.max)) {
    throw new DefinitionError(
      `${place.path}/${prefix}${field}`,
      `Value must be an integer from ${limits.min} to ${limits.max}`,
    );
  }
  return (visit, data) => chain(read(visit, data), check);
}

export const numberField = (flow: Flow, owner: JsonObject, field: string, place: Place, prefix = ""): Typed<number> =>
  typed(flow, owner, field, place, number, prefix);
export const textField = (flow: Flow, owner: JsonObject, field: string, place: Place, prefix = ""): Typed<string> =>
  typed(flow, owner, field, place, text, prefix);
export const listField = (
  flow: Flow,
  owner: JsonObject,
  field: string,
  place: Place,
  prefix = "",
): Typed<readonly Json[]> => typed(flow, owner, field, place, list, prefix);
