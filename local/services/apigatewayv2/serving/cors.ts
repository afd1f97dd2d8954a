/** Cross-origin requests, answered from the API's configuration ("Configure CORS for HTTP APIs in API Gateway"). */
import type { Cors } from "@aws-sdk/client-apigatewayv2";
import type { HttpRequest } from "../../../core/service.ts";
import type { Answer } from "../../apigateway/shared-serving/context.ts";

/** The answer to a preflight request, which no route ever sees; undefined when the request is none. */
export function preflight(cors: Cors, request: HttpRequest): Answer | undefined {
  const { origin, "access-control-request-method": method } = request.headers;
  if (request.method !== "OPTIONS" || origin === undefined || method === undefined) return undefined;
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return { status: 204, headers: {}, body: "" };
  return {
    status: 204,
    headers: {
      ...commonHeaders(cors, allowed),
      ...listHeader("access-control-allow-methods", cors.AllowMethods),
      ...listHeader("access-control-allow-headers", cors.AllowHeaders),
      ...(cors.MaxAge === undefined ? {} : { "access-control-max-age": String(cors.MaxAge) }),
    },
    body: "",
  };
}

/** The answer with the API's own CORS headers; those of the integration count for nothing. */
export function withCors(cors: Cors, origin: string | undefined, answer: Answer): Answer {
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith("access-control-"));
  const allowed = origin === undefined ? undefined : allowedOrigin(cors, origin);
  return {
    ...answer,
    headers: { ...Object.fromEntries(own), ...(allowed === undefined ? {} : commonHeaders(cors, allowed)) },
  };
}

function commonHeaders(cors: Cors, origin: string): Record<string, string> {
  return {
    "access-control-allow-origin": origin,
    ...(origin === "*" ? {} : { vary: "origin" }),
    ...(cors.AllowCredentials ? { "access-control-allow-credentials": "true" } : {}),
    ...listHeader("access-control-expose-headers", cors.ExposeHeaders),
  };
}

const listHeader = (name: string, values: readonly string[] | undefined): Record<string, string> =>
  values === undefined || values.length === 0 ? {} : { [name]: values.join(",") };

/** `*` allows all, `https://*` all of that scheme; others are compared without regard to case. */
function allowedOrigin(cors: Cors, origin: string): string | undefined {
  const lower = origin.toLowerCase();
  for (const allowed of cors.AllowOrigins ?? []) {
    if (allowed === "*") return "*";
    if (allowed.endsWith("://*") ? lower.startsWith(allowed.slice(0, -1)) : lower === allowed.toLowerCase())
      return origin;
  }
  return undefined;
}
