/** How data flows through a state, in either query language. */
import type { Json, JsonObject } from "../json.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Visit } from "../thread.ts";

export type QueryLanguage = "JSONPath" | "JSONata";

/** Where a state stands in the definition, and what holds there. */
export interface Place {
  readonly language: QueryLanguage;
  /** `/States/Name`. */
  readonly path: string;
}

/** Evaluates one field of a state; `data` is what `$` means in JSONPath. */
export type Field = (visit: Visit, data: Json) => MaybePromise<Json>;

export interface Flow {
  /** The input after InputPath; the raw input in JSONata. */
  input(visit: Visit): Json;
  /** What the work gets: Parameters or Arguments. */
  argument(visit: Visit, data: Json): MaybePromise<Json>;
  /** The state's output from the result of its work. Sets `visit.assigned`. */
  finish(visit: Visit, result: Json): MaybePromise<Json>;
  /** The output of a state that hands on its input (Wait, Choice, Succeed). Sets `visit.assigned`. */
  pass(visit: Visit, data: Json): MaybePromise<Json>;
  /** A field that may be computed: `<name>Path` in JSONPath, an expression in JSONata. Undefined when it is absent. */
  field(owner: JsonObject, name: string, prefix?: string): Field | undefined;
  /** A payload: a template with `.$` members in JSONPath, JSON with expressions in JSONata. */
  payload(value: Json, name: string): Field;
}
