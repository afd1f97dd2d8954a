/** The event of payload format 2.0 ("Create AWS Lambda proxy integrations for HTTP APIs"). */
import { decoded } from "../../apigateway/shared-serving/address.ts";
import { contextValue, type Exchange } from "../../apigateway/shared-serving/context.ts";
import { multiValues, rawQuery } from "../../apigateway/shared-serving/request-headers.ts";

export interface Format2 {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** `{ lambda: … }`, `{ iam: … }` or `{ jwt: … }`. */
  readonly authorizer: unknown;
}

/** Without body: what authorizers get too. */
export function eventWithoutBody(exchange: Exchange, own: Format2): Record<string, unknown> {
  const { request, stage, stageVariables, context, cloud } = exchange;
  const { cookie, ...headers } = exchange.headers;
  const query = Object.entries(multiValues(request.query)).map(([name, values]) => [name, values.join(",")] as const);
  // A named stage is part of the path, `$default` is not.
  const rawPath = shownPath(exchange);
  return {
    version: "2.0",
    routeKey: own.routeKey,
    rawPath,
    rawQueryString: rawQuery(request.query),
    ...(cookie === undefined ? {} : { cookies: cookie.split(";").map((item) => item.trim()) }),
    headers,
    ...(query.length === 0 ? {} : { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      accountId: cloud.accountId,
      apiId: exchange.apiId,
      ...(own.authorizer === undefined ? {} : { authorizer: own.authorizer }),
      domainName: contextValue(context, "domainName"),
      domainPrefix: exchange.apiId,
      http: {
        method: request.method,
        path: rawPath,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: exchange.headers["user-agent"] ?? "",
      },
      requestId: contextValue(context, "requestId"),
      routeKey: own.routeKey,
      stage,
      time: contextValue(context, "requestTime"),
      timeEpoch: exchange.startedAt,
    },
    ...(Object.keys(own.pathParameters).length === 0 ? {} : { pathParameters: own.pathParameters }),
    ...(Object.keys(stageVariables).length === 0 ? {} : { stageVariables }),
  };
}

export function eventFormat2(exchange: Exchange, own: Format2): Record<string, unknown> {
  const { text, isBase64Encoded } = bodyOf(exchange);
  return { ...eventWithoutBody(exchange, own), ...(text === null ? {} : { body: text }), isBase64Encoded };
}

export const shownPath = ({ stage, path }: Exchange): string =>
  decoded(stage === "$default" ? path : `/${stage}${path}`);

const TEXT = /^(text\/.*|application\/(json|xml|javascript|.+\+json|.+\+xml))$/;

/** Only these content types come as text, everything else as base64 ("Working with binary media types for HTTP APIs"). */
export function bodyOf({ request, headers }: Exchange): {
  readonly text: string | null;
  readonly isBase64Encoded: boolean;
} {
  if (request.body.length === 0) return { text: null, isBase64Encoded: false };
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const isText = TEXT.test(type) && headers["content-encoding"] === undefined;
  return { text: request.body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}
