/** What happens when a state fails: attempts as its Retry says, then its Catch, else the failure goes on. */
import { MAX_PAYLOAD_BYTES, StatesFailure } from "../failure.ts";
import type { Json } from "../json.ts";
import type { Visit } from "../thread.ts";
import { matchesError } from "./matching.ts";
import { nextDelaySeconds } from "./retry.ts";

/** Answers the output of a later attempt or of a Catch (then `visit.next` leads to its state). */
export async function recover(
  visit: Visit,
  error: unknown,
  attempt: (visit: Visit) => Promise<Json> | Json,
): Promise<Json> {
  const { thread, state } = visit;
  for (let failure = failureOf(visit, error); ;) {
    const seconds = nextDelaySeconds(state.retriers, failure, visit.retries, () => thread.host.random());
    if (seconds === undefined) return caught(visit, failure);
    await thread.host.sleep(seconds * 1000, thread.signal);
    visit.retryCount++;
    visit.context = visit.contextNow();
    visit.next = state.next;
    try {
      return await attempt(visit);
    } catch (again) {
      failure = failureOf(visit, again);
    }
  }
}

async function caught(visit: Visit, failure: StatesFailure): Promise<Json> {
  const catcher = visit.state.catchers.find(({ errorEquals }) => matchesError(errorEquals, failure));
  if (!catcher) throw failure;
  visit.next = catcher.next;
  try {
    return await catcher.output(visit, failure);
  } catch (error) {
    throw failureOf(visit, error);
  }
}

/**
 * The failure with its place named and, for a JSONata expression, recorded. What is no StatesFailure (the end of the
 * execution, a defect of the engine) is thrown on: nothing catches it.
 */
export function failureOf(visit: Visit, error: unknown): StatesFailure {
  visit.thread.signal.throwIfAborted();
  if (!(error instanceof StatesFailure)) throw error;
  if (!error.located) return error;
  const reason = `An error occurred while executing the state '${visit.state.name}' (entered at the event id #${visit.enteredEventId}). ${error.reason ?? ""}`;
  if (error.evaluation) {
    visit.thread.record("EvaluationFailed", "evaluationFailedEventDetails", {
      error: error.error,
      cause: reason,
      location: error.evaluation.location,
      state: visit.state.name,
    });
  }
  return new StatesFailure(error.error, shortened(reason), { alsoKnownAs: error.alsoKnownAs });
}

/** Causes are limited to 32,768 characters (API Reference, SensitiveCause). */
const shortened = (text: string): string =>
  text.length > MAX_PAYLOAD_BYTES / 8 ? text.slice(0, MAX_PAYLOAD_BYTES / 8) : text;
