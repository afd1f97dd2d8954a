/** Answers that a REST API gives itself ("Gateway responses for REST APIs in API Gateway"). */
import type { GatewayResponse } from "@aws-sdk/client-api-gateway";
import { type Answer, contextValue, type Exchange, setContext } from "../shared-serving/context.ts";

interface Kind {
  readonly status: number;
  /** In the header `x-amzn-errortype`. */
  readonly name: string;
}

const KINDS = {
  ACCESS_DENIED: { status: 403, name: "AccessDeniedException" },
  API_CONFIGURATION_ERROR: { status: 500, name: "InternalServerErrorException" },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, name: "AuthorizerConfigurationException" },
  AUTHORIZER_FAILURE: { status: 500, name: "AuthorizerConfigurationException" },
  BAD_REQUEST_BODY: { status: 400, name: "BadRequestException" },
  BAD_REQUEST_PARAMETERS: { status: 400, name: "BadRequestException" },
  EXPIRED_TOKEN: { status: 403, name: "ExpiredTokenException" },
  INTEGRATION_FAILURE: { status: 504, name: "InternalServerErrorException" },
  INTEGRATION_TIMEOUT: { status: 504, name: "InternalServerErrorException" },
  INVALID_API_KEY: { status: 403, name: "ForbiddenException" },
  INVALID_SIGNATURE: { status: 403, name: "InvalidSignatureException" },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, name: "MissingAuthenticationTokenException" },
  QUOTA_EXCEEDED: { status: 429, name: "LimitExceededException" },
  REQUEST_TOO_LARGE: { status: 413, name: "RequestTooLargeException" },
  RESOURCE_NOT_FOUND: { status: 404, name: "NotFoundException" },
  THROTTLED: { status: 429, name: "TooManyRequestsException" },
  UNAUTHORIZED: { status: 401, name: "UnauthorizedException" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, name: "BadRequestException" },
} as const satisfies Readonly<Record<string, Kind>>;

export type FaultType = keyof typeof KINDS | "DEFAULT_4XX" | "DEFAULT_5XX";

export const isGatewayResponseType = (type: string | undefined): type is FaultType =>
  type !== undefined && (type in KINDS || type === "DEFAULT_4XX" || type === "DEFAULT_5XX" || type === "WAF_FILTERED");

/** Ends the serving of a request with an answer of the gateway's own. */
export class Fault extends Error {
  readonly type: FaultType;
  /** Differs from the type's own where no type has it: 502 for a malformed proxy answer. */
  readonly status: number | undefined;

  constructor(type: FaultType, message: string, status?: number) {
    super(message);
    this.name = "Fault";
    this.type = type;
    this.status = status;
  }
}

export const internalFault = (): Fault => new Fault("API_CONFIGURATION_ERROR", "Internal server error");
export const badProxyAnswer = (): Fault => new Fault("DEFAULT_5XX", "Internal server error", 502);

/** The API's own response of that type, or of its class, or the default one. */
export function gatewayAnswer(
  exchange: Exchange,
  fault: Fault,
  responses: Readonly<Record<string, GatewayResponse>>,
): Answer {
  const kind: Kind | undefined =
    fault.type === "DEFAULT_4XX" || fault.type === "DEFAULT_5XX" ? undefined : KINDS[fault.type];
  const status = fault.status ?? kind?.status ?? (fault.type === "DEFAULT_4XX" ? 400 : 500);
  const { context } = exchange;
  setContext(context, "error.message", fault.message);
  setContext(context, "error.messageString", JSON.stringify(fault.message));
  setContext(context, "error.responseType", fault.type);
  const custom = responses[fault.type] ?? responses[status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX"];
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "x-amzn-errortype": kind?.name ?? (status < 500 ? "BadRequestException" : "InternalServerErrorException"),
  };
  const template = templateFor(exchange, custom?.responseTemplates);
  if (template) headers["content-type"] = template.type;
  for (const [name, source] of Object.entries(custom?.responseParameters ?? {})) {
    const value = valueOf(exchange, source);
    if (value !== undefined) headers[name.replace("gatewayresponse.header.", "").toLowerCase()] = value;
  }
  return {
    status: Number(custom?.statusCode ?? status),
    headers,
    // Denials by a policy write it with a capital letter.
    body: template
      ? filled(exchange, template.text)
      : JSON.stringify({ [fault.type === "ACCESS_DENIED" ? "Message" : "message"]: fault.message }),
  };
}

function templateFor(
  exchange: Exchange,
  templates: Readonly<Record<string, string>> = {},
): { type: string; text: string } | undefined {
  const wanted = exchange.headers["accept"]?.split(",")[0]?.split(";")[0]?.trim() ?? "application/json";
  const type = wanted in templates ? wanted : "application/json";
  const text = templates[type];
  return text === undefined ? undefined : { type, text };
}

/** Gateway responses know plain variables and no logic. */
const filled = (exchange: Exchange, template: string): string =>
  template.replace(
    /\$(!?)\{?(context|stageVariables|method\.request\.\w+)\.([\w.:-]*\w)\}?/g,
    (_, _quiet: string, root: string, name: string) => valueOf(exchange, `${root}.${name}`) ?? "",
  );

function valueOf(exchange: Exchange, source: string): string | undefined {
  const literal = /^'(.*)'$/s.exec(source)?.[1];
  if (literal !== undefined) return literal;
  const [root = "", ...rest] = source.split(".");
  const name = rest.join(".");
  const value =
    root === "context"
      ? contextValue(exchange.context, name)
      : root === "stageVariables"
        ? exchange.stageVariables[name]
        : source.startsWith("method.request.header.")
          ? exchange.headers[source.slice("method.request.header.".length).toLowerCase()]
          : source.startsWith("method.request.querystring.")
            ? (exchange.request.query.get(source.slice("method.request.querystring.".length)) ?? undefined)
            : undefined;
  return value === undefined || value === null
    ? undefined
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
}
