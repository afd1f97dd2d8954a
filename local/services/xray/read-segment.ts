/** Checks a segment document as X-Ray does when it takes one ("AWS X-Ray segment documents", required fields and limits). */
import type { Segment } from "../../core/segment.ts";
import { isSegmentId, isTraceId } from "../../core/trace-header.ts";

/** "Segment documents can be up to 64 kB in size." */
const LARGEST_DOCUMENT = 64 * 1024;
const LONGEST_NAME = 200;

export type Read =
  | { readonly segment: Segment }
  /** `id` is that of the document, where it has one. */
  | { readonly id: string | undefined; readonly code: string };

export function readSegment(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { id: undefined, code: "ParseError" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { id: undefined, code: "ParseError" };
  const fields = value as Readonly<Record<string, unknown>>;
  const id = typeof fields["id"] === "string" ? fields["id"] : undefined;
  const code = Buffer.byteLength(text) > LARGEST_DOCUMENT ? "SegmentTooLarge" : defectOf(fields);
  // defectOf has looked at every member that everything else relies on.
  return code === undefined ? { segment: value as Segment } : { id, code };
}

function defectOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const { id, name, trace_id: traceId, parent_id: parentId, start_time: start, end_time: end } = fields;
  if (id === undefined || id === "") return "MissingId";
  if (typeof id !== "string" || !isSegmentId(id)) return "InvalidId";
  if (traceId === undefined || traceId === "") return "MissingTraceId";
  if (typeof traceId !== "string" || !isTraceId(traceId)) return "InvalidTraceId";
  if (parentId !== undefined && (typeof parentId !== "string" || !isSegmentId(parentId))) return "InvalidParentId";
  if (fields["type"] === "subsegment" && parentId === undefined) return "MissingParentId";
  return defectOfPart({ id, name, start_time: start, end_time: end, ...fields });
}

/** Of a segment or subsegment, and of those within it. */
function defectOfPart(fields: Readonly<Record<string, unknown>>): string | undefined {
  const { id, name, start_time: start, end_time: end, in_progress: isInProgress, subsegments } = fields;
  if (typeof id !== "string" || !isSegmentId(id)) return "InvalidId";
  if (typeof name !== "string" || name === "") return "MissingName";
  if (name.length > LONGEST_NAME) return "InvalidName";
  if (typeof start !== "number" || !Number.isFinite(start)) return "MissingStartTime";
  if (end === undefined ? isInProgress !== true : typeof end !== "number" || !Number.isFinite(end))
    return "MissingEndTime";
  if (subsegments === undefined) return undefined;
  if (!Array.isArray(subsegments)) return "ParseError";
  for (const inner of subsegments as readonly unknown[]) {
    const isObject = typeof inner === "object" && inner !== null;
    const code = isObject ? defectOfPart(inner as Readonly<Record<string, unknown>>) : "ParseError";
    if (code !== undefined) return code;
  }
  return undefined;
}
