/** One line of execution: the state machine itself, a Parallel branch or a Map iteration. */
import type { Host } from "./host.ts";
import type { Json, JsonObject } from "./json.ts";
import type { State } from "./machine.ts";
import type { RetryCounts } from "./recovery/retry.ts";
import type { Scope } from "./scope.ts";

export class Thread {
  readonly host: Host;
  /** Aborted with an ExecutionEnded when the execution ends, or with a SiblingFailed. */
  readonly signal: AbortSignal;
  readonly scope: Scope;
  /** The Context object without State and Task. */
  readonly context: JsonObject;
  /** The outermost thread sets checkpoints. */
  readonly isOutermost: boolean;
  /** The event after which the next one comes. */
  lastEventId: number;
  /** The type of the state the thread is in, for the event that says it was aborted. */
  stateType = "";

  constructor(options: {
    host: Host;
    signal: AbortSignal;
    scope: Scope;
    context: JsonObject;
    lastEventId: number;
    isOutermost?: boolean;
  }) {
    this.host = options.host;
    this.signal = options.signal;
    this.scope = options.scope;
    this.context = options.context;
    this.lastEventId = options.lastEventId;
    this.isOutermost = options.isOutermost ?? false;
  }

  /** Adds an event after the last one of this thread. */
  record(type: string, key?: string, details?: Readonly<Record<string, unknown>>): number {
    this.lastEventId = this.host.record({
      type,
      previousEventId: this.lastEventId,
      ...(key !== undefined && details !== undefined ? { key, details } : {}),
    });
    return this.lastEventId;
  }
}

/** Why a branch ends when another one beside it has failed. */
export class SiblingFailed extends Error {
  constructor() {
    super("Another branch or iteration failed");
    this.name = "SiblingFailed";
  }
}

/** One stay in a state, with all its attempts. */
export class Visit {
  readonly thread: Thread;
  readonly state: State;
  /** The state's raw input. */
  readonly input: Json;
  readonly enteredEventId: number;
  /** The Context object with State, and Task or Map where they apply. */
  context: JsonObject;
  /** Where to go; Choice and Catch change it. Undefined at the end. */
  next: string | undefined;
  /** Variables to be assigned when the state is left. */
  assigned: JsonObject | undefined;
  readonly retries: RetryCounts = [];
  retryCount = 0;
  /** Epoch milliseconds; before a restart, when the execution went on after one. */
  readonly enteredAt: number;
  readonly #enteredTime: string;

  constructor(thread: Thread, state: State, input: Json, enteredEventId: number, enteredAt = thread.host.now()) {
    this.thread = thread;
    this.state = state;
    this.input = input;
    this.enteredEventId = enteredEventId;
    this.enteredAt = enteredAt;
    this.#enteredTime = new Date(enteredAt).toISOString();
    this.next = state.next;
    this.context = this.contextNow();
  }

  /** The Context object of an attempt; more members for Task and Map. */
  contextNow(more: JsonObject = {}): JsonObject {
    const counted = this.state.retriers.length > 0 || this.state.type === "Task" ? { RetryCount: this.retryCount } : {};
    return {
      ...this.thread.context,
      State: { EnteredTime: this.#enteredTime, Name: this.state.name, ...counted },
      ...more,
    };
  }
}
