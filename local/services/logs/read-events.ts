/** Log events read back: of one stream, or of a whole group by a pattern. */
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { compileFilterPattern } from "./filter-pattern/index.ts";
import { page } from "./page.ts";
import { groupNameOf, inOrder, type LogEvent, type Logs, type LogStore } from "./store.ts";
import { checkedStreamName } from "./streams.ts";

const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;

export function readHandlers(store: LogStore): Handlers<Logs> {
  return {
    GetLogEvents(input) {
      const stream = store.stream(groupNameOf(input), checkedStreamName(input.logStreamName));
      new Constraints("InvalidParameterException").number("limit", input.limit, { min: 1, max: MOST_EVENTS }).check();
      const all = store.events(stream).filter(within(input.startTime, input.endTime));
      const [direction, id] = tokenParts(input.nextToken);
      const forward = direction === undefined ? (input.startFromHead ?? false) : direction === "f";
      const limit = input.limit ?? MOST_EVENTS;
      // A token names the last event seen, so that events which arrive later are found by it.
      const after = id === undefined ? 0 : all.findLastIndex((event) => place(event) <= id) + 1;
      const before = id === undefined ? all.length : all.findIndex((event) => place(event) >= id);
      const chosen = forward
        ? fitting(all.slice(after, after + limit))
        : fitting(
            all
              .slice(Math.max(0, (before < 0 ? all.length : before) - limit), before < 0 ? undefined : before)
              .toReversed(),
          ).toReversed();
      const first = chosen[0];
      const last = chosen.at(-1);
      // With nothing found both tokens stay where they are: that is how callers know the end (GetLogEvents).
      return {
        events: chosen.map(({ timestamp, message, ingestedAt }) => ({ timestamp, message, ingestionTime: ingestedAt })),
        nextForwardToken: `f/${last ? place(last) : (id ?? "0")}/s`,
        nextBackwardToken: `b/${first ? place(first) : (id ?? "0")}/s`,
      };
    },

    FilterLogEvents(input) {
      const group = groupNameOf(input);
      if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined) {
        throw new ServiceError(
          "InvalidParameterException",
          "logStreamNames and logStreamNamePrefix cannot be used together.",
        );
      }
      new Constraints("InvalidParameterException")
        .list("logStreamNames", input.logStreamNames, { min: 1, max: 100 })
        .text("filterPattern", input.filterPattern, { max: 1024 })
        .check();
      const streams = input.logStreamNames
        ? input.logStreamNames.map((name) => store.stream(group, name))
        : store.streams(group).filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ""));
      const pattern = compileFilterPattern(input.filterPattern ?? "");
      const isWithin = within(input.startTime, input.endTime);
      const found = streams
        .flatMap((stream) =>
          store
            .events(stream)
            .filter(isWithin)
            .map((event) => ({ event, stream: stream.name })),
        )
        .filter(({ event }) => pattern.match(event.message) !== undefined)
        .sort((a, b) => inOrder(a.event, b.event));
      const { items, rest } = page(found, input.nextToken, input.limit, MOST_EVENTS);
      return {
        events: items.map(({ event, stream }) => ({
          logStreamName: stream,
          timestamp: event.timestamp,
          message: event.message,
          ingestionTime: event.ingestedAt,
          eventId: event.id,
        })),
        searchedLogStreams: [],
        ...rest,
      };
    },
  };
}

/** The start is included, the end is not. */
const within =
  (start: number | undefined, end: number | undefined) =>
  (event: LogEvent): boolean =>
    event.timestamp >= (start ?? 0) && event.timestamp < (end ?? Number.POSITIVE_INFINITY);

// Sorts as events do: by timestamp, then arrival. Ids begin with the timestamp.
const place = (event: LogEvent): string => event.id;

function tokenParts(token: string | undefined): readonly [string | undefined, string | undefined] {
  if (token === undefined) return [undefined, undefined];
  const [, direction, id] = /^([fb])\/(\d+)\/s$/.exec(token) ?? [];
  if (direction === undefined || id === undefined)
    throw new ServiceError("InvalidParameterException", "The specified nextToken is invalid.");
  return [direction, id];
}

function fitting(events: readonly LogEvent[]): readonly LogEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ message }) => (bytes += Buffer.byteLength(message)) > MOST_BYTES);
  return end < 0 ? events : events.slice(0, Math.max(1, end));
}
