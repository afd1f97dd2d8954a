/** Reference Paths: paths that name one place, where ResultPath puts a result. */
import { copyOf, isArray, isObject, member, put, type Json } from "../json.ts";
import { StatesFailure } from "../failure.ts";
import { compilePath } from "./path.ts";
import { PathSyntaxError } from "./tokens.ts";

type Step = string | number;
/** Answers the target with the value put in its place. Neither is changed: what lies beside the way is shared. */
export type Insert = (target: Json, value: Json) => Json;

/** Throws PathSyntaxError for anything but `$`, names and indexes. */
export function compileReferencePath(text: string): Insert {
  const path = compilePath(text);
  if (path.root !== "data") throw new PathSyntaxError(`'${text}' must be a reference path into the state's data`);
  const steps = path.segments.map((segment): Step => {
    if (segment.kind === "name") return segment.name;
    if (segment.kind === "index" && segment.index >= 0) return segment.index;
    throw new PathSyntaxError(`'${text}' must be a reference path: names and indexes only`);
  });
  if (steps.length === 0) return (_, value) => value;
  return (target, value) => {
    const result = insert(target, steps, 0, value);
    if (result === undefined) {
      throw new StatesFailure(
        "States.ResultPathMatchFailure",
        `Unable to apply ReferencePath ${text} to input ${JSON.stringify(target)}`,
        { located: true },
      );
    }
    return result;
  };
}

/** Undefined where the way does not exist and cannot be made: through a scalar, or beyond the end of an array. */
function insert(target: Json | undefined, steps: readonly Step[], at: number, value: Json): Json | undefined {
  const step = steps[at];
  if (step === undefined) return value;
  if (typeof step === "number") {
    if (!isArray(target) || step >= target.length) return undefined;
    const inner = insert(target[step], steps, at + 1, value);
    return inner === undefined ? undefined : target.with(step, inner);
  }
  if (target !== undefined && !isObject(target)) return undefined;
  const inner = insert(target && member(target, step), steps, at + 1, value);
  if (inner === undefined) return undefined;
  const copy = target ? copyOf(target) : {};
  put(copy, step, inner);
  return copy;
}
