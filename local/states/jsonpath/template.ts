/** Payload templates (Parameters, ResultSelector, ItemSelector, Assign …): members ending in `.$` are paths or intrinsic functions. */
import { DefinitionError, intrinsicFailure, runtimeFailure } from "../failure.ts";
import { compileIntrinsic } from "../intrinsics/call.ts";
import type { Randomness } from "../intrinsics/function.ts";
import { isArray, isObject, put, type Json, type JsonObject } from "../json.ts";
import { compilePath, type Sight } from "./path.ts";
import { PathSyntaxError } from "./tokens.ts";

export type Template = (sight: Sight, random: Randomness) => Json;

/** Compiles once; parts without paths are shared by all results. Throws DefinitionError naming the member. */
export function compileTemplate(template: Json, where: string): Template {
  return compileNode(template, where) ?? (() => template);
}

/** Undefined for what is the same every time. */
function compileNode(node: Json, where: string): Template | undefined {
  if (isArray(node)) {
    const items = node.map((item, index) => compileNode(item, `${where}[${index}]`));
    if (items.every((item) => item === undefined)) return undefined;
    return (sight, random) => node.map((item, index) => items[index]?.(sight, random) ?? item);
  }
  return isObject(node) ? compileObject(node, where) : undefined;
}

function compileObject(node: JsonObject, where: string): Template | undefined {
  const members = Object.entries(node).map(([key, value]) => {
    if (!key.endsWith(".$")) return { key, value, evaluate: compileNode(value, `${where}/${key}`) };
    if (typeof value !== "string")
      throw new DefinitionError(
        `${where}/${key}`,
        `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`,
      );
    return { key: key.slice(0, -2), value, evaluate: compileExpression(value, key, `${where}/${key}`) };
  });
  if (members.every(({ evaluate }) => evaluate === undefined)) return undefined;
  return (sight, random) => {
    const result: Record<string, Json> = {};
    for (const { key, value, evaluate } of members) put(result, key, evaluate ? evaluate(sight, random) : value);
    return result;
  };
}

/** A path or an intrinsic function; `field` is the member it stands in, for messages. */
export function compileExpression(text: string, field: string, where: string): Template {
  try {
    if (text.startsWith("States.")) {
      const call = compileIntrinsic(text);
      return (sight, random) =>
        call(sight, random, (reason) =>
          intrinsicFailure(`The function '${text}' specified for the field '${field}' failed: ${reason}`),
        );
    }
    const path = compilePath(text);
    return (sight) => {
      const found = path.find(sight);
      if (found !== undefined) return found;
      const source = path.root === "context" ? sight.context : sight.data;
      throw runtimeFailure(
        `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(source)}'`,
      );
    };
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error;
    throw new DefinitionError(
      where,
      `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call (${error.message})`,
    );
  }
}
