/** A trace as rows: every segment with its subsegments below it, and below each what it called. */
import type { Segment } from "../../../core/segment.ts";
import { type Part, Trace } from "../trace.ts";

export type Outcome = "ok" | "error" | "throttle" | "fault" | "open";

export interface Row {
  readonly id: string;
  /** How far it is below the request that came in. */
  readonly depth: number;
  readonly name: string;
  /** `AWS::Lambda::Function` of a segment, `aws` or `remote` of a call, empty of anything else. */
  readonly kind: string;
  readonly isSegment: boolean;
  /** From the beginning of the trace. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly outcome: Outcome;
  /** Why it failed, as far as it says. */
  readonly reason: string | undefined;
}

export interface Timeline {
  readonly traceId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly rows: readonly Row[];
}

export function timelineOf(traceId: string, documents: readonly string[]): Timeline {
  const trace = new Trace(
    traceId,
    // X-Ray has checked them when it took them.
    documents.map((document) => ({ document, segment: JSON.parse(document) as Segment })),
  );
  const below = Map.groupBy(trace.parts.values(), ({ parentId }) =>
    parentId !== undefined && trace.parts.has(parentId) ? parentId : "",
  );
  const rows: Row[] = [];
  const seen = new Set<string>();
  const visit = (found: Part, depth: number): void => {
    // A circle of parents would never end.
    if (seen.has(found.part.id)) return;
    seen.add(found.part.id);
    rows.push(rowOf(found, depth, trace.startedAt));
    for (const inner of inOrder(below.get(found.part.id))) visit(inner, depth + 1);
  };
  for (const first of inOrder(below.get(""))) visit(first, 0);
  for (const { part } of rows.length < trace.parts.size ? inOrder([...trace.parts.values()]) : [])
    visit(trace.parts.get(part.id) as Part, 0);
  const durationMs = milliseconds(trace.endedAt - trace.startedAt);
  return { traceId, startedAt: 1000 * trace.startedAt, durationMs, rows };
}

const inOrder = (parts: readonly Part[] = []): readonly Part[] =>
  parts.toSorted((a, b) => a.part.start_time - b.part.start_time || endOf(a) - endOf(b));

const endOf = ({ part }: Part): number => part.end_time ?? Infinity;

function rowOf({ part, isSegment }: Part, depth: number, startedAt: number): Row {
  const end = part.end_time ?? part.start_time;
  const exception = typeof part.cause === "object" ? part.cause.exceptions?.[0] : undefined;
  const reason = exception && [exception.type, exception.message].filter(Boolean).join(": ").slice(0, 300);
  return {
    id: part.id,
    depth,
    name: part.name,
    kind: part.origin ?? part.namespace ?? "",
    isSegment,
    startMs: milliseconds(part.start_time - startedAt),
    durationMs: milliseconds(end - part.start_time),
    outcome: part.in_progress
      ? "open"
      : part.fault
        ? "fault"
        : part.throttle
          ? "throttle"
          : part.error
            ? "error"
            : "ok",
    reason: reason || undefined,
  };
}

/** To a tenth: segments say seconds with many digits. */
const milliseconds = (seconds: number): number => Math.round(seconds * 10_000) / 10;
