/** Runs a definition on virtual time with made-up tasks: for the tests of the engine. */
import { VirtualClock } from "../clock/virtual-clock.ts";
import { StatesFailure } from "./failure.ts";
import type { Checkpoint, Host, MapRuns, NewEvent, TaskRequest } from "./host.ts";
import type { Json, JsonObject } from "./json.ts";
import { compileMachine, type Machine } from "./machine.ts";
import { runStates } from "./run.ts";
import { Scope } from "./scope.ts";
import { Thread } from "./thread.ts";

export interface Recorded extends NewEvent {
  readonly id: number;
  readonly at: number;
}

export interface Executed {
  readonly output: Json | undefined;
  readonly failure: StatesFailure | undefined;
  readonly events: readonly Recorded[];
  readonly checkpoints: readonly Checkpoint[];
  /** Virtual seconds from start to end. */
  readonly seconds: number;
}

export interface TestWorld {
  readonly task?: (request: TaskRequest, sleep: (seconds: number) => Promise<void>) => Promise<Json> | Json;
  readonly random?: () => number;
  readonly mapRuns?: (host: Host) => MapRuns;
  readonly variables?: JsonObject;
  readonly startAt?: string;
}

const EPOCH = Date.parse("2026-01-02T03:04:05.678Z");
export const CONTEXT: JsonObject = {
  Execution: { Id: "arn:aws:states:eu-north-1:000000000000:execution:test:one", Name: "one", RedriveCount: 0 },
  StateMachine: { Id: "arn:aws:states:eu-north-1:000000000000:stateMachine:test", Name: "test" },
};

export async function execute(definition: Json | Machine, input: Json = {}, world: TestWorld = {}): Promise<Executed> {
  const machine = isMachine(definition) ? definition : compileMachine(definition);
  const clock = new VirtualClock((label, error) => {
    throw new Error(label, { cause: error });
  }, EPOCH);
  const events: Recorded[] = [];
  const checkpoints: Checkpoint[] = [];
  let uuids = 0;
  const host: Host = {
    now: () => clock.now(),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, { signal }),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    uuid: () => `00000000-0000-4000-8000-${String(uuids++).padStart(12, "0")}`,
    random: world.random ?? (() => 0.5),
    taskToken: () => `token-${uuids++}`,
    task: async (request) => {
      const { promise, reject } = Promise.withResolvers<never>();
      request.signal.addEventListener("abort", () => reject(request.signal.reason), { once: true });
      const work = Promise.resolve().then(
        () => world.task?.(request, (seconds) => clock.sleep(seconds * 1000)) ?? request.argument,
      );
      return Promise.race([work, promise]);
    },
    record: (event) => {
      events.push({ ...event, id: events.length + 1, at: clock.now() - EPOCH });
      return events.length;
    },
    checkpoint: (at) => void checkpoints.push(at),
  };
  const complete: Host = world.mapRuns ? { ...host, mapRuns: world.mapRuns(host) } : host;
  complete.record({ type: "ExecutionStarted", previousEventId: 0 });
  const thread = new Thread({
    host: complete,
    signal: new AbortController().signal,
    scope: new Scope(undefined, world.variables),
    context: CONTEXT,
    lastEventId: 1,
    isOutermost: true,
  });
  const start = world.startAt === undefined ? undefined : { state: world.startAt, enteredAt: EPOCH };
  const ended = runStates(machine, input, thread, start).then(
    (output) => ({ output, failure: undefined }),
    (error: unknown) => {
      if (error instanceof StatesFailure) return { output: undefined, failure: error };
      throw error;
    },
  );
  try {
    const result = await clock.waiting(ended);
    return { ...result, events, checkpoints, seconds: (clock.now() - EPOCH) / 1000 };
  } finally {
    clock.stop();
  }
}

const isMachine = (value: Json | Machine): value is Machine =>
  typeof value === "object" && value !== null && "states" in value && value.states instanceof Map;

/** A machine of one state, which ends. */
export const only = (state: JsonObject, language?: "JSONata"): JsonObject => ({
  ...(language ? { QueryLanguage: language } : {}),
  StartAt: "Only",
  States: {
    Only:
      state["Type"] === "Choice" || state["Type"] === "Fail" || state["Type"] === "Succeed"
        ? state
        : { End: true, ...state },
  },
});
