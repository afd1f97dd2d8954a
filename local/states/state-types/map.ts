/** Map: one run of the processor for each item, within the execution (INLINE) or as child executions (DISTRIBUTED). */
import { DefinitionError } from "../failure.ts";
import { compileDistributedMap } from "../distributed/distributed-map.ts";
import { compileItems, selected } from "../distributed/items.ts";
import type { Field, Flow, Place } from "../flow/flow.ts";
import { flowOf } from "../flow/index.ts";
import { integerField } from "../flow/typed-fields.ts";
import { isObject, type JsonObject } from "../json.ts";
import { chain } from "../maybe-promise.ts";
import type { Machine, Run } from "../machine.ts";
import { runStates } from "../run.ts";
import { runSiblings } from "../siblings.ts";
import type { CompileState } from "./index.ts";

/** Inline maps run this many iterations at a time, whatever MaxConcurrency says (Map state in Inline mode, developer guide). */
const MAX_INLINE_CONCURRENCY = 40;

export const compileMap: CompileState = (definition, place, compileMachine) => {
  const key = definition["ItemProcessor"] === undefined ? "Iterator" : "ItemProcessor";
  const raw = definition[key];
  if (!isObject(raw)) throw new DefinitionError(place.path, "These fields are required: [ItemProcessor]");
  const processor = compileMachine(raw, `${place.path}/${key}`, place.language);
  // Parameters is the former name of ItemSelector: it is no payload of the Map state itself.
  const flow = flowOf(
    Object.fromEntries(Object.entries(definition).filter(([name]) => name !== "Parameters" && name !== "Arguments")),
    place,
  );
  const config = isObject(raw["ProcessorConfig"]) ? raw["ProcessorConfig"] : {};
  const selector = selectorOf(definition, flow);
  if (config["Mode"] === "DISTRIBUTED")
    return compileDistributedMap({ definition, place, flow, processor, config, selector });
  return inlineMap(definition, place, flow, processor, selector);
};

function selectorOf(definition: JsonObject, flow: Flow): Field | undefined {
  const name = definition["ItemSelector"] === undefined ? "Parameters" : "ItemSelector";
  const value = definition[name];
  return value === undefined ? undefined : flow.payload(value, name);
}

function inlineMap(
  definition: JsonObject,
  place: Place,
  flow: Flow,
  processor: Machine,
  selector: Field | undefined,
): Run {
  const itemsOf = compileItems(definition, place, flow);
  const concurrency = integerField(flow, definition, "MaxConcurrency", place, { min: 0, max: Number.MAX_SAFE_INTEGER });
  return (visit) => {
    const input = flow.input(visit);
    return chain(itemsOf(visit, input), async (list) => {
      const most = await concurrency(visit, input);
      const { thread } = visit;
      const mapContext = (index: number): JsonObject => ({
        ...thread.context,
        Map: { Item: { Index: index, Value: list[index] ?? null } },
      });
      thread.record("MapStateStarted", "mapStateStartedEventDetails", { length: list.length });
      const outputs = await runSiblings({
        visit,
        count: list.length,
        concurrency: Math.min(most || MAX_INLINE_CONCURRENCY, MAX_INLINE_CONCURRENCY),
        context: mapContext,
        begin: (iteration, index) => {
          iteration.record("MapIterationStarted", "mapIterationStartedEventDetails", { name: visit.state.name, index });
        },
        run: async (iteration, index) => {
          const item = selector ? await selected(visit, selector, input, mapContext(index)) : (list[index] ?? null);
          return runStates(processor, item, iteration);
        },
        end: (iteration, index, how) => {
          const last = iteration.lastEventId;
          iteration.record(`MapIteration${how}`, `mapIteration${how}EventDetails`, { name: visit.state.name, index });
          if (how !== "Succeeded") iteration.lastEventId = last;
        },
      }).catch((error: unknown) => {
        if (!thread.signal.aborted) thread.record("MapStateFailed");
        throw error;
      });
      const last = thread.lastEventId;
      thread.record("MapStateSucceeded");
      // MapStateExited follows the last iteration, as MapStateSucceeded does (recorded histories).
      thread.lastEventId = last;
      return flow.finish(visit, outputs);
    });
  };
}
