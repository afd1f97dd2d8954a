/** Execution events in CloudWatch Logs, as the machine's logging configuration says (Logging in CloudWatch Logs, developer guide). */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import { withoutData } from "../executions/get-execution-history.ts";
import type { EventRecord, ExecutionRecord, Logging } from "../records.ts";
import { tell } from "./tell.ts";

const FATAL = new Set(["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]);
const ERROR = /(Failed|TimedOut|Aborted)$/;

export class LogWriter {
  readonly #cloud: Cloud;
  readonly #streams = new Map<string, string>();
  /** Log events that wait for the next turn, by group. */
  readonly #waiting = new Map<string, { stream: string; messages: { timestamp: number; message: string }[] }>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  write(record: ExecutionRecord, event: EventRecord): void {
    const { logging } = record.settings;
    const [destination] = logging.destinations;
    if (destination === undefined || !isLogged(logging, event.type)) return;
    const group = destination.replace(/:\*$/, "").replace(/^.*:log-group:/, "");
    const key = `${group} ${record.arn}`;
    const batch = this.#waiting.get(key) ?? { stream: this.#streamOf(record), messages: [] };
    batch.messages.push({ timestamp: event.timestamp, message: JSON.stringify(entryOf(record, event, logging)) });
    if (this.#waiting.has(key)) return;
    this.#waiting.set(key, batch);
    tell(this.#cloud, `log of ${record.name}`, async () => {
      this.#waiting.delete(key);
      await this.#put(group, batch.stream, batch.messages);
    });
    if (record.status !== "RUNNING") this.#streams.delete(record.arn);
  }

  /** One stream for an execution, named by machine and minute as AWS does. */
  #streamOf(record: ExecutionRecord): string {
    const known = this.#streams.get(record.arn);
    if (known !== undefined) return known;
    const minute = new Date(record.startDate).toISOString().slice(0, 16).replace(/[T:]/g, "-");
    const stream = `states/${record.machineName}/${minute}/${this.#cloud.uuid().slice(0, 8)}`;
    this.#streams.set(record.arn, stream);
    return stream;
  }

  /** Log delivery is made by the service itself; the role's permission was checked when the destination was set. */
  async #put(
    logGroupName: string,
    logStreamName: string,
    messages: { timestamp: number; message: string }[],
  ): Promise<void> {
    try {
      await this.#cloud.call("logs", "CreateLogStream", { logGroupName, logStreamName }, ACCOUNT);
    } catch (error) {
      // A group that was deleted gets nothing, and the execution is not disturbed; a stream may be there from before.
      if (isServiceError(error) && error.name === "ResourceNotFoundException") return;
      if (!isServiceError(error) || error.name !== "ResourceAlreadyExistsException") throw error;
    }
    await this.#cloud.call("logs", "PutLogEvents", { logGroupName, logStreamName, logEvents: messages }, ACCOUNT);
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
