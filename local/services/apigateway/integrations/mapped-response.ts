/** The integration response: which one applies, its template and its headers. */
import type { Integration, IntegrationResponse } from "@aws-sdk/client-api-gateway";
import { isMap } from "../mapping-templates/java-values.ts";
import type { Answer } from "../shared-serving/context.ts";
import type { Incoming } from "../shared-calls/loopback.ts";
import { internalFault } from "../serving/gateway-response.ts";
import type { Routed } from "./integrate.ts";
import { renderWith } from "./mapped-request.ts";
import { parameterValue } from "./parameters.ts";

/** `selector`: the status code, or a function's error message. Throws Fault when no response applies. */
export function mapResponse(integration: Integration, routed: Routed, incoming: Incoming, selector: string): Answer {
  const { exchange, pathParameters } = routed;
  const response = select(Object.values(integration.integrationResponses ?? {}), selector);
  if (!response) {
    exchange.cloud.log.warn(`API ${exchange.apiId}: no integration response fits "${selector.slice(0, 200)}"`);
    throw internalFault();
  }
  const headers: Record<string, string> = {};
  const sources = { exchange, pathParameters, response: incoming };
  for (const [target, source] of Object.entries(response.responseParameters ?? {})) {
    const value = parameterValue(source, sources);
    if (value !== undefined) headers[target.replace("method.response.header.", "").toLowerCase()] = value;
  }
  const templates = response.responseTemplates ?? {};
  const accepted = exchange.headers["accept"]?.split(",")[0]?.split(";")[0]?.trim() ?? "";
  const type =
    accepted in templates
      ? accepted
      : "application/json" in templates
        ? "application/json"
        : (Object.keys(templates)[0] ?? "");
  const template = templates[type];
  const body =
    template === undefined ? bodyOf(incoming, response) : renderWith(template, incoming.body.toString(), routed);
  let status = Number(response.statusCode ?? 200);
  const overrides = exchange.context["responseOverride"];
  if (isMap(overrides)) {
    if (overrides["status"] !== undefined && overrides["status"] !== null) status = Number(overrides["status"]);
    const changes = overrides["header"];
    for (const [name, value] of Object.entries(isMap(changes) ? changes : {}))
      headers[name.toLowerCase()] = String(value);
  }
  if (!Number.isInteger(status) || status < 100 || status > 599) throw internalFault();
  return { status, headers: { "content-type": type === "" ? "application/json" : type, ...headers }, body };
}

function bodyOf({ body }: Incoming, { contentHandling }: IntegrationResponse): Buffer {
  if (contentHandling === "CONVERT_TO_BINARY") return Buffer.from(body.toString(), "base64");
  return contentHandling === "CONVERT_TO_TEXT" ? Buffer.from(body.toString("base64")) : body;
}

/** The first whose pattern is the whole selector; else the one without a pattern. */
function select(responses: readonly IntegrationResponse[], selector: string): IntegrationResponse | undefined {
  const fits = ({ selectionPattern: pattern }: IntegrationResponse): boolean =>
    pattern !== undefined && pattern !== "" && new RegExp(`^(?:${pattern})$`, "s").test(selector);
  return (
    (selector === "" ? undefined : responses.find(fits)) ?? responses.find(({ selectionPattern }) => !selectionPattern)
  );
}
