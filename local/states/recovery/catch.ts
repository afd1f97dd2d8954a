/** Catchers: where a failed state goes when no attempt is left, and with which output. */
import { DefinitionError, type StatesFailure } from "../failure.ts";
import { bindingsOf, outcome } from "../flow/jsonata-flow.ts";
import type { Place } from "../flow/flow.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { compileTemplate as compileJsonata } from "../jsonata/template.ts";
import { compileReferencePath, type Insert } from "../jsonpath/reference-path.ts";
import { compileTemplate } from "../jsonpath/template.ts";
import { PathSyntaxError } from "../jsonpath/tokens.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Visit } from "../thread.ts";
import { checkOrder, errorNames } from "./retry.ts";

export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly next: string;
  /** The state's output after the failure. Sets `visit.assigned`. */
  output(visit: Visit, failure: StatesFailure): MaybePromise<Json>;
}

export function compileCatchers(value: Json | undefined, place: Place): readonly Catcher[] {
  if (value === undefined) return [];
  if (!isArray(value)) throw new DefinitionError(`${place.path}/Catch`, "Catch must be an array");
  const catchers = value.map((catcher, index) => {
    const path = `${place.path}/Catch[${index}]`;
    if (!isObject(catcher)) throw new DefinitionError(path, "A catcher must be an object");
    const next = catcher["Next"];
    if (typeof next !== "string") throw new DefinitionError(path, "These fields are required: [Next]");
    const output =
      place.language === "JSONata" ? jsonataOutput(catcher, `Catch[${index}]`, path) : jsonPathOutput(catcher, path);
    return { errorEquals: errorNames(catcher["ErrorEquals"], path), next, output };
  });
  checkOrder(catchers, `${place.path}/Catch`);
  return catchers;
}

function jsonPathOutput(catcher: JsonObject, path: string): Catcher["output"] {
  const resultPath = catcher["ResultPath"];
  const insert = typeof resultPath === "string" ? reference(resultPath, `${path}/ResultPath`) : undefined;
  const assign = catcher["Assign"] === undefined ? undefined : compileTemplate(catcher["Assign"], `${path}/Assign`);
  return (visit, { output }) => {
    const values = assign?.({ data: output, context: visit.context, variables: visit.thread.scope }, visit.thread.host);
    if (isObject(values)) visit.assigned = values;
    if (resultPath === null) return visit.input;
    return insert ? insert(visit.input, output) : output;
  };
}

function jsonataOutput(catcher: JsonObject, field: string, path: string): Catcher["output"] {
  const [output, assign] = ["Output", "Assign"].map((name) => {
    const value = catcher[name];
    return value === undefined ? undefined : compileJsonata(value, `${field}/${name}`, `${path}/${name}`);
  });
  const leave = outcome(output, assign);
  return (visit, failure) => leave(visit, bindingsOf(visit, { errorOutput: failure.output }), failure.output);
}

function reference(text: string, where: string): Insert {
  try {
    return compileReferencePath(text);
  } catch (error) {
    if (error instanceof PathSyntaxError)
      throw new DefinitionError(where, `Value is not a Reference Path (${error.message})`);
    throw error;
  }
}
