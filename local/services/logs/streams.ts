/** Log streams: made, listed, deleted. */
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { page } from "./page.ts";
import { checkedGroupName, groupNameOf, type Logs, type LogStore } from "./store.ts";

export function checkedStreamName(name: string | undefined): string {
  new Constraints("InvalidParameterException")
    .text("logStreamName", name, { required: true, min: 1, max: 512, pattern: /^[^:*]*$/, patternText: "[^:*]*" })
    .check();
  return name ?? "";
}

export function streamHandlers(store: LogStore): Handlers<Logs> {
  return {
    CreateLogStream(input) {
      const name = checkedStreamName(input.logStreamName);
      const group = store.group(checkedGroupName(input.logGroupName));
      if (store.streams(group.name).some((stream) => stream.name === name)) {
        throw new ServiceError("ResourceAlreadyExistsException", "The specified log stream already exists");
      }
      store.addStream(group.name, name);
      return {};
    },

    DeleteLogStream(input) {
      store.deleteStream(store.stream(checkedGroupName(input.logGroupName), checkedStreamName(input.logStreamName)));
      return {};
    },

    DescribeLogStreams(input) {
      const group = groupNameOf(input);
      new Constraints("InvalidParameterException")
        .text("orderBy", input.orderBy, { oneOf: ["LogStreamName", "LastEventTime"] })
        .check();
      const byTime = input.orderBy === "LastEventTime";
      if (byTime && input.logStreamNamePrefix !== undefined) {
        throw new ServiceError(
          "InvalidParameterException",
          "Cannot order by LastEventTime with a logStreamNamePrefix.",
        );
      }
      const found = store
        .streams(group)
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ""))
        .map((stream) => ({ stream, events: store.events(stream) }))
        .sort((a, b) => {
          const byName = a.stream.name < b.stream.name ? -1 : 1;
          return byTime ? (a.events.at(-1)?.timestamp ?? 0) - (b.events.at(-1)?.timestamp ?? 0) || byName : byName;
        });
      const { items, rest } = page(input.descending ? found.toReversed() : found, input.nextToken, input.limit, 50);
      return {
        logStreams: items.map(({ stream, events }) => {
          const first = events[0];
          const last = events.at(-1);
          return {
            logStreamName: stream.name,
            creationTime: stream.createdAt,
            arn: `${store.groupArn(group)}:log-stream:${stream.name}`,
            storedBytes: 0, // No longer reported for streams (LogStream).
            uploadSequenceToken: String(stream.serial).padStart(56, "49"),
            ...(first && last && { firstEventTimestamp: first.timestamp, lastEventTimestamp: last.timestamp }),
            ...(stream.lastIngestion !== undefined && { lastIngestionTime: stream.lastIngestion }),
          };
        }),
        ...rest,
      };
    },
  };
}
