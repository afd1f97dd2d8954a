/** AWS integrations: API calls of other services, and functions behind mapping templates ("AWS integrations for REST APIs"). */
import type { Integration } from "@aws-sdk/client-api-gateway";
import { TRACE_HEADER } from "../../../core/trace-header.ts";
import { SERVICES } from "../../index.ts";
import { signedRequest } from "../shared-calls/call-service.ts";
import { functionArnOf, invokeFunction } from "../shared-calls/invoke-function.ts";
import type { Incoming } from "../shared-calls/loopback.ts";
import { internalFault } from "../serving/gateway-response.ts";
import type { Routed } from "./integrate.ts";
import type { MappedRequest } from "./mapped-request.ts";
import { xmlToJson } from "./xml-to-json.ts";

export interface ServiceAnswer extends Incoming {
  /** What selection patterns are compared with. */
  readonly selector: string;
}

/** Throws Fault when the integration is not complete, and ServiceError. */
export async function callAws(
  uri: string,
  integration: Integration,
  routed: Routed,
  mapped: MappedRequest,
): Promise<ServiceAnswer> {
  const functionArn = functionArnOf(uri);
  if (functionArn !== undefined) return callFunction(functionArn, integration, routed, mapped);
  const [, host = "", kind, rest = ""] = /^arn:[^:]+:apigateway:[^:]+:([^:]+):(action|path)\/(.*)$/s.exec(uri) ?? [];
  const service = host.split(".").at(-1) ?? "";
  const roleArn = roleOf(integration, routed);
  if (roleArn === undefined) {
    routed.exchange.cloud.log.warn(`API ${routed.exchange.apiId}: the integration ${uri} has no credentials`);
    throw internalFault();
  }
  const entry = SERVICES.find(({ signingName }) => signingName === service);
  const filled = fillPath(rest, mapped.path);
  const query = new URLSearchParams(mapped.query);
  const [action = "", version] = kind === "action" ? filled.split("&Version=") : [];
  const call = { service, roleArn, method: integration.httpMethod ?? "POST" };
  const { traceHeader } = routed.exchange;
  const trace = traceHeader === undefined ? {} : { [TRACE_HEADER]: traceHeader };
  const { cloud } = routed.exchange;
  const { "x-amz-target": target } = mapped.headers;

  if (entry?.target !== undefined && (target !== undefined || entry.version === undefined)) {
    const headers = {
      ...trace,
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": target ?? `${entry.target}.${action}`,
    };
    return answered(await signedRequest(cloud, { ...call, method: "POST", path: "/", headers, body: mapped.body }));
  }
  if (entry?.version !== undefined) {
    const form = formOf(mapped, query);
    if (action !== "") form.set("Action", action);
    if (!form.has("Version")) form.set("Version", version ?? entry.version);
    if (kind === "path" && service === "sqs" && !form.has("QueueUrl"))
      form.set("QueueUrl", `${cloud.endpoint}/${filled}`);
    const headers = { ...trace, "content-type": "application/x-www-form-urlencoded" };
    const incoming = await signedRequest(cloud, {
      ...call,
      method: "POST",
      path: "/",
      headers,
      body: Buffer.from(form.toString()),
    });
    // These services answer API Gateway in JSON, which it asks for.
    const json = xmlToJson(incoming.body.toString());
    return answered({
      ...incoming,
      headers: { ...incoming.headers, "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(json)),
    });
  }
  const path = `/${filled}${query.size > 0 ? `${filled.includes("?") ? "&" : "?"}${query.toString()}` : ""}`;
  const hasBody = call.method !== "GET" && call.method !== "HEAD";
  const headers = { ...trace, ...mapped.headers };
  return answered(await signedRequest(cloud, { ...call, path, headers, body: hasBody ? mapped.body : undefined }));
}

const answered = (incoming: Incoming): ServiceAnswer => ({ ...incoming, selector: String(incoming.status) });

const fillPath = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replace(/\{([^}]+?)\+?\}/g, (_, name: string) =>
    (values[name] ?? "").split("/").map(encodeURIComponent).join("/"),
  );

/** Parameters of the query and of a form in the body. */
function formOf(mapped: MappedRequest, query: URLSearchParams): URLSearchParams {
  const form = new URLSearchParams(query);
  const isForm = mapped.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") || mapped.isMapped;
  if (isForm) for (const [name, value] of new URLSearchParams(mapped.body.toString().trim())) form.set(name, value);
  return form;
}

/** The integration's role; `arn:aws:iam::*:user/*` stands for whoever calls. */
function roleOf({ credentials }: Integration, { exchange }: Routed): string | undefined {
  if (credentials !== "arn:aws:iam::*:user/*") return credentials;
  const { principal } = exchange.request;
  return principal.kind === "role" ? principal.roleArn : undefined;
}

/** A function's own result is the body; an error of it selects by its message. */
async function callFunction(
  functionArn: string,
  integration: Integration,
  routed: Routed,
  mapped: MappedRequest,
): Promise<ServiceAnswer> {
  const text = mapped.body.toString();
  let event: unknown;
  try {
    event = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    // The service refuses such a payload before any function sees it.
    const body = Buffer.from(JSON.stringify({ Type: "User", message: "Could not parse request body into json." }));
    return { status: 400, headers: {}, body, selector: "400" };
  }
  const isAsynchronous = mapped.headers["x-amz-invocation-type"] === "Event";
  const { failed, payload } = await invokeFunction(routed.exchange.cloud, {
    functionArn,
    event,
    sourceArn: routed.sourceArn,
    roleArn: integration.credentials,
    caller: routed.exchange.request.principal,
    isAsynchronous,
    traceHeader: routed.exchange.traceHeader,
  });
  const body = Buffer.from(payload);
  return {
    status: isAsynchronous ? 202 : 200,
    headers: { "content-type": "application/json" },
    body,
    selector: failed ? errorMessage(payload) : "",
  };
}

function errorMessage(payload: string): string {
  try {
    const error: unknown = JSON.parse(payload);
    if (typeof error === "object" && error !== null && "errorMessage" in error) return String(error.errorMessage);
  } catch {
    // Falls through: a failure without a message.
  }
  return payload;
}
