/** InputPath, Parameters, ResultSelector, ResultPath, OutputPath and Assign. */
import { DefinitionError, runtimeFailure } from "../failure.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { compilePath, inBrackets, type Path, type Sight } from "../jsonpath/path.ts";
import { compileReferencePath } from "../jsonpath/reference-path.ts";
import { compileExpression, compileTemplate } from "../jsonpath/template.ts";
import { PathSyntaxError } from "../jsonpath/tokens.ts";
import type { Visit } from "../thread.ts";
import type { Field, Flow, Place } from "./flow.ts";

const sightOf = (visit: Visit, data: Json): Sight => ({ data, context: visit.context, variables: visit.thread.scope });

/** Fields that a state type does not know are left to the validator. */
export function jsonPathFlow(definition: JsonObject, place: Place): Flow {
  const select = compileFilter(definition, "InputPath", place);
  const project = compileFilter(definition, "OutputPath", place);
  const parameters = templateOf(definition, "Parameters", place);
  const selector = templateOf(definition, "ResultSelector", place);
  const assign = templateOf(definition, "Assign", place);
  const resultPath = definition["ResultPath"];
  const insert =
    resultPath === undefined || resultPath === null
      ? undefined
      : attempt(`${place.path}/ResultPath`, () => compileReferencePath(textOf(resultPath, `${place.path}/ResultPath`)));
  const keepsInput = resultPath === null;

  const remember = (visit: Visit, data: Json): void => {
    if (!assign) return;
    const values = assign(visit, data);
    if (isObject(values)) visit.assigned = values;
  };
  return {
    input: (visit) => (select ? select(visit, visit.input) : visit.input),
    argument: (visit, data) => (parameters ? parameters(visit, data) : data),
    finish: (visit, result) => {
      const selected = selector ? selector(visit, result) : result;
      remember(visit, selected);
      const output = keepsInput ? visit.input : insert ? insert(visit.input, selected) : selected;
      return project ? project(visit, output) : output;
    },
    pass: (visit, data) => {
      remember(visit, data);
      return project ? project(visit, data) : data;
    },
    field: (owner, name) => compileField(owner, name, place),
    payload: (value, name) => {
      const template = compileTemplate(value, `${place.path}/${name}`);
      return (visit, data) => template(sightOf(visit, data), visit.thread.host);
    },
  };
}

/** Synchronous, unlike fields in general. */
type Plain = (visit: Visit, data: Json) => Json;

function templateOf(definition: JsonObject, name: string, place: Place): Plain | undefined {
  const value = definition[name];
  if (value === undefined) return undefined;
  const template = compileTemplate(value, `${place.path}/${name}`);
  return (visit, data) => template(sightOf(visit, data), visit.thread.host);
}

/** InputPath and OutputPath: null stands for an empty object. */
function compileFilter(definition: JsonObject, name: string, place: Place): Plain | undefined {
  const text = definition[name];
  if (text === undefined || text === "$") return undefined;
  if (text === null) return () => ({});
  const path = pathOf(text, `${place.path}/${name}`);
  return (visit, data) => {
    const found = path.find(sightOf(visit, data));
    if (found === undefined)
      throw runtimeFailure(`Invalid path '${path.text}' : No results for path: ${inBrackets(path)}`);
    return found;
  };
}

function compileField(owner: JsonObject, name: string, place: Place): Field | undefined {
  const text = owner[`${name}Path`];
  const where = `${place.path}/${name}Path`;
  if (text === undefined) {
    const value = owner[name];
    return value === undefined ? undefined : () => value;
  }
  if (typeof text === "string" && text.startsWith("States.")) {
    const call = compileExpression(text, `${name}Path`, where);
    return (visit, data) => call(sightOf(visit, data), visit.thread.host);
  }
  const path = pathOf(text, where);
  return (visit, data) => {
    const found = path.find(sightOf(visit, data));
    if (found === undefined)
      throw runtimeFailure(`The ${name}Path parameter does not reference an input value: ${path.text}`);
    return found;
  };
}

const textOf = (value: Json, where: string): string => {
  if (typeof value !== "string")
    throw new DefinitionError(where, "Value is not a valid JSONPath: a string is expected");
  return value;
};

const pathOf = (value: Json, where: string): Path => attempt(where, () => compilePath(textOf(value, where)));

function attempt<T>(where: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof PathSyntaxError)
      throw new DefinitionError(where, `Value is not a valid JSONPath (${error.message})`);
    throw error;
  }
}
