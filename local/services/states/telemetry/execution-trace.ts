/** The segment of an execution ("Trace Step Functions request data in AWS X-Ray"): a subsegment for each time it was in a state. */
import { createHash } from "node:crypto";
import type { Cloud } from "../../../core/cloud.ts";
import type { Principal } from "../../../core/principal.ts";
import { seconds, type Segment, type Subsegment, tellSegments } from "../../../core/segment.ts";
import { newTraceId, readTraceHeader, writeTraceHeader } from "../../../core/trace-header.ts";
import type { EventRecord, ExecutionRecord } from "../records.ts";

/** "Segment documents can be up to 64 kB": states beyond that come in documents of their own. */
const LARGEST_DOCUMENT = 60_000;

/**
 * The header of a new execution of a machine with tracing: of the request, else from its body ("the header value is preferred"), else a
 * trace of its own. Without tracing only what the body says is kept, and no call carries it on.
 */
export function traceHeaderOf(cloud: Cloud, isTracing: boolean, request?: string, body?: string): string | undefined {
  if (!isTracing) return body;
  const upstream = readTraceHeader(request) ?? readTraceHeader(body);
  const { root, parent, isSampled } = upstream ?? { root: newTraceId(cloud), parent: undefined, isSampled: true };
  return writeTraceHeader({ root, parent, isSampled: isSampled ?? true });
}

type Traced = Pick<ExecutionRecord, "arn" | "machineArn" | "machineName" | "traceHeader" | "settings" | "redriveCount">;

/** What the calls of a task carry; the state was entered with the event of this id. */
export function headerWithin(record: Traced, enteredEventId: number): string | undefined {
  const upstream = record.settings.tracing ? readTraceHeader(record.traceHeader) : undefined;
  return upstream && writeTraceHeader({ ...upstream, parent: stateId(record, enteredEventId) });
}

/** Ids come from what the execution is, so that they are the same after a restart. */
const idOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);
const executionId = ({ arn, redriveCount }: Traced): string => idOf(`${arn}#${redriveCount}`);
const stateId = ({ arn }: Traced, eventId: number): string => idOf(`${arn}/${eventId}`);

/** Hands the execution to X-Ray, in the name of its role: when it begins, and again when it has ended. */
export function tellExecution(
  cloud: Cloud,
  record: Traced & Pick<ExecutionRecord, "status" | "startDate" | "stopDate" | "redriveDate" | "error" | "cause">,
  events: Iterable<EventRecord>,
  as: Principal,
): void {
  const upstream = record.settings.tracing ? readTraceHeader(record.traceHeader) : undefined;
  if (!cloud.isTracing || !upstream || upstream.isSampled === false) return;
  const hasFailed = record.status !== "RUNNING" && record.status !== "SUCCEEDED";
  const end = record.stopDate === undefined ? undefined : seconds(record.stopDate);
  const segment: Segment = {
    id: executionId(record),
    trace_id: upstream.root,
    ...(upstream.parent !== undefined && { parent_id: upstream.parent }),
    name: record.machineName,
    origin: "AWS::StepFunctions::StateMachine",
    resource_arn: record.machineArn,
    start_time: seconds(record.redriveDate ?? record.startDate),
    ...(end === undefined ? { in_progress: true } : { end_time: end }),
    ...(hasFailed && {
      fault: true,
      cause: { exceptions: [{ type: record.error ?? record.status, message: record.cause ?? "" }] },
    }),
    aws: { execution_arn: record.arn },
  };
  const states = end === undefined ? [] : subsegmentsOf(record, events, end);
  const whole = { ...segment, ...(states.length > 0 && { subsegments: states }) };
  if (JSON.stringify(whole).length <= LARGEST_DOCUMENT) return tellSegments(cloud, [whole], as);
  const apart = states.map((state) => ({
    ...state,
    type: "subsegment",
    trace_id: upstream.root,
    parent_id: segment.id,
  }));
  tellSegments(cloud, [segment, ...apart], as);
}

interface Visit {
  readonly id: number;
  readonly name: string;
  /** Task, Map, Wait … */
  readonly type: string;
  readonly from: number;
  readonly around: Visit | undefined;
  until?: number;
  fault?: true;
}

/** Reads the history: an event belongs to the state of the event before it, and ends that state or one around it. */
function subsegmentsOf(record: Traced, events: Iterable<EventRecord>, end: number): Subsegment[] {
  const visits: Visit[] = [];
  const byEvent = new Map<number, Visit>();
  const types = new Map<number, string>();
  for (const { id, previousEventId, timestamp, type, details } of events) {
    types.set(id, type);
    const before = byEvent.get(previousEventId);
    if (type.endsWith("StateEntered")) {
      const isInside = /^(ParallelState|MapState|MapIteration)Started$/.test(types.get(previousEventId) ?? "");
      const around = isInside ? before : before?.around;
      const name = String(details?.["name"]);
      const visit: Visit = { id, name, type: type.slice(0, -"StateEntered".length), from: seconds(timestamp), around };
      if (type === "FailStateEntered") visit.fault = true;
      visits.push(visit);
      byEvent.set(id, visit);
      continue;
    }
    let visit = before;
    if (type.endsWith("StateExited")) {
      while (visit && visit.name !== details?.["name"]) visit = visit.around;
      if (visit) visit.until = seconds(timestamp);
    } else {
      // An event of a Map or Parallel state follows one inside it.
      const meant = /^(Parallel|Map)(State|Iteration|Run)/.exec(type)?.[1];
      if (meant !== undefined) while (visit && visit.type !== meant) visit = visit.around;
    }
    if (visit) byEvent.set(id, visit);
    if (visit && type.endsWith("Failed")) visit.fault = true;
    if (visit && type.endsWith("Succeeded")) delete visit.fault;
  }
  return visits.map((visit) => ({
    id: stateId(record, visit.id),
    name: visit.name.slice(0, 200),
    start_time: visit.from,
    end_time: visit.until ?? end,
    ...(visit.fault && { fault: true }),
  }));
}
