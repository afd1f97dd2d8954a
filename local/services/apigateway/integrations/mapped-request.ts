/** The integration request: parameters and the body's mapping template ("Data transformations for REST APIs"). */
import type { Integration } from "@aws-sdk/client-api-gateway";
import { inputTool, UTIL } from "../mapping-templates/input-and-util.ts";
import { isMap } from "../mapping-templates/java-values.ts";
import { render } from "../mapping-templates/render.ts";
import { capitalised, multiValues } from "../shared-serving/request-headers.ts";
import { Fault } from "../serving/gateway-response.ts";
import type { Routed } from "./integrate.ts";
import { parameterValue } from "./parameters.ts";

export interface MappedRequest {
  readonly headers: Record<string, string>;
  readonly query: Record<string, string>;
  readonly path: Record<string, string>;
  readonly body: Buffer;
  /** The body's content type was made by a template. */
  readonly isMapped: boolean;
}

/** Throws Fault for content types that nothing maps, and TemplateError. */
export function mapRequest(integration: Integration, routed: Routed): MappedRequest {
  const { exchange, pathParameters } = routed;
  const mapped: Record<"header" | "querystring" | "path", Record<string, string>> = {
    header: {},
    querystring: {},
    path: {},
  };
  for (const [target, source] of Object.entries(integration.requestParameters ?? {})) {
    const [, , place = "", ...rest] = target.split(".");
    const value = parameterValue(source, { exchange, pathParameters });
    if ((place === "header" || place === "querystring" || place === "path") && value !== undefined)
      mapped[place][place === "header" ? rest.join(".").toLowerCase() : rest.join(".")] = value;
  }
  const type = exchange.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "application/json";
  const template = templateFor(integration, type);
  const { body } = exchange.request;
  const text = template === undefined ? undefined : renderRequest(template, routed);
  const overrides = exchange.context["requestOverride"];
  if (isMap(overrides)) {
    for (const place of ["header", "querystring", "path"] as const) {
      const changes = overrides[place];
      for (const [name, value] of Object.entries(isMap(changes) ? changes : {}))
        mapped[place][place === "header" ? name.toLowerCase() : name] = String(value);
    }
  }
  return {
    headers: { ...mapped.header, "content-type": mapped.header["content-type"] ?? type },
    query: mapped.querystring,
    path: mapped.path,
    body: text === undefined ? body : Buffer.from(text),
    isMapped: text !== undefined,
  };
}

/** Undefined: the body passes as it is. */
function templateFor({ requestTemplates = {}, passthroughBehavior }: Integration, type: string): string | undefined {
  const template = requestTemplates[type] ?? requestTemplates["$default"];
  if (template !== undefined) return template;
  const passes =
    passthroughBehavior === "NEVER"
      ? false
      : passthroughBehavior !== "WHEN_NO_TEMPLATES" || Object.keys(requestTemplates).length === 0;
  if (!passes) throw new Fault("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
  return undefined;
}

function renderRequest(template: string, routed: Routed): string {
  const { exchange } = routed;
  return renderWith(template, exchange.request.body.toString(), routed);
}

/** `body`: what `$input` stands for. */
export function renderWith(template: string, body: string, { exchange, pathParameters }: Routed): string {
  const query = Object.entries(multiValues(exchange.request.query)).map(([name, values]) => [
    name,
    values.at(-1) ?? "",
  ]);
  const parameters = {
    path: pathParameters,
    querystring: Object.fromEntries(query),
    header: capitalised(exchange.headers),
  };
  return render(template, {
    tools: { input: inputTool(body, parameters), util: UTIL },
    // Templates write their overrides into the context itself.
    variables: { context: exchange.context, stageVariables: { ...exchange.stageVariables } },
  });
}
