/** Arguments, Output and Assign. */
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Bindings } from "../jsonata/expression.ts";
import { hostFunctions } from "../jsonata/functions.ts";
import { compileTemplate, type Template } from "../jsonata/template.ts";
import { all, chain, type MaybePromise } from "../maybe-promise.ts";
import type { Visit } from "../thread.ts";
import type { Flow, Place } from "./flow.ts";

/** What an expression sees: `$states`, the variables, and the functions of the host. */
export const bindingsOf = (visit: Visit, more: { result?: Json; errorOutput?: Json } = {}): Bindings => ({
  ...hostFunctions(visit.thread.host),
  ...visit.thread.scope.visible,
  states: { input: visit.input, context: visit.context, ...more },
});

/** Output and Assign see the same variables: assignments take effect afterwards. */
export function outcome(
  output: Template | undefined,
  assign: Template | undefined,
): (visit: Visit, bindings: Bindings, otherwise: Json) => MaybePromise<Json> {
  if (!output && !assign) return (_visit, _bindings, otherwise) => otherwise;
  return (visit, bindings, otherwise) =>
    chain(all([output ? output(bindings) : otherwise, assign ? assign(bindings) : null]), ([result = null, values]) => {
      if (isObject(values)) visit.assigned = values;
      return result;
    });
}

export function jsonataFlow(definition: JsonObject, place: Place): Flow {
  const template = (name: string): Template | undefined => {
    const value = definition[name];
    return value === undefined ? undefined : compileTemplate(value, name, `${place.path}/${name}`);
  };
  const argumentsOf = template("Arguments");
  const leave = outcome(template("Output"), template("Assign"));
  return {
    input: (visit) => visit.input,
    argument: (visit, data) => (argumentsOf ? argumentsOf(bindingsOf(visit)) : data),
    finish: (visit, result) => leave(visit, bindingsOf(visit, { result }), result),
    pass: (visit, data) => leave(visit, bindingsOf(visit), data),
    field: (owner, name, prefix = "") => {
      const value = owner[name];
      if (value === undefined) return undefined;
      const evaluate = compileTemplate(value, prefix + name, `${place.path}/${prefix}${name}`);
      return (visit) => evaluate(bindingsOf(visit));
    },
    payload: (value, name) => {
      const evaluate = compileTemplate(value, name, `${place.path}/${name}`);
      return (visit) => evaluate(bindingsOf(visit));
    },
  };
}
