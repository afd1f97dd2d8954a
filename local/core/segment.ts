/** Segments of traces, as services hand them to X-Ray ("AWS X-Ray segment documents"). Times are seconds since 1970. */
import type { Cloud } from "./cloud.ts";
import type { Principal } from "./principal.ts";

export interface Subsegment {
  readonly id: string;
  readonly name: string;
  readonly start_time: number;
  /** Not there while `in_progress`. */
  readonly end_time?: number;
  readonly in_progress?: boolean;
  /** 5xx and failures. */
  readonly fault?: boolean;
  /** 4xx. */
  readonly error?: boolean;
  /** 429. */
  readonly throttle?: boolean;
  readonly cause?: string | { readonly exceptions?: readonly Exception[] };
  readonly namespace?: string;
  readonly http?: {
    readonly request?: Readonly<Record<string, unknown>>;
    readonly response?: { readonly status?: number; readonly content_length?: number };
  };
  readonly aws?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, string | number | boolean>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly subsegments?: readonly Subsegment[];
}

export interface Exception {
  readonly id?: string;
  readonly type?: string;
  readonly message?: string;
}

export interface Segment extends Subsegment {
  readonly trace_id: string;
  /** The segment or subsegment that made the request. */
  readonly parent_id?: string;
  /** `subsegment` for one that is sent by itself. */
  readonly type?: string;
  /** `AWS::Lambda::Function`. */
  readonly origin?: string;
  readonly resource_arn?: string;
  readonly user?: string;
  readonly service?: Readonly<Record<string, unknown>>;
}

/** Hands segments to X-Ray in the background, where traces are collected. */
export function tellSegments(cloud: Cloud, segments: readonly Segment[], as: Principal): void {
  if (!cloud.isTracing || segments.length === 0) return;
  cloud.signals.emit("xray.segments", { documents: segments.map((segment) => JSON.stringify(segment)), as });
}

/** What a status says: 4xx is the caller's error, 429 a throttle, 5xx a fault. */
export const flagsOf = (status: number): Pick<Subsegment, "error" | "throttle" | "fault"> => ({
  ...(status >= 400 && status < 500 && { error: true }),
  ...(status === 429 && { throttle: true }),
  ...(status >= 500 && { fault: true }),
});

export const seconds = (epochMs: number): number => epochMs / 1000;
