/** The trace ids that an operation is asked for. */
import { isTraceId } from "../../core/trace-header.ts";
import { invalidRequest } from "./store.ts";

/** "Array Members: … Maximum number of 5 items" (BatchGetTraces); GetTraceGraph takes no more either. */
const MOST_IDS = 5;

/** Throws InvalidRequestException. */
export function checkIds(ids: readonly string[] | undefined): readonly string[] {
  if (ids === undefined || ids.length === 0) throw invalidRequest("TraceIds must contain at least one trace id.");
  if (ids.length > MOST_IDS) throw invalidRequest(`TraceIds must contain at most ${MOST_IDS} trace ids.`);
  const wrong = ids.find((id) => !isTraceId(id));
  if (wrong !== undefined) throw invalidRequest(`Invalid trace id: ${wrong.slice(0, 35)}`);
  return ids;
}
