/** The headers of a request as API Gateway passes them on. */
import type { Cloud } from "../../../core/cloud.ts";
import type { HttpRequest } from "../../../core/service.ts";

/** Of the connection, or of the local cloud itself; never passed on. */
const DROPPED = new Set(["x-local-worker", "connection", "keep-alive", "transfer-encoding", "upgrade", "te"]);

export const domainOf = (cloud: Cloud, apiId: string): string => `${apiId}.execute-api.${cloud.region}.amazonaws.com`;

/** Lower-case names. The host is the API's own name, whatever name the local cloud was reached by. */
export function passedHeaders(cloud: Cloud, request: HttpRequest, apiId: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined && !DROPPED.has(name)) headers[name] = value;
  const forwarded = headers["x-forwarded-for"];
  return {
    ...headers,
    host: domainOf(cloud, apiId),
    "x-amzn-trace-id": headers["x-amzn-trace-id"] ?? newTraceId(cloud),
    "x-forwarded-for": forwarded === undefined ? request.sourceIp : `${forwarded}, ${request.sourceIp}`,
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
  };
}

/** `Root=1-<seconds in hex>-<24 hex digits>` (AWS X-Ray: "Tracing header"). */
function newTraceId(cloud: Cloud): string {
  const seconds = Math.floor(cloud.clock.now() / 1000).toString(16);
  return `Root=1-${seconds}-${cloud.uuid().replaceAll("-", "").slice(0, 24)}`;
}

const CAPITALS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "Origin",
    "Referer",
    "User-Agent",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amzn-Trace-Id",
    "X-Forwarded-For",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
  ].map((name) => [name.toLowerCase(), name]),
);

/** In events of format 1.0 the usual headers are capitalised; the others come as HTTP/2 clients send them. */
export const capitalised = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [CAPITALS[name] ?? name, value]));

/** The query as a client writes it. */
export const rawQuery = (query: URLSearchParams): string =>
  [...query].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");

/** Values of each name in order. */
export function multiValues(query: URLSearchParams): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of query) (values[name] ??= []).push(value);
  return values;
}
