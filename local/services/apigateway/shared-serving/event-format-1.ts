/** The event of payload format 1.0: REST APIs, and HTTP APIs that ask for it ("Input format of a Lambda function for proxy integration"). */
import { contextValue, type Exchange } from "./context.ts";
import { capitalised, multiValues } from "./request-headers.ts";

/** What an HTTP API adds to the format, and a REST API knows beside it. */
export interface Format1 {
  /** `1.0` for HTTP APIs; events of REST APIs name no version. */
  readonly version?: string;
  readonly resource: string;
  /** As the event shows it. */
  readonly path: string;
  readonly resourceId: string | null;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly authorizer: unknown;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly body: { readonly text: string | null; readonly isBase64Encoded: boolean };
}

export function eventFormat1(exchange: Exchange, own: Format1): Record<string, unknown> {
  const { request, headers, stageVariables } = exchange;
  const shown = capitalised(headers);
  const multi = multiValues(request.query);
  const last = Object.fromEntries(Object.entries(multi).map(([name, values]) => [name, values.at(-1) ?? ""]));
  return {
    ...(own.version === undefined ? {} : { version: own.version }),
    resource: own.resource,
    path: own.path,
    httpMethod: request.method,
    headers: shown,
    multiValueHeaders: Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, [value]])),
    queryStringParameters: orNull(last),
    multiValueQueryStringParameters: orNull(multi),
    pathParameters: orNull(own.pathParameters),
    stageVariables: orNull(stageVariables),
    requestContext: requestContext1(exchange, own),
    body: own.body.text,
    isBase64Encoded: own.body.isBase64Encoded,
  };
}

/** Authorizers get the same context, before there is an authorizer's answer in it. */
export function requestContext1(
  exchange: Exchange,
  own: Pick<Format1, "resource" | "resourceId" | "authorizer" | "identity">,
) {
  const { request, context, cloud } = exchange;
  const from = (name: string): unknown => contextValue(context, name);
  return {
    resourceId: own.resourceId,
    ...(own.authorizer === undefined ? {} : { authorizer: own.authorizer }),
    resourcePath: own.resource,
    httpMethod: request.method,
    extendedRequestId: from("extendedRequestId"),
    requestTime: from("requestTime"),
    path: from("path"),
    accountId: cloud.accountId,
    protocol: "HTTP/1.1",
    stage: exchange.stage,
    domainPrefix: exchange.apiId,
    requestTimeEpoch: exchange.startedAt,
    requestId: from("requestId"),
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: request.sourceIp,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: exchange.headers["user-agent"] ?? null,
      user: null,
      ...own.identity,
    },
    domainName: from("domainName"),
    apiId: exchange.apiId,
    ...(from("deploymentId") === undefined ? {} : { deploymentId: from("deploymentId") }),
  };
}

const orNull = <T extends object>(members: T): T | null => (Object.keys(members).length === 0 ? null : members);
