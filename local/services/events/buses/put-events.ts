/** PutEvents: up to ten entries, each accepted or refused on its own (PutEvents, EventBridge API Reference). */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import { TRACE_HEADER } from "../../../core/trace-header.ts";
import type { Call, Handler } from "../../../core/service.ts";
import { EventTrace } from "../delivery/event-trace.ts";
import { route } from "../delivery/route.ts";
import { type Bus, type BusEvent, type EventBridgeModule, invalid, type Store } from "../store.ts";

const MOST_ENTRIES = 10;
/** 1 MB since January 2026 ("More room to build: serverless services now support payloads up to 1 MB", AWS Compute Blog). */
const MOST_BYTES = 1024 * 1024;
const LONGEST_TRACE_HEADER = 500;

type Entry = NonNullable<Parameters<Handler<EventBridgeModule, "PutEvents">>[0]["Entries"]>[number];

class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function putEvents(cloud: Cloud, store: Store): Handler<EventBridgeModule, "PutEvents"> {
  return ({ Entries = [] }, call) => {
    if (Entries.length < 1 || Entries.length > MOST_ENTRIES) {
      throw invalid(
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${Entries.length < 1 ? "greater than or equal to 1" : `less than or equal to ${MOST_ENTRIES}`}`,
      );
    }
    const long = Entries.findIndex(({ TraceHeader = "" }) => TraceHeader.length > LONGEST_TRACE_HEADER);
    if (long >= 0)
      throw invalid(
        `1 validation error detected: Value at 'entries.${long + 1}.member.traceHeader' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_TRACE_HEADER}`,
      );
    if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MOST_BYTES)
      throw invalid("Total size of the entries in the request is over the limit.");
    const results = Entries.map((entry) => {
      try {
        const { bus, event } = accept(cloud, store, entry, call);
        // "If you use both, the TraceHeader of the entry is used": it can say more than the header of ten entries together.
        const headers = [entry.TraceHeader, call.headers[TRACE_HEADER]];
        route(cloud, store, bus.name, event, { trace: EventTrace.of(cloud, headers, bus.arn) });
        return { EventId: event.id };
      } catch (error) {
        if (error instanceof Refused) return { ErrorCode: error.code, ErrorMessage: error.message };
        if (isServiceError(error) && error.name !== "AccessDeniedException")
          return { ErrorCode: error.name, ErrorMessage: error.message };
        throw error;
      }
    });
    return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
  };
}

/** 14 bytes for the time, and the UTF-8 length of everything else (Calculating PutEvents event entry size). */
const sizeOf = (entry: Entry): number =>
  (entry.Time ? 14 : 0) +
  [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])].reduce(
    (sum, text) => sum + Buffer.byteLength(text ?? ""),
    0,
  );

function accept(cloud: Cloud, store: Store, entry: Entry, call: Call): { bus: Bus; event: BusEvent } {
  const missing = (["Source", "DetailType", "Detail"] as const).find((name) => !entry[name]);
  if (missing)
    throw new Refused(
      "InvalidArgument",
      `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    );
  const source = entry.Source ?? "";
  const bus = store.bus(entry.EventBusName || undefined);
  call.authorize({
    action: "events:PutEvents",
    resource: bus.arn,
    context: { "events:source": source, "events:detail-type": entry.DetailType ?? "" },
  });
  if (source.startsWith("aws.") && call.principal.kind !== "service") {
    throw new Refused("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  return {
    bus,
    event: {
      version: "0",
      id: cloud.uuid(),
      "detail-type": entry.DetailType ?? "",
      source,
      account: cloud.accountId,
      time: isoSeconds(entry.Time?.getTime() ?? cloud.clock.now()),
      region: cloud.region,
      resources: entry.Resources ?? [],
      detail: parseDetail(entry.Detail ?? ""),
    },
  };
}

export const isoSeconds = (moment: number): string => new Date(moment).toISOString().replace(/\.\d+Z$/, "Z");

function parseDetail(text: string): Readonly<Record<string, unknown>> {
  let detail: unknown;
  try {
    detail = JSON.parse(text);
  } catch {
    throw new Refused("MalformedDetail", "Detail is malformed.");
  }
  if (typeof detail !== "object" || detail === null || Array.isArray(detail))
    throw new Refused("MalformedDetail", "Detail is malformed.");
  return detail as Readonly<Record<string, unknown>>;
}
