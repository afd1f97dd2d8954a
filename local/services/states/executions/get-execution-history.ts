/** GetExecutionHistory. */
import type * as SFN from "@aws-sdk/client-sfn";
import type { Handler } from "../../../core/service.ts";
import { page } from "../paging.ts";
import type { EventRecord } from "../records.ts";
import type { Store } from "../store.ts";

/** Members that hold what flows through the execution; left out when the caller does not want it. */
const DATA = new Set(["input", "output", "parameters", "assignedVariables"]);

export const getExecutionHistory =
  (store: Store): Handler<typeof SFN, "GetExecutionHistory"> =>
  ({ executionArn, maxResults, reverseOrder, nextToken, includeExecutionData = true }) => {
    const record = store.execution(executionArn);
    const ids = Array.from({ length: record.events }, (_, index) => (reverseOrder ? record.events - index : index + 1));
    const { items, ...rest } = page(ids, `history ${record.arn} ${reverseOrder ?? false}`, maxResults, nextToken);
    return {
      events: items
        .flatMap((id) => store.event(record.arn, id) ?? [])
        .map((event) => toEvent(event, includeExecutionData)),
      ...rest,
    };
  };

export function toEvent(event: EventRecord, includeData: boolean): SFN.HistoryEvent {
  const { id, previousEventId, timestamp, type, key, details } = event;
  const shown = details && (includeData ? details : withoutData(details));
  // The type and the details' member come from the engine, which knows the API's names.
  return {
    id,
    previousEventId,
    timestamp: new Date(timestamp),
    type: type as SFN.HistoryEventType,
    ...(key && shown ? { [key]: shown } : {}),
  };
}

export const withoutData = (details: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(details).filter(
      ([name]) => !DATA.has(name) && !/^(input|output|assignedVariables)Details$/.test(name),
    ),
  );
