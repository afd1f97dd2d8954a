/** HTTP and HTTP_PROXY integrations; only addresses of this machine can be reached. */
import type { Integration } from "@aws-sdk/client-api-gateway";
import type { Answer } from "../shared-serving/context.ts";
import { exchangeHttp, type Incoming } from "../shared-calls/loopback.ts";
import type { Routed } from "./integrate.ts";
import { mapRequest, type MappedRequest } from "./mapped-request.ts";

const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "trailer",
  "content-length",
  "date",
]);

/** The request as it came, with the changes of the integration's parameters. */
export async function httpProxy(uri: string, integration: Integration, routed: Routed): Promise<Answer> {
  const { exchange } = routed;
  const mapped = mapRequest({ ...integration, requestTemplates: {}, passthroughBehavior: "WHEN_NO_MATCH" }, routed);
  const { host: _host, "content-length": _length, ...headers } = exchange.headers;
  const query = new URLSearchParams(exchange.request.query);
  for (const [name, value] of Object.entries(mapped.query)) query.set(name, value);
  const { "content-type": _type, ...own } = mapped.headers;
  const incoming = await send(uri, integration, routed, { ...mapped, headers: { ...headers, ...own } }, query);
  const passed = Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.has(name));
  return { status: incoming.status, headers: Object.fromEntries(passed), body: incoming.body };
}

/** Only what the integration maps goes out. */
export const http = (uri: string, integration: Integration, routed: Routed, mapped: MappedRequest): Promise<Incoming> =>
  send(uri, integration, routed, mapped, new URLSearchParams(mapped.query));

function send(
  uri: string,
  integration: Integration,
  { exchange }: Routed,
  mapped: MappedRequest,
  query: URLSearchParams,
): Promise<Incoming> {
  const filled = uri.replace(/\{([^}]+?)\+?\}/g, (_, name: string) =>
    (mapped.path[name] ?? "").split("/").map(encodeURIComponent).join("/"),
  );
  const url = new URL(filled);
  for (const [name, value] of query) url.searchParams.append(name, value);
  const method = integration.httpMethod === "ANY" ? exchange.request.method : (integration.httpMethod ?? "GET");
  const body = method === "GET" || method === "HEAD" || mapped.body.length === 0 ? undefined : mapped.body;
  const sized = body === undefined ? mapped.headers : { ...mapped.headers, "content-length": String(body.length) };
  return exchangeHttp(exchange.cloud, { url, method, headers: sized, body });
}
