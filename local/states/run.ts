/** The loop that leads a thread from state to state. */
import { dataLimitExceeded, MAX_PAYLOAD_BYTES, StatesFailure } from "./failure.ts";
import { type Json, type JsonObject } from "./json.ts";
import type { Machine, State } from "./machine.ts";
import { isPromise } from "./maybe-promise.ts";
import { recover } from "./recovery/recover.ts";
import { Visit, type Thread } from "./thread.ts";

/** After so many states without waiting the rest of the process gets its turn. */
const STATES_PER_TURN = 256;

/** Where a thread goes on after a restart. */
export interface Start {
  readonly state: string;
  readonly enteredAt: number;
}

/** Runs from a state to the end and answers the output. Rejects with the StatesFailure that nothing caught, or the signal's reason. */
export async function runStates(machine: Machine, input: Json, thread: Thread, start?: Start): Promise<Json> {
  let state = stateNamed(machine, start?.state ?? machine.startAt);
  let enteredAt = start?.enteredAt ?? thread.host.now();
  let data = input;
  let text = JSON.stringify(input);
  for (let transitions = 1; ; transitions++) {
    if (transitions % STATES_PER_TURN === 0) await thread.host.breathe();
    thread.signal.throwIfAborted();
    if (thread.isOutermost) {
      thread.host.checkpoint?.({
        state: state.name,
        input: data,
        variables: thread.scope.own,
        previousEventId: thread.lastEventId,
        enteredAt,
      });
    }
    const visit = enter(thread, state, data, text, enteredAt);
    let output: Json;
    try {
      const pending = state.run(visit);
      output = isPromise(pending) ? await pending : pending;
      text = checked(output, state.name);
    } catch (error) {
      output = await recover(visit, error, async (again) => {
        const retried = await state.run(again);
        checked(retried, state.name);
        return retried;
      });
      text = checked(output, state.name);
    }
    leave(visit, text);
    data = output;
    if (visit.next === undefined) return data;
    state = stateNamed(machine, visit.next);
    enteredAt = thread.host.now();
  }
}

function enter(thread: Thread, state: State, input: Json, text: string, enteredAt: number): Visit {
  thread.stateType = state.type;
  // The first event of an execution's first state names 0 as its predecessor, not ExecutionStarted.
  const previousEventId = thread.isOutermost && thread.lastEventId === 1 ? 0 : thread.lastEventId;
  thread.lastEventId = thread.host.record({
    type: `${state.type}StateEntered`,
    previousEventId,
    key: "stateEnteredEventDetails",
    details: { name: state.name, input: text, inputDetails: { truncated: false } },
  });
  return new Visit(thread, state, input, thread.lastEventId, enteredAt);
}

function leave(visit: Visit, text: string): void {
  const { thread, state, assigned } = visit;
  if (assigned) thread.scope.assign(assigned);
  thread.record(`${state.type}StateExited`, "stateExitedEventDetails", {
    name: state.name,
    output: text,
    outputDetails: { truncated: false },
    ...(assigned ? { assignedVariables: texts(assigned), assignedVariablesDetails: { truncated: false } } : {}),
  });
}

function texts(variables: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const text = JSON.stringify(value);
      if (isTooLarge(text))
        throw new StatesFailure(
          "States.DataLimitExceeded",
          `The variable '${name}' exceeds the maximum number of bytes service limit.`,
        );
      return [name, text];
    }),
  );
}

/** The output as text. Throws States.DataLimitExceeded above 256 KiB. */
function checked(output: Json, stateName: string): string {
  const text = JSON.stringify(output);
  if (isTooLarge(text)) throw dataLimitExceeded(stateName);
  return text;
}

/** Counting the bytes is only needed where three bytes a character might not fit. */
export const isTooLarge = (text: string): boolean =>
  text.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(text) > MAX_PAYLOAD_BYTES;

function stateNamed(machine: Machine, name: string): State {
  const state = machine.states.get(name);
  if (!state) throw new StatesFailure("States.Runtime", `There is no state '${name}'`);
  return state;
}
