/** Choice: the first rule that holds says where to go; else Default. */
import { compileRule } from "../choice/rule.ts";
import { DefinitionError, StatesFailure } from "../failure.ts";
import { flowOf } from "../flow/index.ts";
import { bindingsOf, outcome } from "../flow/jsonata-flow.ts";
import type { Flow, Place } from "../flow/flow.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { unexpectedType } from "../jsonata/expression.ts";
import { compileTemplate as compileJsonata } from "../jsonata/template.ts";
import { compileTemplate } from "../jsonpath/template.ts";
import type { Run } from "../machine.ts";
import type { Visit } from "../thread.ts";
import type { CompileState } from "./index.ts";

export const compileChoice: CompileState = (definition, place) => {
  const choices = definition["Choices"];
  if (!isArray(choices) || choices.length === 0)
    throw new DefinitionError(`${place.path}/Choices`, "Choices must be a non-empty array");
  const rules = choices.map((rule, index) => {
    if (!isObject(rule) || typeof rule["Next"] !== "string")
      throw new DefinitionError(`${place.path}/Choices[${index}]`, "These fields are required: [Next]");
    return { rule, next: rule["Next"], path: `${place.path}/Choices[${index}]` };
  });
  const otherwise = typeof definition["Default"] === "string" ? definition["Default"] : undefined;
  const flow = flowOf(definition, place);
  return place.language === "JSONata"
    ? byCondition(rules, otherwise, flow)
    : byComparison(rules, otherwise, flow, place);
};

interface RuleAt {
  readonly rule: JsonObject;
  readonly next: string;
  readonly path: string;
}

function byComparison(rules: readonly RuleAt[], otherwise: string | undefined, flow: Flow, place: Place): Run {
  const compiled = rules.map(({ rule, next, path }) => ({
    holds: compileRule(rule, path),
    next,
    assign: rule["Assign"] === undefined ? undefined : compileTemplate(rule["Assign"], `${place.path}/Assign`),
  }));
  return (visit) => {
    const input = flow.input(visit);
    const sight = { data: input, context: visit.context, variables: visit.thread.scope };
    const match = compiled.find(({ holds }) => holds(sight));
    visit.next = match?.next ?? defaultOf(otherwise);
    const output = flow.pass(visit, input);
    // The state's own Assign is for Default; a rule that matches has its own.
    if (match) visit.assigned = objectOf(match.assign?.(sight, visit.thread.host));
    return output;
  };
}

function byCondition(rules: readonly RuleAt[], otherwise: string | undefined, flow: Flow): Run {
  const compiled = rules.map(({ rule, next, path }, index) => {
    const compile = (name: string): ReturnType<typeof compileJsonata> | undefined =>
      rule[name] === undefined ? undefined : compileJsonata(rule[name], `Choices[${index}]/${name}`, `${path}/${name}`);
    const condition = compile("Condition");
    if (!condition) throw new DefinitionError(path, "These fields are required: [Condition]");
    return {
      condition,
      next,
      leave: outcome(compile("Output"), compile("Assign")),
      text: String(rule["Condition"]),
      field: `Choices[${index}]/Condition`,
    };
  });
  return async (visit: Visit) => {
    const bindings = bindingsOf(visit);
    for (const { condition, next, leave, text, field } of compiled) {
      const holds = await condition(bindings);
      if (typeof holds !== "boolean") throw unexpectedType(text, field, "boolean", holds);
      if (holds) {
        visit.next = next;
        return leave(visit, bindings, visit.input);
      }
    }
    visit.next = defaultOf(otherwise);
    return flow.pass(visit, visit.input);
  };
}

const objectOf = (value: Json | undefined): JsonObject | undefined => (isObject(value) ? value : undefined);

function defaultOf(otherwise: string | undefined): string {
  if (otherwise !== undefined) return otherwise;
  throw new StatesFailure(
    "States.NoChoiceMatched",
    "Failed to transition out of the state. The state does not point to a next state.",
    { located: true },
  );
}
