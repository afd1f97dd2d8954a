/** The state of the service. */
import { createHash } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { StoredMap } from "../../core/storage.ts";
import { compileMachine, type Machine } from "../../states/machine.ts";
import { checkExecutionArn, readMachineArn } from "./arns.ts";
import type {
  ActivityRecord,
  AliasRecord,
  EventRecord,
  ExecutionRecord,
  MachineRecord,
  MapRunRecord,
  Settings,
  VersionRecord,
} from "./records.ts";

/** Ended executions are kept, and their names taken, for so long (Quotas, developer guide). */
export const RETENTION_MS = 90 * 86_400_000;
const EVENTS_PER_CHUNK = 100;

export class Store {
  readonly cloud: Cloud;
  readonly machines: StoredMap<MachineRecord>;
  readonly versions: StoredMap<VersionRecord>;
  readonly aliases: StoredMap<AliasRecord>;
  readonly activities: StoredMap<ActivityRecord>;
  readonly mapRuns: StoredMap<MapRunRecord>;
  readonly #executions: StoredMap<ExecutionRecord>;
  readonly #definitions: StoredMap<string>;
  readonly #history: StoredMap<EventRecord[]>;
  readonly #compiled = new Map<string, Machine>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.machines = cloud.storage.map("states.machines");
    this.versions = cloud.storage.map("states.versions");
    this.aliases = cloud.storage.map("states.aliases");
    this.activities = cloud.storage.map("states.activities");
    this.mapRuns = cloud.storage.map("states.mapRuns");
    this.#executions = cloud.storage.map("states.executions");
    this.#definitions = cloud.storage.map("states.definitions");
    this.#history = cloud.storage.map("states.history");
  }

  now(): number {
    return this.cloud.clock.now();
  }

  /** Throws InvalidArn or StateMachineDoesNotExist. */
  machine(arn: string | undefined): MachineRecord {
    return this.machines.get(readMachineArn(arn).machine) ?? missing(arn);
  }

  /** Throws StateMachineDoesNotExist. */
  version(arn: string): VersionRecord {
    return this.versions.get(arn) ?? missing(arn);
  }

  versionsOf(machineArn: string): VersionRecord[] {
    return [...this.versions.values()]
      .filter((version) => version.machineArn === machineArn)
      .sort((a, b) => b.number - a.number);
  }

  aliasesOf(machineArn: string): AliasRecord[] {
    return [...this.aliases.values()]
      .filter((alias) => alias.machineArn === machineArn)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws InvalidArn or ExecutionDoesNotExist. */
  execution(arn: string | undefined): ExecutionRecord {
    const record = this.executionAt(checkExecutionArn(arn));
    if (!record) throw new ServiceError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
    return record;
  }

  /** Undefined also when its time is over. */
  executionAt(arn: string): ExecutionRecord | undefined {
    const record = this.#executions.get(arn);
    if (!record || record.stopDate === undefined || record.stopDate + RETENTION_MS > this.now()) return record;
    this.#forget(record);
    return undefined;
  }

  executions(): IterableIterator<ExecutionRecord> {
    return this.#executions.values();
  }

  keep(record: ExecutionRecord): void {
    this.#executions.set(record.arn, record);
  }

  /**
   * Adds an event to the history of a Standard execution. What a killed process wrote beyond the execution's checkpoint never
   * happened: the event takes its place.
   */
  addEvent(arn: string, event: EventRecord): void {
    const key = `${arn}#${Math.floor((event.id - 1) / EVENTS_PER_CHUNK)}`;
    const chunk = this.#history.get(key) ?? [];
    chunk.length = Math.min(chunk.length, (event.id - 1) % EVENTS_PER_CHUNK);
    chunk.push(event);
    this.#history.set(key, chunk);
  }

  /** The event of that id, counted from 1. */
  event(arn: string, id: number): EventRecord | undefined {
    return this.#history.get(`${arn}#${Math.floor((id - 1) / EVENTS_PER_CHUNK)}`)?.[(id - 1) % EVENTS_PER_CHUNK];
  }

  /** The whole history, oldest event first. */
  *eventsOf({ arn, events }: Pick<ExecutionRecord, "arn" | "events">): IterableIterator<EventRecord> {
    for (let id = 1; id <= events; id++) {
      const event = this.event(arn, id);
      if (event) yield event;
    }
  }

  /** Keeps a definition once, however many executions have it. */
  keepDefinition(definition: string): string {
    const id = createHash("sha256").update(definition).digest("hex");
    if (!this.#definitions.has(id)) this.#definitions.set(id, definition);
    return id;
  }

  definition(id: string): string {
    return this.#definitions.get(id) ?? "{}";
  }

  /** Compiled once for each text. Throws DefinitionError. */
  compiled(definition: string): Machine {
    const known = this.#compiled.get(definition);
    if (known) return known;
    const machine = compileMachine(JSON.parse(definition));
    if (this.#compiled.size > 500) this.#compiled.clear();
    this.#compiled.set(definition, machine);
    return machine;
  }

  /** What a version, an alias (by its weights) or the machine itself would run now. */
  resolve(arn: string | undefined): {
    machine: MachineRecord;
    settings: Settings;
    versionArn?: string;
    aliasArn?: string;
  } {
    const { qualifier } = readMachineArn(arn);
    const machine = this.machine(arn);
    if (qualifier === undefined || arn === undefined) return { machine, settings: machine.settings };
    const alias = this.aliases.get(arn);
    if (!alias) return { machine, settings: this.version(arn).settings, versionArn: arn };
    const versionArn = pick(alias, this.cloud.random());
    return { machine, settings: this.version(versionArn).settings, versionArn, aliasArn: arn };
  }

  #forget(record: ExecutionRecord): void {
    this.#executions.delete(record.arn);
    for (let chunk = 0; chunk * EVENTS_PER_CHUNK < record.events; chunk++)
      this.#history.delete(`${record.arn}#${chunk}`);
  }
}

/** The version that a draw in [0, 1) falls to. */
export function pick({ routing }: Pick<AliasRecord, "routing">, draw: number): string {
  let upTo = 0;
  for (const { versionArn, weight } of routing) {
    upTo += weight / 100;
    if (draw < upTo) return versionArn;
  }
  return routing.at(-1)?.versionArn ?? "";
}

const missing = (arn: string | undefined): never => {
  throw new ServiceError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn ?? ""}'`);
};
