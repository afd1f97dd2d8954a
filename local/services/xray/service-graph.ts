/** GetServiceGraph and GetTraceGraph: the service map with counts and times. */
import type { Edge, Service, ServiceStatistics } from "@aws-sdk/client-xray";
import type { Cloud } from "../../core/cloud.ts";
import type { Subsegment } from "../../core/segment.ts";
import type { Handler } from "../../core/service.ts";
import { keyOf, type NodeKey, type Sighting, sightingsOf } from "./service-nodes.ts";
import { invalidRequest, type Segments, type XRAY } from "./store.ts";
import { checkIds } from "./trace-ids.ts";
import { rangeOf } from "./time-range.ts";
import { lengthOf, type Trace } from "./trace.ts";

/** GetServiceGraph looks at six hours at most. */
const LONGEST_RANGE_HOURS = 6;
const CLIENT: NodeKey = { name: "client", type: "client" };

export const getServiceGraph =
  (cloud: Cloud, segments: Segments): Handler<XRAY, "GetServiceGraph"> =>
  ({ StartTime, EndTime, GroupName, GroupARN }) => {
    if ((GroupName ?? "Default") !== "Default" || GroupARN !== undefined)
      throw invalidRequest(`The group ${GroupName ?? GroupARN ?? ""} does not exist.`);
    const range = rangeOf(StartTime, EndTime, LONGEST_RANGE_HOURS);
    const traces = [...segments.traces()].filter((trace) => range.overlaps(trace.startedAt, trace.endedAt));
    return { ...range.shape, Services: graphOf(cloud.accountId, traces), ContainsOldGroupVersions: false };
  };

export const getTraceGraph =
  (cloud: Cloud, segments: Segments): Handler<XRAY, "GetTraceGraph"> =>
  ({ TraceIds }) => {
    const traces = checkIds(TraceIds).flatMap((id) => segments.trace(id) ?? []);
    return { Services: graphOf(cloud.accountId, traces) };
  };

interface Node {
  readonly reference: number;
  readonly key: NodeKey;
  readonly seen: Subsegment[];
  readonly calls: Map<Node, Subsegment[]>;
  isRoot: boolean;
  isInferred: boolean;
}

export function graphOf(accountId: string, traces: readonly Trace[]): Service[] {
  const nodes = new Map<string, Node>();
  const nodeOf = (key: NodeKey): Node => {
    const known = nodes.get(keyOf(key));
    if (known) return known;
    const node: Node = { reference: nodes.size, key, seen: [], calls: new Map(), isRoot: false, isInferred: true };
    nodes.set(keyOf(key), node);
    return node;
  };
  for (const trace of traces) for (const sighting of sightingsOf(trace)) see(nodeOf, sighting);
  return [...nodes.values()].map((node) => serviceOf(accountId, node));
}

function see(nodeOf: (key: NodeKey) => Node, { node: key, caller, part, isInferred }: Sighting): void {
  const node = nodeOf(key);
  const from = nodeOf(caller === "client" ? CLIENT : caller);
  node.seen.push(part);
  node.isInferred &&= isInferred;
  node.isRoot ||= caller === "client";
  const calls = from.calls.get(node) ?? [];
  calls.push(part);
  from.calls.set(node, calls);
}

function serviceOf(accountId: string, { reference, key, seen, calls, isRoot, isInferred }: Node): Service {
  const isClient = key.type === "client";
  return {
    ReferenceId: reference,
    ...(!isClient && { Name: key.name, Names: [key.name] }),
    ...(key.type !== "" && { Type: key.type }),
    ...(isRoot && { Root: true }),
    ...(!isClient && !isInferred && { AccountId: accountId }),
    State: isClient || isInferred ? "unknown" : "active",
    ...spanOf(isClient ? [...calls.values()].flat() : seen),
    Edges: [...calls].map(([to, parts]) => edgeOf(to.reference, parts)),
    ...(seen.length > 0 && {
      SummaryStatistics: statisticsOf(seen),
      DurationHistogram: histogramOf(seen),
      ResponseTimeHistogram: histogramOf(seen),
    }),
  };
}

const edgeOf = (ReferenceId: number, parts: readonly Subsegment[]): Edge => ({
  ReferenceId,
  ...spanOf(parts),
  SummaryStatistics: statisticsOf(parts),
  ResponseTimeHistogram: histogramOf(parts),
  Aliases: [],
});

function spanOf(parts: readonly Subsegment[]): { StartTime: Date; EndTime: Date } {
  const ends = parts.map(({ start_time: start, end_time: end = start }) => end);
  const starts = parts.map(({ start_time: start }) => start);
  return { StartTime: new Date(1000 * Math.min(...starts)), EndTime: new Date(1000 * Math.max(...ends)) };
}

function statisticsOf(parts: readonly Subsegment[]): ServiceStatistics {
  const count = (matches: (part: Subsegment) => boolean | undefined): number => parts.filter(matches).length;
  const throttles = count(({ throttle }) => throttle);
  const errors = count(({ error, throttle }) => (error ?? false) || throttle);
  const faults = count(({ fault }) => fault);
  return {
    OkCount: count(({ error, throttle, fault }) => !error && !throttle && !fault),
    ErrorStatistics: { ThrottleCount: throttles, OtherCount: errors - throttles, TotalCount: errors },
    FaultStatistics: { OtherCount: faults, TotalCount: faults },
    TotalCount: parts.length,
    TotalResponseTime: parts.reduce((sum, part) => sum + lengthOf(part), 0),
  };
}

/** Times to the millisecond, and how often each was seen. */
function histogramOf(parts: readonly Subsegment[]): { Value: number; Count: number }[] {
  const counts = new Map<number, number>();
  for (const part of parts) {
    const value = lengthOf(part);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([Value, Count]) => ({ Value, Count }));
}
