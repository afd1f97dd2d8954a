/** The items of a Map state that come from its own data, and what ItemSelector makes of each. */
import { runtimeFailure } from "../failure.ts";
import type { Field, Flow, Place } from "../flow/flow.ts";
import { listField } from "../flow/typed-fields.ts";
import { isArray, typeName, type Json, type JsonObject } from "../json.ts";
import { chain, type MaybePromise } from "../maybe-promise.ts";
import type { Visit } from "../thread.ts";

/** ItemSelector of one item: `$$.Map.Item` is there, `$` is the Map state's input. */
export function selected(visit: Visit, selector: Field, input: Json, context: JsonObject): MaybePromise<Json> {
  const before = visit.context;
  visit.context = { ...visit.contextNow(), ...(context["Map"] === undefined ? {} : { Map: context["Map"] }) };
  try {
    return selector(visit, input);
  } finally {
    // Expressions read the context when they are called, before they first wait.
    visit.context = before;
  }
}

/** Items (JSONata) or ItemsPath; by default the whole input, which must be a list. */
export function compileItems(
  definition: JsonObject,
  place: Place,
  flow: Flow,
): (visit: Visit, input: Json) => MaybePromise<readonly Json[]> {
  const given = listField(flow, definition, "Items", place);
  return (visit, input) =>
    chain(given(visit, input), (items) => {
      if (items !== undefined) return items;
      if (isArray(input)) return input;
      throw runtimeFailure(`The Map state needs a list of items, but its input is of type ${typeName(input)}`);
    });
}
