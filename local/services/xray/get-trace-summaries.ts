/** GetTraceSummaries: the traces of a time frame, those that a filter expression names. */
import type { AnnotationValue, TraceSummary, ValueWithServiceIds } from "@aws-sdk/client-xray";
import type { Cloud } from "../../core/cloud.ts";
import type { Handler } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { compileFilter } from "./filter/compile.ts";
import { keyOf, sightingsOf } from "./service-nodes.ts";
import { invalidRequest, type Segments, type XRAY } from "./store.ts";
import { rangeOf, type TimeRange } from "./time-range.ts";
import { lengthOf, type Trace } from "./trace.ts";

const LONGEST_RANGE_HOURS = 24;
const PAGE = 100;

export const getTraceSummaries =
  (cloud: Cloud, segments: Segments): Handler<XRAY, "GetTraceSummaries"> =>
  (input) => {
    new Constraints("InvalidRequestException")
      .text("timeRangeType", input.TimeRangeType, { oneOf: ["TraceId", "Event", "Service"] })
      .text("filterExpression", input.FilterExpression, { min: 1, max: 2_000 })
      .check();
    if (input.Sampling || input.SamplingStrategy)
      throw invalidRequest("The local cloud has no sampling of trace summaries.");
    const range = rangeOf(input.StartTime, input.EndTime, LONGEST_RANGE_HOURS);
    const matches = input.FilterExpression === undefined ? () => true : compileFilter(input.FilterExpression);
    const inTime = [...segments.traces()].filter((trace) => isIn(range, input.TimeRangeType ?? "TraceId", trace));
    const found = inTime.filter(matches).reverse();
    const from = input.NextToken === undefined ? 0 : readToken(input.NextToken);
    const next = from + PAGE;
    return {
      TraceSummaries: found.slice(from, next).map((trace) => summaryOf(cloud, trace)),
      ApproximateTime: new Date(cloud.clock.now()),
      TracesProcessedCount: inTime.length,
      ...(next < found.length && { NextToken: Buffer.from(String(next)).toString("base64url") }),
    };
  };

function readToken(token: string): number {
  const from = Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(from) || from < 0) throw invalidRequest("Invalid NextToken.");
  return from;
}

function isIn(range: TimeRange, type: string, trace: Trace): boolean {
  // The second group of a trace id is the time at which the trace began.
  if (type === "TraceId") return range.overlaps(Number.parseInt(trace.id.slice(2, 10), 16), trace.startedAt);
  return type === "Event" ? range.contains(trace.endedAt) : range.overlaps(trace.startedAt, trace.endedAt);
}

function summaryOf(cloud: Cloud, trace: Trace): TraceSummary {
  const { root, id } = trace;
  const nodes = new Map(sightingsOf(trace).map(({ node }) => [keyOf(node), node]));
  const ServiceIds = [...nodes.values()].map(({ name, type }) => ({
    Name: name,
    Names: [name],
    AccountId: cloud.accountId,
    ...(type !== "" && { Type: type }),
  }));
  const entry = ServiceIds.find(({ Name, Type = "" }) => Name === root?.name && Type === (root.origin ?? ""));
  const request = root?.http?.request ?? {};
  const text = (name: string) => (request[name] === undefined ? undefined : String(request[name]));
  const status = root?.http?.response?.status;
  return {
    Id: id,
    StartTime: new Date(1000 * trace.startedAt),
    Duration: trace.duration,
    ...(root?.end_time !== undefined && { ResponseTime: lengthOf(root) }),
    HasFault: trace.has("fault"),
    HasError: trace.has("error"),
    HasThrottle: trace.has("throttle"),
    IsPartial: trace.isPartial,
    Http: {
      ...(text("url") !== undefined && { HttpURL: text("url") }),
      ...(text("method") !== undefined && { HttpMethod: text("method") }),
      ...(text("user_agent") !== undefined && { UserAgent: text("user_agent") }),
      ...(text("client_ip") !== undefined && { ClientIp: text("client_ip") }),
      ...(status !== undefined && { HttpStatus: status }),
    },
    Annotations: annotationsOf(trace),
    Users: [],
    ServiceIds,
    ResourceARNs: [...new Set(trace.segments.flatMap(({ resource_arn: arn }) => arn ?? []))].map((ARN) => ({ ARN })),
    ...(entry && { EntryPoint: entry }),
    Revision: trace.documents.length,
  };
}

function annotationsOf(trace: Trace): Record<string, ValueWithServiceIds[]> {
  const entries = [...trace.annotations].map(([key, values]) => [
    key,
    [...new Set(values)].map((value): ValueWithServiceIds => ({ AnnotationValue: shapeOf(value), ServiceIds: [] })),
  ]);
  return Object.fromEntries(entries) as Record<string, ValueWithServiceIds[]>;
}

function shapeOf(value: string | number | boolean): AnnotationValue {
  if (typeof value === "number") return { NumberValue: value };
  return typeof value === "boolean" ? { BooleanValue: value } : { StringValue: value };
}
