/** Events onto a bus. */
import { PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { eventbridge } from "../clients/eventbridge.ts";
import { entryAt, writeAll } from "./write-all.ts";

export interface OutgoingEvent {
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
  readonly resources?: readonly string[];
}

/** Codes that come from load or from a fault of the service; any other says that the entry is wrong. */
const passing = new Set(["InternalFailure", "InternalException", "ThrottlingException", "ServiceUnavailable"]);

/**
 * Puts all events, ten a call, and answers their ids in the order given. Throws EntriesLeft; events that were taken stay taken,
 * so the consumers have to know duplicates when the caller tries again.
 */
export async function putEvents(events: readonly OutgoingEvent[]): Promise<readonly string[]> {
  const ids: string[] = [];
  await writeAll(
    events.map((event, position) => ({ position, entry: entryOf(event) })),
    {
      most: 10,
      mostBytes: 262_144,
      bytesOf: ({ entry }) => Buffer.byteLength(JSON.stringify(entry)),
      async send(chunk) {
        const { Entries = [] } = await eventbridge.send(
          new PutEventsCommand({ Entries: chunk.map(({ entry }) => entry) }),
        );
        return Entries.flatMap(({ EventId, ErrorCode }, index) => {
          const entry = entryAt(chunk, index);
          if (ErrorCode !== undefined) return [{ entry, code: ErrorCode, isFinal: !passing.has(ErrorCode) }];
          ids[entry.position] = EventId ?? "";
          return [];
        });
      },
    },
  );
  return ids;
}

function entryOf({ bus, source, detailType, detail, resources }: OutgoingEvent): PutEventsRequestEntry {
  return {
    EventBusName: bus,
    Source: source,
    DetailType: detailType,
    Detail: JSON.stringify(detail),
    ...(resources ? { Resources: [...resources] } : {}),
  };
}
