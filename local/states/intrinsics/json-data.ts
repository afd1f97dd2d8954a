/** States.StringToJson, JsonToString, JsonMerge. */
import { objectAt, textAt } from "./arguments.ts";
import { IntrinsicProblem, type IntrinsicFunction } from "./function.ts";
import { copyOf, put, type Json } from "../json.ts";

function parse(args: readonly Json[]): Json {
  const text = textAt(args, 0, "States.StringToJson");
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    throw new IntrinsicProblem("the argument of States.StringToJson is not JSON");
  }
}

/** The second object's members win. Only the shallow mode exists: the third argument must be false. */
function merge(args: readonly Json[]): Json {
  if (args[2] !== false)
    throw new IntrinsicProblem("States.JsonMerge supports shallow merging only: its third argument must be false");
  const merged = copyOf(objectAt(args, 0, "States.JsonMerge"));
  for (const [key, value] of Object.entries(objectAt(args, 1, "States.JsonMerge"))) put(merged, key, value);
  return merged;
}

export const jsonFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  "States.StringToJson": { min: 1, max: 1, apply: parse },
  "States.JsonToString": { min: 1, max: 1, apply: ([value]) => JSON.stringify(value ?? null) },
  "States.JsonMerge": { min: 3, max: 3, apply: merge },
};
