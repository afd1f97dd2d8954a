import type { Handler } from "../../core/service.ts";
import type { Segments, XRAY } from "./store.ts";
import { checkIds } from "./trace-ids.ts";

/** Whole traces, each with its documents. Ids of which nothing is known are not answered at all, as on AWS. */
export const batchGetTraces =
  (segments: Segments): Handler<XRAY, "BatchGetTraces"> =>
  ({ TraceIds }) => ({
    Traces: [...new Set(checkIds(TraceIds))].flatMap((Id) => {
      const trace = segments.trace(Id);
      if (!trace) return [];
      return {
        Id,
        Duration: trace.duration,
        LimitExceeded: false,
        Segments: trace.documents.map(({ segment, document }) => ({ Id: segment.id, Document: document })),
      };
    }),
    UnprocessedTraceIds: [],
  });
