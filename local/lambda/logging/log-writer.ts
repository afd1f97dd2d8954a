/** Writes the log of an environment to CloudWatch Logs, as the function's role: a role that may not loses its logs, as on AWS. */
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError } from "../../core/errors.ts";
import { asRole, type Principal } from "../../core/principal.ts";
import type { FunctionSpec, LogEvent } from "../function-spec.ts";

/** "PutLogEvents": 10,000 events and 1,048,576 bytes a call, 26 bytes of overhead an event. */
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;
const OVERHEAD = 26;
/** Longer lines are split ("CloudWatch Logs quotas": event size 1 MB). */
const LONGEST_LINE = 256 * 1024;

export class LogWriter {
  readonly #cloud: Cloud;
  readonly #streams = new Set<string>();
  readonly #warned = new Set<string>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Never rejects: an invocation does not fail because its log cannot be written. */
  async write(spec: FunctionSpec, stream: string, events: readonly LogEvent[]): Promise<void> {
    if (events.length === 0) return;
    const as = asRole(spec.roleArn, spec.name);
    try {
      if (!this.#streams.has(stream)) {
        await this.#createStream(spec.logging.group, stream, as);
        this.#streams.add(stream);
      }
      for (const batch of batches(events)) {
        const logEvents = batch.map(({ at, text }) => ({ timestamp: at, message: text }));
        await this.#put(spec.logging.group, stream, logEvents, as);
      }
    } catch (error) {
      this.#warn(spec, error);
    }
  }

  async #put(
    group: string,
    stream: string,
    logEvents: { timestamp: number; message: string }[],
    as: Principal,
  ): Promise<void> {
    const input = { logGroupName: group, logStreamName: stream, logEvents };
    try {
      await this.#cloud.call("logs", "PutLogEvents", input, as);
    } catch (error) {
      // Somebody deleted the group meanwhile.
      if (!isNotFound(error)) throw error;
      await this.#createStream(group, stream, as);
      await this.#cloud.call("logs", "PutLogEvents", input, as);
    }
  }

  /** Makes the group too when it is not there, which needs a permission of its own. */
  async #createStream(group: string, stream: string, as: Principal): Promise<void> {
    const input = { logGroupName: group, logStreamName: stream };
    try {
      await this.#cloud.call("logs", "CreateLogStream", input, as);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await this.#cloud.call("logs", "CreateLogGroup", { logGroupName: group }, as).catch(unlessThere);
      await this.#cloud.call("logs", "CreateLogStream", input, as).catch(unlessThere);
    }
  }

  /** Once for each function and reason. */
  #warn(spec: FunctionSpec, error: unknown): void {
    const message = isServiceError(error) ? error.message : String(error);
    const key = `${spec.name} ${message}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#cloud.log.warn(`The log of ${spec.name} is lost: ${message}`);
  }
}

const isNotFound = (error: unknown): boolean => isServiceError(error) && error.name === "ResourceNotFoundException";

function unlessThere(error: unknown): void {
  if (!isServiceError(error) || error.name !== "ResourceAlreadyExistsException") throw error;
}

function* batches(events: readonly LogEvent[]): Iterable<LogEvent[]> {
  let batch: LogEvent[] = [];
  let bytes = 0;
  for (const event of events.flatMap(split)) {
    const size = Buffer.byteLength(event.text) + OVERHEAD;
    if (batch.length === MOST_EVENTS || (batch.length > 0 && bytes + size > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function split(event: LogEvent): LogEvent[] {
  // CloudWatch Logs refuses empty messages.
  if (event.text === "") return [];
  if (event.text.length <= LONGEST_LINE / 4) return [event];
  const pieces: LogEvent[] = [];
  for (let at = 0; at < event.text.length; at += LONGEST_LINE / 4)
    pieces.push({ at: event.at, text: event.text.slice(at, at + LONGEST_LINE / 4) });
  return pieces;
}
