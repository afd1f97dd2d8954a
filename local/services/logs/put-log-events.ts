/** Takes log events in, and tells metric filters, subscriptions and embedded metrics of them. */
import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import type { Ingestion } from "./ingestion.ts";
import { EVENT_OVERHEAD, type Logs, type LogStore } from "./store.ts";
import { checkedGroupName } from "./store.ts";
import { checkedStreamName } from "./streams.ts";

const MOST_BYTES = 1_048_576;
const MOST_EVENTS = 10_000;
const DAY = 86_400_000;
const OLDEST = 14 * DAY;
const NEWEST = 2 * 3_600_000;

export const putLogEvents =
  (store: LogStore, ingestion: Ingestion): Handler<Logs, "PutLogEvents"> =>
  (input) => {
    const groupName = checkedGroupName(input.logGroupName);
    const streamName = checkedStreamName(input.logStreamName);
    const events = readEvents(input.logEvents);
    const stream = store.stream(groupName, streamName);
    const now = store.cloud.clock.now();
    const horizon = store.horizon(store.group(groupName));

    const tooNew = events.findIndex(({ timestamp }) => timestamp > now + NEWEST);
    const tooOld = events.findLastIndex(({ timestamp }) => timestamp < now - OLDEST);
    const expired = events.findLastIndex(({ timestamp }) => timestamp < horizon);
    const taken = events.slice(Math.max(tooOld, expired) + 1, tooNew < 0 ? undefined : tooNew);
    if (taken.length > 0) {
      store.append(stream, taken);
      ingestion.ingested(groupName, streamName, taken);
    }
    const rejected = {
      ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
      ...(tooOld >= 0 && { tooOldLogEventEndIndex: tooOld + 1 }),
      ...(expired >= 0 && { expiredLogEventEndIndex: expired + 1 }),
    };
    return {
      // Kept for old clients, which send it back; nothing depends on it any more (PutLogEvents).
      nextSequenceToken: String(stream.events.length).padStart(56, "49"),
      ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
    };
  };

function readEvents(input: readonly { timestamp?: number | undefined; message?: string | undefined }[] | undefined) {
  const constraints = new Constraints("InvalidParameterException").list("logEvents", input, {
    required: true,
    min: 1,
    max: MOST_EVENTS,
  });
  for (const [index, event] of (input ?? []).entries()) {
    constraints.number(`logEvents.${index + 1}.member.timestamp`, event.timestamp, { required: true, min: 0 });
    constraints.text(`logEvents.${index + 1}.member.message`, event.message, { required: true, min: 1 });
  }
  constraints.check();
  const events = (input ?? []).map(({ timestamp = 0, message = "" }) => ({ timestamp, message }));

  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD, 0);
  const refuse = (message: string): never => {
    throw new ServiceError("InvalidParameterException", message);
  };
  if (bytes > MOST_BYTES) refuse(`Upload too large: ${bytes} bytes exceeds limit of ${MOST_BYTES}`);
  if (events.some(({ timestamp }, i) => timestamp < (events[i - 1]?.timestamp ?? 0))) {
    refuse("Log events in a single PutLogEvents request must be in chronological order.");
  }
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) > DAY) {
    refuse("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
  return events;
}
