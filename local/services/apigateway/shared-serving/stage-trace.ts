/** The segment of a stage with tracing ("Trace user requests to REST APIs using X-Ray in API Gateway"). */
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import { flagsOf, seconds, type Subsegment, tellSegments } from "../../../core/segment.ts";
import { newSegmentId, newTraceId, readTraceHeader, writeTraceHeader } from "../../../core/trace-header.ts";
import { type Answer, contextValue, type Exchange } from "./context.ts";

export interface StageTrace {
  readonly root: string;
  readonly isSampled: boolean;
  readonly callerId: string | undefined;
  readonly segmentId: string;
  /** The call of the integration: what it answers to. */
  readonly callId: string;
  /** What goes on to the integration. */
  readonly header: string;
}

/** Goes on with the caller's trace and its decision to sample, or begins one, which is always sampled. */
export function beginTrace(cloud: Cloud, incoming: string | undefined): StageTrace {
  const caller = readTraceHeader(incoming);
  const root = caller?.root ?? newTraceId(cloud);
  const isSampled = caller?.isSampled ?? true;
  const [segmentId, callId] = [newSegmentId(cloud), newSegmentId(cloud)];
  return {
    root,
    isSampled,
    callerId: caller?.parent,
    segmentId,
    callId,
    header: writeTraceHeader({ root, parent: callId, isSampled }),
  };
}

export function tellRequest(exchange: Exchange, trace: StageTrace, apiName: string, answer: Answer): void {
  const { cloud, context, request, startedAt, stage, apiId } = exchange;
  if (!trace.isSampled || !cloud.isTracing) return;
  const status = answer.status;
  const call = integrationCall(exchange, trace);
  const segment = {
    id: trace.segmentId,
    trace_id: trace.root,
    ...(trace.callerId !== undefined && { parent_id: trace.callerId }),
    name: `${apiName}/${stage}`,
    origin: "AWS::ApiGateway::Stage",
    resource_arn: `arn:aws:apigateway:${cloud.region}::/restapis/${apiId}/stages/${stage}`,
    start_time: seconds(startedAt),
    end_time: seconds(cloud.clock.now()),
    ...flagsOf(status),
    http: {
      request: {
        url: `https://${String(context["domainName"])}${String(context["path"])}`,
        method: request.method,
        client_ip: request.sourceIp,
        user_agent: exchange.headers["user-agent"] ?? "",
        x_forwarded_for: false,
      },
      response: { status, content_length: Buffer.byteLength(answer.body ?? "") },
    },
    aws: {
      api_gateway: { account_id: cloud.accountId, rest_api_id: apiId, stage, request_id: context["requestId"] },
    },
    ...(call && { subsegments: [call] }),
  };
  tellSegments(cloud, [segment], ACCOUNT);
}

/** Undefined when no integration was called: the request was refused before. */
function integrationCall({ cloud, context }: Exchange, trace: StageTrace): Subsegment | undefined {
  const latency = contextValue(context, "integrationLatency");
  if (typeof latency !== "number") return undefined;
  const status = contextValue(context, "integrationStatus");
  const failed = contextValue(context, "integrationErrorMessage") !== undefined;
  const end = cloud.clock.now();
  return {
    id: trace.callId,
    name: "Integration",
    start_time: seconds(end - latency),
    end_time: seconds(end),
    ...(typeof status === "number" ? flagsOf(status) : failed && { fault: true }),
    ...(typeof status === "number" && { http: { response: { status } } }),
  };
}
