/**
 * An event's part in a trace ("Sending EventBridge events with AWS X-Ray"). The header belongs to the event's way and not to the event:
 * it is in nothing that a target, an archive or a dead-letter queue gets. Targets that go on with the trace are functions, state machines
 * and REST APIs.
 */
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import { seconds, type Segment, type Subsegment, tellSegments } from "../../../core/segment.ts";
import { newSegmentId, readTraceHeader, type TraceHeader, writeTraceHeader } from "../../../core/trace-header.ts";

export class EventTrace {
  readonly #cloud: Cloud;
  readonly #upstream: TraceHeader;
  readonly #id: string;
  readonly #busArn: string;
  readonly #startedAt: number;
  readonly #deliveries: Subsegment[] = [];
  #isRouted = false;

  private constructor(cloud: Cloud, upstream: TraceHeader, busArn: string) {
    this.#cloud = cloud;
    this.#upstream = upstream;
    this.#id = newSegmentId(cloud);
    this.#busArn = busArn;
    this.#startedAt = cloud.clock.now();
  }

  /** By the entry's own header, or the request's. What is no header is discarded. */
  static of(cloud: Cloud, headers: readonly (string | undefined)[], busArn: string): EventTrace | undefined {
    const upstream = headers.map(readTraceHeader).find((header) => header !== undefined);
    return upstream && new EventTrace(cloud, upstream, busArn);
  }

  /** A delivery begins. Answers the header for its target, and what to call when it has ended. */
  deliver(rule: string, targetArn: string): { readonly header: string; end(delivered: boolean): void } {
    const { parent, isSampled } = this.#upstream;
    const id = newSegmentId(this.#cloud);
    const index = this.#deliveries.length;
    const begun = {
      id,
      name: rule,
      start_time: seconds(this.#cloud.clock.now()),
      aws: { resource_names: [targetArn] },
    };
    this.#deliveries.push({ ...begun, in_progress: true });
    return {
      // Lambda's lineage is left out: it follows a chain of requests for loops, but not through EventBridge.
      header: writeTraceHeader({ ...this.#upstream, parent: isSampled ? id : parent }),
      end: (delivered) => {
        const end_time = seconds(this.#cloud.clock.now());
        this.#deliveries[index] = { ...begun, end_time, ...(!delivered && { fault: true }) };
        this.#tell();
      },
    };
  }

  /** All rules have been looked at. */
  routed(): void {
    this.#isRouted = true;
    this.#tell();
  }

  /** The segment as it is now; the complete one takes the place of those that were told before. */
  #tell(): void {
    if (this.#upstream.isSampled !== true || !this.#isRouted) return;
    const { root, parent } = this.#upstream;
    const isUnderWay = this.#deliveries.some(({ in_progress: isOpen }) => isOpen);
    const segment: Segment = {
      id: this.#id,
      trace_id: root,
      ...(parent !== undefined && { parent_id: parent }),
      name: "Events",
      origin: "AWS::Events",
      resource_arn: this.#busArn,
      start_time: seconds(this.#startedAt),
      ...(isUnderWay ? { in_progress: true } : { end_time: seconds(this.#cloud.clock.now()) }),
      ...(this.#deliveries.some(({ fault }) => fault) && { fault: true }),
      subsegments: this.#deliveries,
    };
    tellSegments(this.#cloud, [segment], ACCOUNT);
  }
}
