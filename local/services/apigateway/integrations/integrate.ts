/** Calls the integration of a method and makes its answer the caller's. */
import type { Integration } from "@aws-sdk/client-api-gateway";
import { isServiceError } from "../../../core/errors.ts";
import { TemplateError } from "../mapping-templates/syntax.ts";
import type { Answer, Exchange } from "../shared-serving/context.ts";
import { withDeadline } from "../shared-calls/deadline.ts";
import { noteIntegration } from "../shared-serving/telemetry.ts";
import type { StoredDeployment } from "../store.ts";
import type { Caller } from "../serving/authorize.ts";
import { Fault, internalFault } from "../serving/gateway-response.ts";
import { http, httpProxy } from "./http-integration.ts";
import { lambdaProxy } from "./lambda-proxy.ts";
import { mapRequest } from "./mapped-request.ts";
import { mapResponse } from "./mapped-response.ts";
import { callAws } from "./service-integration.ts";

export interface Routed {
  readonly exchange: Exchange;
  readonly definition: StoredDeployment["definition"];
  readonly caller: Caller;
  readonly resourcePath: string;
  readonly resourceId: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** `arn:aws:execute-api:…/<stage>/<METHOD>/<resource path>`. */
  readonly sourceArn: string;
}

/** Throws Fault. */
export async function integrate(integration: Integration, routed: Routed): Promise<Answer> {
  const { exchange } = routed;
  const { cloud, stageVariables } = exchange;
  const began = cloud.clock.now();
  const uri = (integration.uri ?? "").replace(
    /\$\{stageVariables\.(\w+)\}/g,
    (_, name: string) => stageVariables[name] ?? "",
  );
  const late = () => new Fault("INTEGRATION_TIMEOUT", "Endpoint request timed out");
  try {
    const work = answerOf(uri, integration, routed);
    const answer = await withDeadline(cloud.clock, integration.timeoutInMillis ?? 29_000, work, late);
    noteIntegration(exchange, { status: answer.status, latency: cloud.clock.now() - began });
    return answer;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    noteIntegration(exchange, { latency: cloud.clock.now() - began, error: message });
    if (error instanceof Fault) throw error;
    cloud.log.warn(`API ${exchange.apiId}, ${exchange.request.method} ${routed.resourcePath}: ${message}`);
    if (isServiceError(error) || error instanceof TemplateError) throw internalFault();
    throw integration.type?.startsWith("HTTP")
      ? new Fault("INTEGRATION_FAILURE", "Internal server error")
      : internalFault();
  }
}

async function answerOf(uri: string, integration: Integration, routed: Routed): Promise<Answer> {
  switch (integration.type) {
    case "AWS_PROXY":
      return lambdaProxy(uri, integration, routed);
    case "HTTP_PROXY":
      return httpProxy(uri, integration, routed);
    case "MOCK": {
      const mapped = mapRequest(integration, routed);
      const selector = mockStatus(mapped.isMapped ? mapped.body.toString() : "");
      return mapResponse(integration, routed, { status: 200, headers: {}, body: Buffer.alloc(0) }, selector);
    }
    case "HTTP": {
      const incoming = await http(uri, integration, routed, mapRequest(integration, routed));
      return mapResponse(integration, routed, incoming, String(incoming.status));
    }
    case "AWS": {
      const answer = await callAws(uri, integration, routed, mapRequest(integration, routed));
      return mapResponse(integration, routed, answer, answer.selector);
    }
    default:
      throw internalFault();
  }
}

/** The request template of a mock integration says which response is wanted: `{"statusCode": 200}`. */
function mockStatus(text: string): string {
  // Templates may write the keys without quotes.
  const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})\b/.exec(text)?.[1];
  if (status === undefined) throw internalFault();
  return status;
}
