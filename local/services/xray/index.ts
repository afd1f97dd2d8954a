/**
 * AWS X-Ray: segments of traces, their summaries, and the service map. Everything is sampled: a trace that a service begins is
 * always recorded, so there are no sampling rules.
 */
import * as sdk from "@aws-sdk/client-xray";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { batchGetTraces } from "./batch-get-traces.ts";
import { collect } from "./collect.ts";
import { getTraceSummaries } from "./get-trace-summaries.ts";
import { putTraceSegments } from "./put-trace-segments.ts";
import { getServiceGraph, getTraceGraph } from "./service-graph.ts";
import { Segments } from "./store.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const segments = new Segments(cloud);
  collect(cloud);
  return {
    sdk,
    handlers: {
      BatchGetTraces: batchGetTraces(segments),
      GetServiceGraph: getServiceGraph(cloud, segments),
      GetTraceGraph: getTraceGraph(cloud, segments),
      GetTraceSummaries: getTraceSummaries(cloud, segments),
      PutTraceSegments: putTraceSegments(segments),
    },
  };
}
