/** One execution at work: the engine's host, its history, its end. */
import { asRole, type Principal } from "../../../core/principal.ts";
import { ExecutionEnded, StatesFailure } from "../../../states/failure.ts";
import type { Host, NewEvent } from "../../../states/host.ts";
import type { Json, JsonObject } from "../../../states/json.ts";
import type { Machine } from "../../../states/machine.ts";
import { runStates } from "../../../states/run.ts";
import { Scope } from "../../../states/scope.ts";
import { Thread } from "../../../states/thread.ts";
import { performTask } from "../integrations/index.ts";
import { mapRunsOf } from "../map-runs/map-runs.ts";
import type { EventRecord, ExecutionRecord } from "../records.ts";
import type { Services } from "../services.ts";
import { contextOf } from "./context.ts";

/** A Standard execution has at most this many events (Quotas, developer guide). */
const MAX_EVENTS = 25_000;
/** An Express execution ends after five minutes. */
const EXPRESS_SECONDS = 300;
/** What an Express execution could do in its five minutes at most: virtual time stands still while states merely compute. */
const MAX_EXPRESS_EVENTS = 1_000_000;

export class Execution {
  readonly record: ExecutionRecord;
  readonly machine: Machine;
  readonly services: Services;
  readonly ended: Promise<ExecutionRecord>;
  /** History of an execution that is not kept (Express). */
  readonly events: EventRecord[] = [];
  readonly #controller = new AbortController();
  readonly #end: (record: ExecutionRecord) => void;
  #isOver = false;

  constructor(services: Services, record: ExecutionRecord, machine: Machine) {
    this.services = services;
    this.record = record;
    this.machine = machine;
    const { promise, resolve } = Promise.withResolvers<ExecutionRecord>();
    this.ended = promise;
    this.#end = resolve;
  }

  get isStandard(): boolean {
    return this.record.settings.type === "STANDARD";
  }

  /** Task calls are made as the machine's role; the session bears the execution's name. */
  get principal(): Principal {
    return asRole(this.record.settings.roleArn, this.record.name.slice(0, 64));
  }

  /** Begins, or goes on where the checkpoint is. Comes back at once. */
  start(): void {
    const { clock } = this.services.store.cloud;
    // Detached from the call that starts it: computing takes microtasks only, everything else holds time by itself.
    clock.background(`execution ${this.record.name}`, () => {
      void this.#run();
      return Promise.resolve();
    });
  }

  /** Ends the execution from outside. */
  stop(ended: ExecutionEnded): void {
    this.#controller.abort(ended);
  }

  /** Ends the work without an end of the execution: it goes on after a restart. */
  suspend(): void {
    this.#isOver = true;
    this.#controller.abort(new Error("The local cloud stops"));
  }

  async #run(): Promise<void> {
    const host = this.#host();
    this.services.executionStarted(this);
    if (this.record.events === 0) this.#recordStart();
    const { checkpoint } = this.record;
    // What an interrupted run did in the state it was in is not in the history: the state is entered anew.
    if (checkpoint) this.record.events = checkpoint.previousEventId;
    const thread = new Thread({
      host,
      signal: this.#controller.signal,
      scope: new Scope(undefined, checkpoint?.variables),
      context: contextOf(this.record),
      lastEventId: checkpoint?.previousEventId ?? this.record.events,
      isOutermost: true,
    });
    const cancelTimeout = this.#limitTime();
    try {
      const output = await runStates(this.machine, checkpoint?.input ?? parse(this.record.input), thread, checkpoint);
      this.#succeed(output, thread.lastEventId);
    } catch (error) {
      this.#fail(error, thread.lastEventId);
    } finally {
      cancelTimeout();
    }
  }

  #recordStart(): void {
    const { input, settings, versionArn, aliasArn } = this.record;
    this.#add({
      type: "ExecutionStarted",
      previousEventId: 0,
      key: "executionStartedEventDetails",
      details: {
        input,
        inputDetails: { truncated: false },
        roleArn: settings.roleArn,
        ...(versionArn === undefined ? {} : { stateMachineVersionArn: versionArn }),
        ...(aliasArn === undefined ? {} : { stateMachineAliasArn: aliasArn }),
      },
    });
  }

  #limitTime(): () => void {
    const own = this.machine.timeoutSeconds ?? Infinity;
    const seconds = Math.min(own, this.isStandard ? Infinity : EXPRESS_SECONDS);
    if (seconds === Infinity) return () => undefined;
    const { clock } = this.services.store.cloud;
    const due = (this.record.redriveDate ?? this.record.startDate) + seconds * 1000;
    return clock.at(due, () => this.stop(new ExecutionEnded("TIMED_OUT", "States.Timeout")));
  }

  #host(): Host {
    const { cloud } = this.services.store;
    const { clock } = cloud;
    const host: Host = {
      now: () => clock.now(),
      sleep: (milliseconds, signal) => clock.sleep(milliseconds, { signal }),
      breathe: async () => {
        const release = clock.hold(`execution ${this.record.name}`);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        release();
      },
      uuid: () => cloud.uuid(),
      random: () => cloud.random(),
      taskToken: () => this.services.tokens.create(),
      task: (request) => performTask(this, request),
      record: (event) => this.#record(event),
      checkpoint: (at) => {
        this.record.checkpoint = at;
        this.#keep();
      },
    };
    return this.isStandard ? { ...host, mapRuns: mapRunsOf(this) } : host;
  }

  /** Events of the engine. The last place in the history is kept for the execution's end. */
  #record(event: NewEvent): number {
    if (this.#isOver) return this.record.events;
    const most = this.isStandard ? MAX_EVENTS - 1 : MAX_EXPRESS_EVENTS;
    if (this.record.events >= most) {
      const ended = this.isStandard
        ? new ExecutionEnded(
            "FAILED",
            "States.Runtime",
            `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
          )
        : new ExecutionEnded("TIMED_OUT", "States.Timeout");
      this.stop(ended);
      throw ended;
    }
    return this.#add(event);
  }

  #add(event: NewEvent): number {
    const { store } = this.services;
    this.record.events++;
    const entry: EventRecord = { ...event, id: this.record.events, timestamp: store.now() };
    if (this.isStandard) store.addEvent(this.record.arn, entry);
    else this.events.push(entry);
    this.services.logs.write(this.record, entry);
    if (event.key === "stateEnteredEventDetails" || event.key === "stateExitedEventDetails") this.#signal();
    return this.record.events;
  }

  #succeed(output: Json, lastEventId: number): void {
    if (this.#controller.signal.aborted) return this.#fail(this.#controller.signal.reason, lastEventId);
    const text = JSON.stringify(output);
    this.record.status = "SUCCEEDED";
    this.record.output = text;
    this.#finish("ExecutionSucceeded", lastEventId, { output: text, outputDetails: { truncated: false } });
  }

  #fail(error: unknown, lastEventId: number): void {
    if (this.#isOver) return;
    const { status, error: name, reason } = this.#endOf(error);
    this.record.status = status;
    this.record.error = name;
    this.record.cause = reason;
    const type =
      status === "ABORTED" ? "ExecutionAborted" : status === "TIMED_OUT" ? "ExecutionTimedOut" : "ExecutionFailed";
    // An end from outside follows no event (recorded histories).
    const previous = status === "FAILED" ? lastEventId : 0;
    this.#finish(type, previous, {
      ...(name === undefined ? {} : { error: name }),
      ...(reason === undefined ? {} : { cause: reason }),
    });
  }

  #endOf(error: unknown): {
    status: "FAILED" | "ABORTED" | "TIMED_OUT";
    error: string | undefined;
    reason: string | undefined;
  } {
    const { signal } = this.#controller;
    const cause: unknown = signal.aborted ? signal.reason : error;
    if (cause instanceof ExecutionEnded) return cause;
    if (cause instanceof StatesFailure) return { status: "FAILED", error: cause.error, reason: cause.reason };
    this.services.store.cloud.log.error(`Execution ${this.record.arn} failed by a defect of the local cloud`, cause);
    return {
      status: "FAILED",
      error: "States.Runtime",
      reason: `Internal error: ${cause instanceof Error ? cause.message : String(cause)}`,
    };
  }

  #finish(type: string, previousEventId: number, details: JsonObject): void {
    const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
    this.record.stopDate = this.services.store.now();
    this.#add({ type, previousEventId, key, details });
    this.#isOver = true;
    if (this.record.status === "SUCCEEDED") this.record.checkpoint = undefined;
    this.#keep();
    this.#signal();
    this.services.executionEnded(this);
    this.#end(this.record);
  }

  #keep(): void {
    if (this.isStandard) this.services.store.keep(this.record);
  }

  #signal(): void {
    this.services.store.cloud.signals.emit("states.execution", {
      executionArn: this.record.arn,
      status: this.record.status,
    });
  }
}

// The input was checked to be JSON when the execution was started.
const parse = (text: string): Json => JSON.parse(text);
