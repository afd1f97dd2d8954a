/** What executions share: the store, the tokens of waiting tasks, activities, and what tells the outside world about them. */
import type { Cloud } from "../../core/cloud.ts";
import { Activities } from "./tasks/activities.ts";
import { TaskTokens } from "./tasks/tokens.ts";
import { Execution } from "./executions/execution.ts";
import type { ExecutionRecord } from "./records.ts";
import { Store } from "./store.ts";
import { tellExecution } from "./telemetry/execution-trace.ts";
import { EventSender } from "./telemetry/events.ts";
import { LogWriter } from "./telemetry/logs.ts";
import { MetricSender } from "./telemetry/metrics.ts";

export class Services {
  readonly store: Store;
  readonly tokens: TaskTokens;
  readonly activities: Activities;
  readonly logs: LogWriter;
  /** Executions at work, by ARN. */
  readonly running = new Map<string, Execution>();
  readonly #metrics: MetricSender;
  readonly #events: EventSender;

  constructor(cloud: Cloud) {
    this.store = new Store(cloud);
    this.tokens = new TaskTokens(cloud);
    this.activities = new Activities();
    this.logs = new LogWriter(cloud);
    this.#metrics = new MetricSender(cloud);
    this.#events = new EventSender(cloud);
  }

  /** Begins an execution, or takes it up again. */
  run(record: ExecutionRecord, definition = this.store.definition(record.definitionId)): Execution {
    const execution = new Execution(this, record, this.store.compiled(definition));
    this.running.set(record.arn, execution);
    execution.start();
    return execution;
  }

  executionStarted({ record, isStandard, principal }: Execution): void {
    tellExecution(this.store.cloud, record, [], principal);
    if (record.mapRunArn !== undefined) return;
    this.#metrics.started(record);
    if (isStandard) this.#events.changed(record);
  }

  executionEnded({ record, isStandard, events, principal }: Execution): void {
    this.running.delete(record.arn);
    tellExecution(this.store.cloud, record, isStandard ? this.store.eventsOf(record) : events, principal);
    if (record.mapRunArn !== undefined) return;
    this.#metrics.ended(record);
    if (isStandard) this.#events.changed(record);
  }

  /** After a restart: Standard executions go on at the state they were in. */
  resume(): void {
    for (const record of this.store.executions()) {
      if (record.status !== "RUNNING") continue;
      // A child execution is started again by the Map state of its parent, which begins anew.
      if (record.mapRunArn === undefined) this.run(record);
      else this.#abandon(record);
    }
  }

  stop(): void {
    for (const execution of this.running.values()) execution.suspend();
  }

  #abandon(record: ExecutionRecord): void {
    record.status = "ABORTED";
    record.stopDate = this.store.now();
    this.store.keep(record);
  }
}
