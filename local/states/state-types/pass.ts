/** Pass: hands on its input, a fixed Result (JSONPath), or what Parameters or Output make of it. */
import { flowOf } from "../flow/index.ts";
import { chain } from "../maybe-promise.ts";
import type { CompileState } from "./index.ts";

export const compilePass: CompileState = (definition, place) => {
  const flow = flowOf(definition, place);
  const result = definition["Result"];
  if (place.language === "JSONata") return (visit) => flow.pass(visit, visit.input);
  if (result !== undefined) return (visit) => flow.finish(visit, result);
  return (visit) => chain(flow.argument(visit, flow.input(visit)), (argument) => flow.finish(visit, argument));
};
