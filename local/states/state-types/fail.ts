/** Fail: ends the machine with Error and Cause, written or computed. */
import { StatesFailure } from "../failure.ts";
import { flowOf } from "../flow/index.ts";
import { textField } from "../flow/typed-fields.ts";
import { all, chain } from "../maybe-promise.ts";
import type { CompileState } from "./index.ts";

export const compileFail: CompileState = (definition, place) => {
  const flow = flowOf({}, place);
  const error = textField(flow, definition, "Error", place);
  const cause = textField(flow, definition, "Cause", place);
  return (visit) =>
    chain(all([error(visit, visit.input), cause(visit, visit.input)]), ([name, reason]) => {
      throw new StatesFailure(name, reason);
    });
};
