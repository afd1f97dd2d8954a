/** What happened in each state of an execution, told from its history. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { detailsOf, type EventDetails } from "./event-details.ts";

export type Outcome = "running" | "succeeded" | "caught" | "failed" | "aborted" | "timed-out";

export interface StateError {
  readonly at: number;
  readonly error: string;
  readonly cause: string;
}

/** One go at the work of a state; the next one is a retry, after a wait. */
export interface Attempt {
  readonly at: number;
  endedAt: number | undefined;
  error: StateError | undefined;
}

/** How far a Map is. */
export interface Items {
  readonly total: number;
  begun: number;
  succeeded: number;
  failed: number;
}

/** One time that an execution was in a state. */
export interface Visit {
  /** Id of the event with which it began. */
  readonly id: number;
  readonly state: string;
  /** Task, Map, Wait … */
  readonly type: string;
  readonly enteredAt: number;
  readonly input: string;
  /** Which round of the Map around it this belongs to. */
  readonly iteration: number | undefined;
  /** The visit of the Map or Parallel state around it. */
  readonly parent: Visit | undefined;
  exitedAt: number | undefined;
  output: string | undefined;
  /** None of states that do no work of their own. */
  readonly attempts: Attempt[];
  /** Of a Map, in its latest attempt. */
  items: Items | undefined;
  /** ARNs of executions that it started, and of map runs. */
  readonly started: string[];
  readonly errors: StateError[];
  outcome: Outcome;
}

export interface Told {
  /** By the order in which they began. */
  readonly visits: readonly Visit[];
  /** How often the execution went from one state to another, by `from → to`. */
  readonly steps: ReadonlyMap<string, number>;
}

const BEGINS_WORK = /^(Task|LambdaFunction|Activity)Scheduled$|^(ParallelState|MapState)Started$/;
const FAILS = /(Failed|TimedOut)$/;
const SUCCEEDS = /^(Task|LambdaFunction|Activity|ParallelState|MapState|MapRun)Succeeded$/;

/** Reads a history, oldest event first. `status` is that of the execution. */
export function tell(events: readonly HistoryEvent[], status: string): Told {
  const telling = new Telling();
  for (const event of events) telling.add(event);
  telling.end(status);
  return telling;
}

/** A history that is read while it grows. */
export class Telling implements Told {
  readonly visits: Visit[] = [];
  readonly steps = new Map<string, number>();
  /** What an event belongs to. */
  readonly #visitOf = new Map<number, Visit>();
  readonly #iterationOf = new Map<number, number>();
  readonly #typeOf = new Map<number, string>();

  add(event: HistoryEvent): void {
    const { id = 0, previousEventId = 0, type = "" } = event;
    const details = detailsOf(event);
    const before = this.#visitOf.get(previousEventId);
    this.#typeOf.set(id, type);
    if (type.endsWith("StateEntered")) return this.#enter(event, details, before);
    const visit = climb(before, type, details);
    if (!visit) return;
    this.#visitOf.set(id, visit);
    const iteration = this.#iterationOf.get(previousEventId);
    if (type === "MapIterationStarted") this.#iterationOf.set(id, details.index ?? 0);
    else if (iteration !== undefined) this.#iterationOf.set(id, iteration);
    const at = event.timestamp?.getTime() ?? 0;
    countItem(visit, type);
    // The children of a map run are executions of their own: their histories are not in this one.
    if (type === "MapRunStarted") visit.items = undefined;
    visit.started.push(...startedBy(details).filter((arn) => !visit.started.includes(arn)));
    if (type.endsWith("StateExited")) {
      visit.exitedAt = at;
      visit.output = details.output;
      visit.outcome = visit.outcome === "failed" ? "caught" : "succeeded";
    } else if (BEGINS_WORK.test(type)) {
      visit.attempts.push({ at, endedAt: undefined, error: undefined });
      visit.outcome = "running";
      if (type === "MapStateStarted") visit.items = { total: details.length ?? 0, begun: 0, succeeded: 0, failed: 0 };
    } else if (SUCCEEDS.test(type)) {
      visit.outcome = "running";
      endAttempt(visit, at);
    } else if (FAILS.test(type) && !type.startsWith("MapIteration")) {
      visit.outcome = "failed";
      this.#addError(visit, type, details, before, at);
      endAttempt(visit, at, visit.errors.at(-1));
    }
  }

  #addError(visit: Visit, type: string, details: EventDetails, before: Visit | undefined, at: number): void {
    const last = visit.errors.at(-1);
    if (details.error !== undefined) {
      const error = { at, error: details.error, cause: details.cause ?? "" };
      // A failed execution repeats what its last state said, or says what that state's event left out.
      if (type.startsWith("Execution") && last !== undefined) visit.errors.pop();
      visit.errors.push(error);
      return;
    }
    // The events of Parallel and Map states do not say why: what failed inside them does.
    const inner = before === visit ? undefined : before;
    const reason = inner?.errors.at(-1) ?? { error: inner ? `${inner.state} failed` : type, cause: "" };
    visit.errors.push({ ...reason, at });
  }

  #enter(event: HistoryEvent, details: EventDetails, before: Visit | undefined): void {
    const { id = 0, previousEventId = 0, type = "" } = event;
    const isInside = /^(ParallelState|MapState|MapIteration)Started$/.test(this.#typeOf.get(previousEventId) ?? "");
    const iteration = this.#iterationOf.get(previousEventId) ?? before?.iteration;
    const visit: Visit = {
      id,
      state: details.name ?? "",
      type: type.slice(0, -"StateEntered".length),
      enteredAt: event.timestamp?.getTime() ?? 0,
      input: details.input ?? "",
      iteration,
      parent: isInside ? before : before?.parent,
      exitedAt: undefined,
      output: undefined,
      attempts: [],
      items: undefined,
      started: [],
      errors: [],
      outcome: type === "FailStateEntered" ? "failed" : "running",
    };
    this.visits.push(visit);
    this.#visitOf.set(id, visit);
    if (before && !isInside) {
      const step = `${before.state} → ${visit.state}`;
      this.steps.set(step, (this.steps.get(step) ?? 0) + 1);
    }
  }

  /** What was under way when the execution ended did not end by itself. */
  end(status: string): void {
    if (status === "RUNNING") return;
    for (const visit of this.visits) {
      if (visit.exitedAt !== undefined || visit.outcome !== "running") continue;
      visit.outcome = visit.type === "Succeed" ? "succeeded" : status === "TIMED_OUT" ? "timed-out" : "aborted";
    }
  }
}

/** The failure of the whole execution repeats that of its last attempt. */
function endAttempt({ attempts }: Visit, at: number, error?: StateError): void {
  const last = attempts.at(-1);
  if (!last || last.endedAt !== undefined) return;
  last.endedAt = at;
  last.error = error;
}

function countItem({ items }: Visit, type: string): void {
  if (!items) return;
  if (type === "MapIterationStarted") items.begun++;
  else if (type === "MapIterationSucceeded") items.succeeded++;
  else if (type === "MapIterationFailed" || type === "MapIterationAborted") items.failed++;
}

/** Executions are named in what StartExecution answers. */
function startedBy({ mapRunArn, resource, output }: EventDetails): string[] {
  if (mapRunArn !== undefined) return [mapRunArn];
  if (!/^startExecution/i.test(resource ?? "") || output === undefined) return [];
  const arn = /"[Ee]xecutionArn"\s*:\s*"([^"]+)"/.exec(output)?.[1];
  return arn === undefined ? [] : [arn];
}

/** An event of a Map or Parallel state follows one inside it: up to the state that it speaks of. */
function climb(from: Visit | undefined, type: string, details: EventDetails): Visit | undefined {
  const isMeant = type.endsWith("StateExited")
    ? (visit: Visit) => visit.state === details.name
    : type.startsWith("ParallelState")
      ? (visit: Visit) => visit.type === "Parallel"
      : /^Map(State|Iteration|Run)/.test(type)
        ? (visit: Visit) => visit.type === "Map"
        : () => true;
  let visit = from;
  while (visit && !isMeant(visit)) visit = visit.parent;
  return visit;
}
