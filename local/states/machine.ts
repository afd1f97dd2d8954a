/** Compiles a definition: every path, template, rule and expression once, for all executions. */
import { DefinitionError } from "./failure.ts";
import type { Place, QueryLanguage } from "./flow/flow.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import { compileCatchers, type Catcher } from "./recovery/catch.ts";
import { compileRetriers, type Retrier } from "./recovery/retry.ts";
import { STATE_TYPES } from "./state-types/index.ts";
import type { Visit } from "./thread.ts";

export interface State {
  readonly name: string;
  readonly type: string;
  /** Undefined for terminal states. */
  readonly next: string | undefined;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
  /** One attempt: the state's output. Throws or rejects with StatesFailure. */
  readonly run: Run;
}

export type Run = (visit: Visit) => MaybePromise<Json>;

/** A state machine, a Parallel branch or a Map processor. */
export interface Machine {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
  readonly timeoutSeconds: number | undefined;
  readonly definition: JsonObject;
  readonly language: QueryLanguage;
}

/** Throws DefinitionError. `path` is where the machine stands within the whole definition. */
export function compileMachine(definition: Json, path = "", inherited: QueryLanguage = "JSONPath"): Machine {
  if (!isObject(definition)) throw new DefinitionError(path || "/", "Definition must be a valid JSON object");
  const language = languageOf(definition["QueryLanguage"], inherited, path);
  const { StartAt: startAt, States: raw } = definition;
  const missing = [...(isObject(raw) ? [] : ["States"]), ...(typeof startAt === "string" ? [] : ["StartAt"])];
  if (!isObject(raw) || typeof startAt !== "string")
    throw new DefinitionError(path || "/", `These fields are required: [${missing.join(", ")}]`);
  const states = new Map(
    Object.entries(raw).map(([name, state]) => [
      name,
      compileState(name, state, { language, path: `${path}/States/${name}` }),
    ]),
  );
  if (!states.has(startAt))
    throw new DefinitionError(`${path}/StartAt`, "MISSING_TRANSITION_TARGET: Missing 'Next' target: " + startAt);
  const timeout = definition["TimeoutSeconds"];
  return { startAt, states, timeoutSeconds: typeof timeout === "number" ? timeout : undefined, definition, language };
}

function compileState(name: string, definition: Json, place: Place): State {
  if (!isObject(definition)) throw new DefinitionError(place.path, "A state must be an object");
  const type = definition["Type"];
  const compile = typeof type === "string" && Object.hasOwn(STATE_TYPES, type) ? STATE_TYPES[type] : undefined;
  if (!compile || typeof type !== "string")
    throw new DefinitionError(`${place.path}/Type`, `Value is not a known state type: ${String(type)}`);
  const own: Place = {
    language: languageOf(definition["QueryLanguage"], place.language, place.path),
    path: place.path,
  };
  const next = definition["Next"];
  return {
    name,
    type,
    next: typeof next === "string" ? next : undefined,
    retriers: compileRetriers(definition["Retry"], `${place.path}/Retry`),
    catchers: compileCatchers(definition["Catch"], own),
    run: compile(definition, own, compileMachine),
  };
}

function languageOf(value: Json | undefined, inherited: QueryLanguage, path: string): QueryLanguage {
  if (value === undefined) return inherited;
  if (value !== "JSONPath" && value !== "JSONata")
    throw new DefinitionError(`${path}/QueryLanguage`, "Value is not one of [JSONPath, JSONata]");
  if (value === "JSONPath" && inherited === "JSONata")
    throw new DefinitionError(
      path,
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    );
  return value;
}
