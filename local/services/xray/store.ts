/** The segments that X-Ray has taken, by trace. */
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Segment } from "../../core/segment.ts";
import { Trace } from "./trace.ts";

export type XRAY = typeof import("@aws-sdk/client-xray");

/** X-Ray keeps traces for thirty days; the local cloud keeps the latest segments. */
const MOST_SEGMENTS = 10_000;

export interface StoredSegment {
  readonly segment: Segment;
  /** As it came. */
  readonly document: string;
}

export class Segments {
  readonly #segments;
  /** Keys of the segments of each trace, in the order in which they came. */
  readonly #byTrace = new Map<string, Set<string>>();

  constructor(cloud: Cloud) {
    this.#segments = cloud.storage.map<StoredSegment>("xray.segments");
    for (const [key, { segment }] of this.#segments.entries()) this.#index(segment.trace_id, key);
  }

  /** A segment that was in progress is replaced when it comes again; one that is complete is never replaced by its beginning. */
  put(segment: Segment, document: string): void {
    const key = `${segment.trace_id}/${segment.id}`;
    if (segment.in_progress && this.#segments.get(key)?.segment.in_progress === undefined && this.#segments.has(key))
      return;
    this.#segments.set(key, { segment, document });
    this.#index(segment.trace_id, key);
    while (this.#segments.size > MOST_SEGMENTS) this.#forgetOldest();
  }

  trace(id: string): Trace | undefined {
    const keys = this.#byTrace.get(id);
    if (!keys) return undefined;
    const stored = [...keys].flatMap((key) => this.#segments.get(key) ?? []);
    return new Trace(id, stored);
  }

  /** In the order in which they began to come. */
  *traces(): IterableIterator<Trace> {
    for (const id of this.#byTrace.keys()) {
      const trace = this.trace(id);
      if (trace) yield trace;
    }
  }

  #index(traceId: string, key: string): void {
    const keys = this.#byTrace.get(traceId) ?? new Set();
    this.#byTrace.set(traceId, keys.add(key));
  }

  #forgetOldest(): void {
    const [oldest] = this.#segments.keys();
    const traceId = oldest === undefined ? undefined : this.#segments.get(oldest)?.segment.trace_id;
    if (oldest === undefined || traceId === undefined) return;
    this.#segments.delete(oldest);
    const keys = this.#byTrace.get(traceId);
    keys?.delete(oldest);
    if (keys?.size === 0) this.#byTrace.delete(traceId);
  }
}

export const invalidRequest = (message: string): ServiceError => new ServiceError("InvalidRequestException", message);
