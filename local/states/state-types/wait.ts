/** Wait: for Seconds, or until a Timestamp. */
import { parseTimestamp } from "../choice/timestamp.ts";
import { DefinitionError, runtimeFailure } from "../failure.ts";
import { flowOf } from "../flow/index.ts";
import { integerField, textField } from "../flow/typed-fields.ts";
import { all, chain } from "../maybe-promise.ts";
import type { CompileState } from "./index.ts";

/** The longest wait, in seconds (Wait state, Amazon States Language). */
const MAX_SECONDS = 99_999_999;

export const compileWait: CompileState = (definition, place) => {
  const flow = flowOf(definition, place);
  const seconds = integerField(flow, definition, "Seconds", place, { min: 0, max: MAX_SECONDS });
  const timestamp = textField(flow, definition, "Timestamp", place);
  const given = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"].filter(
    (name) => definition[name] !== undefined,
  );
  if (given.length !== 1)
    throw new DefinitionError(
      place.path,
      "Exactly one of [Seconds, SecondsPath, Timestamp, TimestampPath] is required",
    );
  return (visit) => {
    const { host, signal } = visit.thread;
    const input = flow.input(visit);
    return chain(
      all([
        seconds(visit, input),
        chain(timestamp(visit, input), (text) => (text === undefined ? undefined : momentOf(text))),
      ]),
      async ([duration, moment]) => {
        const until = duration === undefined ? (moment ?? 0) : visit.enteredAt + duration * 1000;
        const milliseconds = until - host.now();
        if (milliseconds > 0) await host.sleep(milliseconds, signal);
        return flow.pass(visit, input);
      },
    );
  };
};

function momentOf(text: string): number {
  const moment = parseTimestamp(text);
  if (moment === undefined) throw runtimeFailure(`The Timestamp value '${text}' is not a valid ISO 8601 timestamp`);
  return moment;
}
