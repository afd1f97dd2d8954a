/** Parallel: all branches with the same input; the result is the list of their outputs. */
import { DefinitionError } from "../failure.ts";
import { flowOf } from "../flow/index.ts";
import { isArray } from "../json.ts";
import { chain } from "../maybe-promise.ts";
import { runStates } from "../run.ts";
import { runSiblings } from "../siblings.ts";
import type { CompileState } from "./index.ts";

export const compileParallel: CompileState = (definition, place, compileMachine) => {
  const raw = definition["Branches"];
  if (!isArray(raw) || raw.length === 0)
    throw new DefinitionError(`${place.path}/Branches`, "Branches must be a non-empty array");
  const branches = raw.map((branch, index) =>
    compileMachine(branch, `${place.path}/Branches[${index}]`, place.language),
  );
  const flow = flowOf(definition, place);
  return (visit) =>
    chain(flow.argument(visit, flow.input(visit)), async (argument) => {
      const { thread } = visit;
      thread.record("ParallelStateStarted");
      const outputs = await runSiblings({
        visit,
        count: branches.length,
        concurrency: branches.length,
        context: () => thread.context,
        run: async (branchThread, index) => {
          const branch = branches[index];
          return branch ? runStates(branch, argument, branchThread) : null;
        },
      }).catch((error: unknown) => {
        if (!thread.signal.aborted) thread.record("ParallelStateFailed");
        throw error;
      });
      const last = thread.lastEventId;
      thread.record("ParallelStateSucceeded");
      // ParallelStateExited follows the last event inside the branches, as ParallelStateSucceeded does.
      thread.lastEventId = last;
      return flow.finish(visit, outputs);
    });
};
