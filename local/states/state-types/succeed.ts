/** Succeed: ends the machine (or branch) with its input or Output. */
import { flowOf } from "../flow/index.ts";
import type { CompileState } from "./index.ts";

export const compileSucceed: CompileState = (definition, place) => {
  const flow = flowOf(definition, place);
  return (visit) => flow.pass(visit, flow.input(visit));
};
