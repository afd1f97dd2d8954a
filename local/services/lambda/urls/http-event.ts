/** Requests to a function URL as events, and answers as HTTP ("Invoking Lambda function URLs": payload format 2.0). */
import type { HttpRequest, HttpResponse } from "../../../core/service.ts";
import type { FunctionUrl } from "./store.ts";

export interface Around {
  readonly requestId: string;
  readonly accountId: string;
  readonly region: string;
  /** Epoch ms. */
  readonly now: number;
  /** The path behind the URL's id. */
  readonly path: string;
}

const TEXT = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded|graphql)|[^;]+\+(json|xml))/;
/** Hop-by-hop, and the local cloud's own. */
const HIDDEN_HEADERS = new Set(["connection", "keep-alive", "transfer-encoding", "x-local-worker"]);
/** Behind the metadata of a streamed answer. */
const DELIMITER = Buffer.alloc(8);

export function eventOf(url: FunctionUrl, request: HttpRequest, around: Around): object {
  const { cookie, ...others } = request.headers;
  const headers = Object.fromEntries(Object.entries(others).filter(([name]) => !HIDDEN_HEADERS.has(name)));
  const domainName = `${url.id}.lambda-url.${around.region}.on.aws`;
  const isText = request.body.length === 0 || TEXT.test(request.headers["content-type"] ?? "text/plain");
  const parameters: Record<string, string> = {};
  for (const [name, value] of request.query)
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: around.path,
    rawQueryString: request.query.toString(),
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers: { ...headers, host: domainName },
    ...(Object.keys(parameters).length > 0 && { queryStringParameters: parameters }),
    requestContext: {
      accountId: url.authType === "NONE" ? "anonymous" : around.accountId,
      apiId: url.id,
      domainName,
      domainPrefix: url.id,
      ...(request.principal.kind === "role" && {
        authorizer: { iam: { accountId: around.accountId, userArn: request.principal.roleArn } },
      }),
      http: {
        method: request.method,
        path: around.path,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: request.headers["user-agent"] ?? "",
      },
      requestId: around.requestId,
      routeKey: "$default",
      stage: "$default",
      time: commonLogTime(around.now),
      timeEpoch: around.now,
    },
    ...(request.body.length > 0 && { body: request.body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: !isText,
  };
}

/** `07/Jan/2030:12:00:00 +0000`. */
function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(" ");
  return `${day}/${month}/${year}:${time} +0000`;
}

/** What the function answered. An answer without a status code is the body. */
export function responseOf(payload: Buffer): HttpResponse {
  const delimiter = payload.indexOf(DELIMITER);
  if (delimiter > 0) {
    const described = parse(payload.subarray(0, delimiter).toString());
    return { ...shaped(described), body: payload.subarray(delimiter + DELIMITER.length) };
  }
  const answer = parse(payload.toString());
  if (typeof answer !== "object" || answer === null || !("statusCode" in answer)) {
    const body = typeof answer === "string" ? answer : payload;
    return { status: 200, headers: { "content-type": "application/json" }, body };
  }
  const { body, isBase64Encoded } = answer as { body?: unknown; isBase64Encoded?: unknown };
  const text = body === undefined || body === null ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return { ...shaped(answer), body: isBase64Encoded === true ? Buffer.from(text, "base64") : text };
}

function shaped(answer: unknown): HttpResponse {
  const { statusCode, headers, cookies } = (answer ?? {}) as {
    statusCode?: unknown;
    headers?: Readonly<Record<string, unknown>>;
    cookies?: readonly string[];
  };
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return {
    status: Number(statusCode ?? 200),
    headers: {
      "content-type": "application/json",
      ...Object.fromEntries(given),
      ...(cookies && { "set-cookie": cookies }),
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
