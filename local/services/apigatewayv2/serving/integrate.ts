/** Calls the integration of a route and makes its answer the caller's. */
import type { Integration } from "@aws-sdk/client-apigatewayv2";
import { isServiceError } from "../../../core/errors.ts";
import type { Answer, Exchange } from "../../apigateway/shared-serving/context.ts";
import { withDeadline } from "../../apigateway/shared-calls/deadline.ts";
import { eventFormat1 } from "../../apigateway/shared-serving/event-format-1.ts";
import { functionArnOf, invokeFunction } from "../../apigateway/shared-calls/invoke-function.ts";
import { exchangeHttp, type Incoming } from "../../apigateway/shared-calls/loopback.ts";
import { proxyAnswer } from "../../apigateway/shared-serving/proxy-answer.ts";
import { noteIntegration } from "../../apigateway/shared-serving/telemetry.ts";
import type { Caller } from "./authorize.ts";
import { bodyOf, eventFormat2, shownPath } from "./event-format-2.ts";
import { changeHeader, changesOf, type Sources } from "./parameter-mapping.ts";
import { internalError, Problem } from "./problem.ts";
import { callSubtype } from "./service-integration.ts";

export interface Routed {
  readonly exchange: Exchange;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly caller: Caller;
  /** `arn:aws:execute-api:…/<stage>/<METHOD>/<path template>`. */
  readonly sourceArn: string;
}

/** Throws Problem. */
export async function integrate(integration: Integration, routed: Routed): Promise<Answer> {
  const { exchange } = routed;
  const { cloud } = exchange;
  const began = cloud.clock.now();
  const uri = fillStageVariables(integration.IntegrationUri ?? "", exchange);
  const isHttp = integration.IntegrationType === "HTTP_PROXY";
  const sources: Sources = { exchange, pathParameters: routed.pathParameters };
  const work = isHttp
    ? callHttp(uri, integration, routed, sources)
    : integration.IntegrationSubtype === undefined
      ? callFunction(uri, integration, routed, sources)
      : callSubtype(cloud, integration, sources).then(plain);
  const late = () => (isHttp ? new Problem(504, "Gateway Timeout") : new Problem(503, "Service Unavailable"));
  try {
    const answer = await withDeadline(cloud.clock, integration.TimeoutInMillis ?? 30_000, work, late);
    noteIntegration(exchange, { status: answer.status, latency: cloud.clock.now() - began });
    return changed(answer, integration, sources);
  } catch (error) {
    noteIntegration(exchange, {
      latency: cloud.clock.now() - began,
      error: error instanceof Error ? error.message : String(error),
    });
    if (error instanceof Problem) throw error;
    cloud.log.warn(
      `API ${exchange.apiId}, ${routed.routeKey}: ${error instanceof Error ? error.message : String(error)}`,
    );
    const isBusy = isServiceError(error) ? error.name === "TooManyRequestsException" : isHttp;
    throw isBusy ? new Problem(503, "Service Unavailable") : internalError();
  }
}

const fillStageVariables = (text: string, { stageVariables }: Exchange): string =>
  text.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => stageVariables[name] ?? "");

async function callFunction(uri: string, integration: Integration, routed: Routed, sources: Sources): Promise<Answer> {
  const functionArn = functionArnOf(uri);
  if (functionArn === undefined) throw new Error(`The integration URI ${uri} names no function`);
  const exchange = mappedRequest(integration, routed.exchange, sources);
  const { routeKey, pathParameters, caller } = routed;
  const isFormat2 = integration.PayloadFormatVersion === "2.0";
  const event = isFormat2
    ? eventFormat2(exchange, { routeKey, pathParameters, authorizer: caller.format2 })
    : eventFormat1(exchange, {
        version: "1.0",
        resource: routeKey === "$default" ? "$default" : (routeKey.split(" ")[1] ?? ""),
        resourceId: routeKey,
        path: shownPath(exchange),
        pathParameters,
        authorizer: caller.format1,
        identity: caller.identity,
        body: bodyOf(exchange),
      });
  const { cloud } = exchange;
  const roleArn = integration.CredentialsArn;
  const { failed, payload } = await invokeFunction(cloud, { functionArn, event, sourceArn: routed.sourceArn, roleArn });
  if (failed) throw new Error(`the function ${functionArn} failed: ${payload}`);
  const result = resultOf(payload);
  const answer = isFormat2 ? inferred(result) : proxyAnswer(result, "text/plain;charset=UTF-8");
  if (!answer) throw new Error(`the function ${functionArn} gave a malformed proxy response: ${payload.slice(0, 200)}`);
  return answer;
}

function resultOf(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

/** "Format 2.0 of a Lambda response": without a status code, the whole result is the body. */
function inferred(result: unknown): Answer | undefined {
  if (result === undefined) return undefined;
  if (typeof result === "object" && result !== null && "statusCode" in result)
    return proxyAnswer(result, "text/plain;charset=UTF-8");
  const body = typeof result === "string" ? result : JSON.stringify(result);
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

async function callHttp(uri: string, integration: Integration, routed: Routed, sources: Sources): Promise<Answer> {
  const exchange = mappedRequest(integration, routed.exchange, sources);
  const { cloud, request } = exchange;
  const filled = uri.replace(/\{([^}]+?)\+?\}/g, (_, name: string) =>
    (routed.pathParameters[name] ?? "").split("/").map(encodeURIComponent).join("/"),
  );
  const url = new URL(filled);
  const overwritten = changesOf(integration.RequestParameters ?? {}, sources).find(({ target }) => target === "path");
  if (overwritten?.value !== undefined) url.pathname = overwritten.value;
  for (const [name, value] of request.query) url.searchParams.append(name, value);
  const method = integration.IntegrationMethod === "ANY" ? request.method : (integration.IntegrationMethod ?? "GET");
  const { host: _host, "content-length": _length, ...headers } = exchange.headers;
  const body = request.body.length > 0 ? request.body : undefined;
  const sized = body === undefined ? headers : { ...headers, "content-length": String(body.length) };
  return plain(await exchangeHttp(cloud, { url, method, headers: sized, body }));
}

/** The request with the changes of its parameter mapping. */
function mappedRequest(integration: Integration, exchange: Exchange, sources: Sources): Exchange {
  const changes = changesOf(integration.RequestParameters ?? {}, sources);
  if (changes.length === 0) return exchange;
  const headers: Record<string, string | readonly string[]> = { ...exchange.headers };
  const query = new URLSearchParams(exchange.request.query);
  for (const change of changes) {
    if (change.target === "header") changeHeader(headers, change);
    if (change.target !== "querystring") continue;
    if (change.verb !== "append") query.delete(change.name);
    if (change.value !== undefined) query.append(change.name, change.value);
  }
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return { ...exchange, headers: texts, request: { ...exchange.request, query } };
}

const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "trailer",
  "content-length",
  "date",
]);

const plain = ({ status, headers, body }: Incoming): Answer => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name))),
  body,
});

/** The answer with the changes that the mapping makes for its status code. */
function changed(answer: Answer, integration: Integration, sources: Sources): Answer {
  const mapping = integration.ResponseParameters?.[String(answer.status)];
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name)));
  if (!mapping) return { ...answer, headers };
  let { status } = answer;
  const response = { headers: answer.headers, body: Buffer.from(answer.body ?? "") };
  for (const change of changesOf(mapping, { ...sources, response })) {
    if (change.target === "header") changeHeader(headers, change);
    else if (change.value !== undefined) status = Number(change.value);
  }
  if (!Number.isInteger(status) || status < 100 || status > 599) throw internalError();
  return { ...answer, status, headers };
}
