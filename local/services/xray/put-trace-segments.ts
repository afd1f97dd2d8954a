import type { UnprocessedTraceSegment } from "@aws-sdk/client-xray";
import type { Handler } from "../../core/service.ts";
import { readSegment } from "./read-segment.ts";
import { invalidRequest, type Segments, type XRAY } from "./store.ts";

/** What the daemon sends at once. */
export const MOST_DOCUMENTS = 50;

/** Each document is taken or refused on its own. */
export const putTraceSegments =
  (segments: Segments): Handler<XRAY, "PutTraceSegments"> =>
  ({ TraceSegmentDocuments: documents }) => {
    if (documents === undefined || documents.length === 0)
      throw invalidRequest("TraceSegmentDocuments must contain at least one segment document.");
    if (documents.length > MOST_DOCUMENTS)
      throw invalidRequest(`TraceSegmentDocuments must contain at most ${MOST_DOCUMENTS} segment documents.`);
    const UnprocessedTraceSegments: UnprocessedTraceSegment[] = [];
    for (const document of documents) {
      const read = readSegment(document);
      if ("segment" in read) segments.put(read.segment, document);
      else
        UnprocessedTraceSegments.push({
          ...(read.id !== undefined && { Id: read.id }),
          ErrorCode: read.code,
          Message: `Invalid segment. ErrorCode: ${read.code}`,
        });
    }
    return { UnprocessedTraceSegments };
  };
