/**
 * The trace header that goes from request to request ("Tracing header", AWS X-Ray), and the lineage in it by which Lambda
 * recognises that a function calls itself in a loop ("Use Lambda recursive loop detection to prevent infinite loops").
 */
import { createHash } from "node:crypto";
import { isSegmentId, isTraceId } from "../../../core/trace-header.ts";

/** An invocation in a chain in which the function has already run this often is not made. */
export const LONGEST_LOOP = 16;

export interface TraceContext {
  /** Value of `_X_AMZN_TRACE_ID` in the function. */
  readonly header: string;
  readonly root: string;
  /** The caller's segment, when it named one. */
  readonly callerId: string | undefined;
  /** Id of the function's own segment. */
  readonly segmentId: string;
  /** Whether the function's segments are recorded. */
  readonly isRecorded: boolean;
  /** How often the function is in the chain, this time included. */
  readonly occurrences: number;
}

/**
 * @param incoming the caller's header, if it sent one; its decision to sample holds.
 * @param uuid 36 characters, from which new ids are made.
 */
export function traceOf(
  incoming: string | undefined,
  functionArn: string,
  isTraced: boolean,
  now: number,
  uuid: string,
): TraceContext {
  const fields = new Map((incoming ?? "").split(";").map((field) => splitOnce(field.trim(), "=")));
  const hex = uuid.replaceAll("-", "");
  const root = fields.get("Root") ?? `1-${Math.floor(now / 1000).toString(16)}-${hex.slice(0, 24)}`;
  const sampled = fields.get("Sampled") ?? (isTraced ? "1" : "0");
  const lineage = new Map((fields.get("Lineage") ?? "").split("|").flatMap(occurrence));
  const key = createHash("sha256").update(functionArn).digest("hex").slice(0, 8);
  const occurrences = (lineage.get(key) ?? 0) + 1;
  lineage.set(key, occurrences);
  const chain = [...lineage].map(([name, count]) => `${name}:${count}`).join("|");
  const segmentId = hex.slice(16);
  const callerId = isSegmentId(fields.get("Parent") ?? "") ? fields.get("Parent") : undefined;
  // Passing through, Lambda records nothing of its own: what the function records hangs on what the caller has recorded.
  const parent = isTraced ? segmentId : (callerId ?? segmentId);
  const isRecorded = isTraced && sampled === "1" && isTraceId(root);
  const header = `Root=${root};Parent=${parent};Sampled=${sampled};Lineage=${chain}`;
  return { header, root, callerId, segmentId, isRecorded, occurrences };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function occurrence(text: string): [string, number][] {
  const [name, count] = splitOnce(text, ":");
  return name === "" ? [] : [[name, Number(count) || 0]];
}
