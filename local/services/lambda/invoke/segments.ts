/**
 * The two segments of an invocation ("Visualize Lambda function invocations using AWS X-Ray"): what the service did with the
 * request, and what the function did. What the handler does itself is below the second one, sent by the X-Ray SDK.
 */
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT, asRole } from "../../../core/principal.ts";
import { seconds, type Segment, type Subsegment, tellSegments } from "../../../core/segment.ts";
import { newSegmentId } from "../../../core/trace-header.ts";
import type { FunctionSpec, Outcome } from "../../../lambda/function-spec.ts";
import type { InvokeRequest } from "./invoker.ts";
import type { TraceContext } from "./trace-header.ts";

interface Told {
  readonly spec: FunctionSpec;
  readonly trace: TraceContext;
  readonly request: InvokeRequest;
  readonly version: string;
  /** Epoch ms. */
  readonly beganAt: number;
  readonly outcome: Outcome;
}

export function tellInvocation(cloud: Cloud, told: Told): void {
  if (!cloud.isTracing) return;
  const { spec } = told;
  const service = serviceSegment(cloud, told);
  tellSegments(cloud, [service], ACCOUNT);
  // The function's segment is sent from its environment, as the function: its role must be allowed to.
  tellSegments(cloud, [functionSegment(cloud, told, service.id)], asRole(spec.roleArn, spec.name));
}

function serviceSegment(cloud: Cloud, { spec, trace, request, beganAt, outcome }: Told): Segment {
  const { queued } = request;
  const end = seconds(outcome.endedAt);
  const attempt = (at: number, name: string, until: number): Subsegment => ({
    id: newSegmentId(cloud),
    name,
    start_time: seconds(at),
    end_time: until,
  });
  const subsegments = queued && [
    ...(queued.attempt === 1 ? [attempt(queued.at, "Dwell Time", seconds(beganAt))] : []),
    { ...attempt(beganAt, `Attempt #${queued.attempt}`, end), ...faultOf(outcome) },
  ];
  return {
    id: newSegmentId(cloud),
    trace_id: trace.root,
    ...(trace.callerId !== undefined && { parent_id: trace.callerId }),
    name: spec.name,
    origin: "AWS::Lambda",
    resource_arn: spec.arn,
    start_time: seconds(queued?.attempt === 1 ? queued.at : beganAt),
    end_time: end,
    ...faultOf(outcome),
    http: { response: { status: queued ? 202 : 200 } },
    aws: { request_id: request.requestId },
    ...(subsegments && { subsegments }),
  };
}

function functionSegment(cloud: Cloud, told: Told, parentId: string): Segment {
  const { spec, trace, request, version, beganAt, outcome } = told;
  const { startedAt, endedAt, failure } = outcome;
  const phase = (name: string, from: number, until: number): Subsegment => ({
    id: newSegmentId(cloud),
    name,
    start_time: seconds(from),
    end_time: seconds(until),
  });
  return {
    id: trace.segmentId,
    trace_id: trace.root,
    parent_id: parentId,
    name: spec.name,
    origin: "AWS::Lambda::Function",
    resource_arn: spec.arn,
    start_time: seconds(outcome.coldStart ? beganAt : startedAt),
    end_time: seconds(endedAt),
    ...faultOf(outcome),
    ...(failure && { cause: { exceptions: [{ type: failure.errorType, message: failure.errorMessage }] } }),
    aws: {
      account_id: cloud.accountId,
      function_arn: spec.arn,
      request_id: request.requestId,
      function_version: version,
      resource_names: [spec.name],
    },
    subsegments: [
      ...(outcome.coldStart ? [phase("Initialization", beganAt, startedAt)] : []),
      { ...phase("Invocation", startedAt, endedAt), ...faultOf(outcome) },
    ],
  };
}

const faultOf = ({ failure }: Outcome): { fault?: true } => (failure ? { fault: true } : {});
