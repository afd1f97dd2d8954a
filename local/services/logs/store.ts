/** Log groups, streams and events. */
import type * as SDK from "@aws-sdk/client-cloudwatch-logs";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { StoredMap } from "../../core/storage.ts";
import { Constraints } from "../constraints.ts";

export type Logs = typeof SDK;

export interface Group {
  readonly name: string;
  readonly createdAt: number;
  readonly retentionDays?: number | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly class: SDK.LogGroupClass;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogEvent {
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
  /** Unique and, among events of one moment, in the order of arrival. */
  readonly id: string;
}

/** What one call put into a stream. Kept as it came, so that a journal writes every event once. */
interface Batch {
  readonly group: string;
  readonly stream: string;
  readonly events: readonly LogEvent[];
}

export interface Stream {
  readonly group: string;
  readonly name: string;
  readonly createdAt: number;
  readonly serial: number;
  /** By timestamp, then arrival. */
  events: LogEvent[];
  bytes: number;
  lastIngestion: number | undefined;
}

type StoredStream = Pick<Stream, "group" | "name" | "createdAt" | "serial">;

/** Each event is billed and limited with this many bytes beside its text (PutLogEvents). */
export const EVENT_OVERHEAD = 26;

export class LogStore {
  readonly cloud: Cloud;
  readonly groups: StoredMap<Group>;
  readonly #storedStreams: StoredMap<StoredStream>;
  readonly #batches: StoredMap<Batch>;
  readonly #streams = new Map<string, Map<string, Stream>>();
  #serial = 0;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.groups = cloud.storage.map("logs.groups");
    this.#storedStreams = cloud.storage.map("logs.streams");
    this.#batches = cloud.storage.map("logs.batches");
    for (const stream of this.#storedStreams.values()) {
      this.#remember({ ...stream, events: [], bytes: 0, lastIngestion: undefined });
      this.#serial = Math.max(this.#serial, stream.serial);
    }
    for (const [key, { group, stream, events }] of this.#batches.entries()) {
      const found = this.#streams.get(group)?.get(stream);
      if (found) insert(found, events);
      this.#serial = Math.max(this.#serial, Number(key));
    }
  }

  group(name: string | undefined): Group {
    return this.groups.get(name ?? "") ?? notFound("The specified log group does not exist.");
  }

  stream(group: string | undefined, name: string | undefined): Stream {
    const streams = this.#streams.get(this.group(group).name);
    return streams?.get(name ?? "") ?? notFound("The specified log stream does not exist.");
  }

  streams(group: string): readonly Stream[] {
    return [...(this.#streams.get(this.group(group).name)?.values() ?? [])];
  }

  addStream(group: string, name: string): void {
    const stored = { group, name, createdAt: this.cloud.clock.now(), serial: ++this.#serial };
    this.#storedStreams.set(`${group}\n${name}`, stored);
    this.#remember({ ...stored, events: [], bytes: 0, lastIngestion: undefined });
  }

  append(stream: Stream, events: readonly { timestamp: number; message: string }[]): void {
    const ingestedAt = this.cloud.clock.now();
    const added = events.map(({ timestamp, message }) => ({
      timestamp,
      message,
      ingestedAt,
      id: this.#eventId(timestamp),
    }));
    this.#batches.set(String(++this.#serial), { group: stream.group, stream: stream.name, events: added });
    insert(stream, added);
  }

  deleteStream(stream: Stream): void {
    this.#streams.get(stream.group)?.delete(stream.name);
    this.#storedStreams.delete(`${stream.group}\n${stream.name}`);
    this.#dropBatches((batch) => batch.group === stream.group && batch.stream === stream.name);
  }

  deleteGroup(name: string): void {
    this.groups.delete(name);
    for (const stream of this.#streams.get(name)?.keys() ?? []) this.#storedStreams.delete(`${name}\n${stream}`);
    this.#streams.delete(name);
    this.#dropBatches((batch) => batch.group === name);
  }

  /** The moment before which a group's events are gone. */
  horizon(group: Group): number {
    return group.retentionDays === undefined
      ? Number.NEGATIVE_INFINITY
      : this.cloud.clock.now() - group.retentionDays * 86_400_000;
  }

  /** Events of a stream that retention has not taken yet. */
  events(stream: Stream): readonly LogEvent[] {
    const horizon = this.horizon(this.group(stream.group));
    const first = stream.events[0];
    return first === undefined || first.timestamp >= horizon
      ? stream.events
      : stream.events.filter(({ timestamp }) => timestamp >= horizon);
  }

  /** Frees what retention has taken. */
  sweep(): void {
    for (const group of this.groups.values()) {
      const horizon = this.horizon(group);
      for (const stream of this.#streams.get(group.name)?.values() ?? []) {
        stream.events = stream.events.filter(({ timestamp }) => timestamp >= horizon);
        stream.bytes = stream.events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD, 0);
      }
      this.#dropBatches(
        (batch) => batch.group === group.name && batch.events.every(({ timestamp }) => timestamp < horizon),
      );
    }
  }

  groupArn(name: string): string {
    return this.cloud.arn("logs", `log-group:${name}`);
  }

  #remember(stream: Stream): void {
    const streams = this.#streams.get(stream.group) ?? new Map<string, Stream>();
    this.#streams.set(stream.group, streams.set(stream.name, stream));
  }

  // 56 digits, as AWS's are; later events of one moment have higher ids.
  #eventId(timestamp: number): string {
    return `3${String(timestamp).padStart(15, "0")}${String(++this.#serial).padStart(40, "0")}`;
  }

  #dropBatches(isGone: (batch: Batch) => boolean): void {
    for (const [key, batch] of this.#batches.entries()) if (isGone(batch)) this.#batches.delete(key);
  }
}

function insert(stream: Stream, events: readonly LogEvent[]): void {
  const last = stream.events.at(-1)?.timestamp ?? Number.NEGATIVE_INFINITY;
  const isLate = (events[0]?.timestamp ?? last) < last;
  for (const event of events) {
    stream.events.push(event);
    stream.bytes += Buffer.byteLength(event.message) + EVENT_OVERHEAD;
    stream.lastIngestion = event.ingestedAt;
  }
  if (isLate) stream.events.sort(inOrder);
}

export const inOrder = (a: LogEvent, b: LogEvent): number => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1);

function notFound(message: string): never {
  throw new ServiceError("ResourceNotFoundException", message);
}

export function checkedGroupName(name: string | undefined): string {
  new Constraints("InvalidParameterException")
    .text("logGroupName", name, {
      required: true,
      min: 1,
      max: 512,
      pattern: /^[.\-_/#A-Za-z0-9]+$/,
      patternText: "[\\.\\-_/#A-Za-z0-9]+",
    })
    .check();
  return name ?? "";
}

/** The group's name from a name or an ARN (`logGroupIdentifier`). Throws InvalidParameterException without either. */
export function groupNameOf(input: {
  logGroupName?: string | undefined;
  logGroupIdentifier?: string | undefined;
}): string {
  if (input.logGroupName !== undefined && input.logGroupIdentifier !== undefined) {
    throw new ServiceError("InvalidParameterException", "LogGroupName and LogGroupIdentifier cannot be used together.");
  }
  return checkedGroupName(input.logGroupName ?? nameInArn(input.logGroupIdentifier));
}

/** `arn:aws:logs:r:a:log-group:NAME:*` → `NAME`; a name stays as it is. */
export const nameInArn = (identifier: string | undefined): string | undefined =>
  identifier?.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, "").replace(/:\*$/, "");
