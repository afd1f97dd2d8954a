/** Execution events in CloudWatch Logs, as the machine's logging configuration says (Logging in CloudWatch Logs, developer guide). */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import { withoutData } from "../executions/get-execution-history.ts";
import type { EventRecord, ExecutionRecord, Logging } from "../records.ts";
import { tell } from "./tell.ts";

const FATAL = new Set(["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]);
const ERROR = /(Failed|TimedOut|Aborted)$/;

/** The log of one execution: what is still to be written, in order. */
interface Stream {
  readonly group: string;
  readonly name: string;
  readonly waiting: { timestamp: number; message: string }[];
  isCreated: boolean;
  isBusy: boolean;
}

export class LogWriter {
  readonly #cloud: Cloud;
  readonly #streams = new Map<string, Stream>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  write(record: ExecutionRecord, event: EventRecord): void {
    const { logging } = record.settings;
    const [destination] = logging.destinations;
    if (destination === undefined || !isLogged(logging, event.type)) return;
    const stream = this.#streamOf(record, destination);
    stream.waiting.push({ timestamp: event.timestamp, message: JSON.stringify(entryOf(record, event, logging)) });
    if (record.status !== "RUNNING") this.#streams.delete(record.arn);
    if (stream.isBusy) return;
    stream.isBusy = true;
    tell(this.#cloud, `log of ${record.name}`, () => this.#drain(stream));
  }

  /** One stream for an execution, named by machine and minute as AWS does. */
  #streamOf(record: ExecutionRecord, destination: string): Stream {
    const known = this.#streams.get(record.arn);
    if (known) return known;
    const minute = new Date(record.startDate).toISOString().slice(0, 16).replace(/[T:]/g, "-");
    const name = `states/${record.machineName}/${minute}/${this.#cloud.uuid().slice(0, 8)}`;
    const group = destination.replace(/:\*$/, "").replace(/^.*:log-group:/, "");
    const stream = { group, name, waiting: [], isCreated: false, isBusy: false };
    this.#streams.set(record.arn, stream);
    return stream;
  }

  /** Writes what waits, and what comes meanwhile, as few calls as possible. */
  async #drain(stream: Stream): Promise<void> {
    // What the execution does before it first waits goes into one call.
    await Promise.resolve();
    try {
      while (stream.waiting.length > 0) await this.#put(stream, stream.waiting.splice(0, 10_000));
    } finally {
      stream.isBusy = false;
    }
  }

  /** Log delivery is made by the service itself; the role's permission was checked when the destination was set. */
  async #put(stream: Stream, logEvents: { timestamp: number; message: string }[]): Promise<void> {
    const names = { logGroupName: stream.group, logStreamName: stream.name };
    try {
      if (!stream.isCreated) await this.#cloud.call("logs", "CreateLogStream", names, ACCOUNT);
      stream.isCreated = true;
      await this.#cloud.call("logs", "PutLogEvents", { ...names, logEvents }, ACCOUNT);
    } catch (error) {
      // A group that was deleted gets nothing, and the execution is not disturbed.
      if (!isServiceError(error) || error.name !== "ResourceNotFoundException") throw error;
    }
  }
}

function isLogged({ level }: Logging, type: string): boolean {
  if (level === "ALL") return true;
  if (level === "ERROR") return ERROR.test(type);
  return level === "FATAL" && FATAL.has(type);
}

const entryOf = (
  record: ExecutionRecord,
  event: EventRecord,
  { includeExecutionData }: Logging,
): Record<string, unknown> => ({
  id: String(event.id),
  type: event.type,
  details: event.details ? (includeExecutionData ? event.details : withoutData(event.details)) : {},
  previous_event_id: String(event.previousEventId),
  event_timestamp: String(event.timestamp),
  execution_arn: record.arn,
  redrive_count: String(record.redriveCount),
});
