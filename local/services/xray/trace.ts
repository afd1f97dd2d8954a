/** One trace: its segments, put together from the documents in which they came. */
import type { Segment, Subsegment } from "../../core/segment.ts";
import type { StoredSegment } from "./store.ts";

/** A segment or subsegment, wherever it stands. */
export interface Part {
  readonly part: Subsegment & Partial<Pick<Segment, "origin" | "resource_arn">>;
  /** Subsegments belong to a segment; one whose segment has not come belongs to nobody yet. */
  readonly owner: Segment | undefined;
  /** Of the part around it, or of the one that made the request. */
  readonly parentId: string | undefined;
  readonly isSegment: boolean;
}

export class Trace {
  readonly id: string;
  readonly documents: readonly StoredSegment[];
  /** All segments and subsegments, by id. */
  readonly parts: ReadonlyMap<string, Part>;

  constructor(id: string, documents: readonly StoredSegment[]) {
    this.id = id;
    this.documents = documents;
    const parts = new Map<string, Part>();
    const ownerOf = (parentId: string | undefined, depth = 0): Segment | undefined => {
      const parent = documents.find(({ segment }) => holds(segment, parentId))?.segment;
      // A circle of parents has no owner.
      if (!parent || parent.type !== "subsegment" || depth > documents.length) return parent;
      return ownerOf(parent.parent_id, depth + 1);
    };
    for (const { segment } of documents) {
      const isSegment = segment.type !== "subsegment";
      const owner = isSegment ? segment : ownerOf(segment.parent_id);
      add(parts, { part: segment, owner, parentId: segment.parent_id, isSegment });
    }
    this.parts = parts;
  }

  get segments(): Segment[] {
    return this.documents.flatMap(({ segment }) => (segment.type === "subsegment" ? [] : [segment]));
  }

  /** Where the request came in: the segment whose parent is not in the trace, the earliest of them. */
  get root(): Segment | undefined {
    return this.segments
      .filter(({ parent_id: parent }) => parent === undefined || !this.parts.has(parent))
      .sort((a, b) => a.start_time - b.start_time)[0];
  }

  get startedAt(): number {
    return Math.min(...this.documents.map(({ segment }) => segment.start_time));
  }

  get endedAt(): number {
    return Math.max(...this.documents.map(({ segment }) => segment.end_time ?? segment.start_time));
  }

  /** In seconds, to the millisecond. */
  get duration(): number {
    return lengthOf({ start_time: this.startedAt, end_time: this.endedAt });
  }

  get isPartial(): boolean {
    return this.documents.some(({ segment }) => segment.in_progress === true);
  }

  has(flag: "fault" | "error" | "throttle"): boolean {
    return this.segments.some((segment) => segment[flag] === true);
  }

  /** Of all segments and subsegments. */
  get annotations(): ReadonlyMap<string, readonly (string | number | boolean)[]> {
    const found = new Map<string, (string | number | boolean)[]>();
    for (const { part } of this.parts.values())
      for (const [key, value] of Object.entries(part.annotations ?? {}))
        found.set(key, [...(found.get(key) ?? []), value]);
    return found;
  }
}

/** In seconds, to the millisecond: seconds since 1970 have no more digits than that to spare. */
export const lengthOf = ({
  start_time: start,
  end_time: end = start,
}: Pick<Subsegment, "start_time" | "end_time">): number => Math.round(1_000 * (end - start)) / 1_000;

function add(parts: Map<string, Part>, part: Part): void {
  parts.set(part.part.id, part);
  for (const inner of part.part.subsegments ?? [])
    add(parts, { part: inner, owner: part.owner, parentId: part.part.id, isSegment: false });
}

const holds = (part: Subsegment, id: string | undefined): boolean =>
  part.id === id || (part.subsegments ?? []).some((inner) => holds(inner, id));
