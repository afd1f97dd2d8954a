/** Functions behind an API: API Gateway (HTTP and REST), function URL or load balancer. JSON in, JSON or problem details out. */
import { AppError, InputInvalid } from "./errors.ts";
import { type HttpRequest, requestOf } from "./http-request.ts";
import { type Parsed, parse, parseJson, type Schema } from "./input.ts";
import { type LambdaHandler, type Once, wrap } from "./middleware.ts";

/** The parts of a request that have a schema. */
interface Parts {
  readonly body?: Schema;
  readonly query?: Schema;
  readonly path?: Schema;
  readonly headers?: Schema;
}

type PartName = keyof Parts;
type ParsedParts<P extends Parts> = {
  readonly [Name in PartName as P[Name] extends Schema ? Name : never]: P[Name] extends Schema
    ? Parsed<P[Name]>
    : never;
};

type HttpOptions<P extends Parts> = P & {
  /** The path is searched in the parsed parts: `by("body.orderId")`, `by('headers."idempotency-key"')`. */
  readonly idempotent?: Once;
  /** Headers of every answer, errors included, such as `access-control-allow-origin` behind a REST API. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
};

/** What all four kinds of sender understand. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>>) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** An answer with a status or headers of its own. The body goes out as JSON; text and bytes as they are, by their content type. */
export function reply(status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return new Reply(status, body, headers);
}

/**
 * Wraps a function that answers requests. What it returns goes out as JSON with status 200 (204 for undefined). An AppError is
 * answered with its status as problem details (RFC 9457); any other error as 500 without a word of what happened, which is in the log.
 *
 * ```ts
 * export const handler = handleHttp({ path: z.object({ jobId: z.string() }) }, async ({ path }) => jobs.get(path.jobId));
 * ```
 */
export function handleHttp<const P extends Parts>(
  options: HttpOptions<P>,
  work: (input: ParsedParts<P>, request: HttpRequest) => Promise<unknown> | unknown,
): LambdaHandler<HttpAnswer> {
  const { idempotent, answerHeaders = {} } = options;
  const answered = (answer: HttpAnswer): HttpAnswer => ({
    ...answer,
    headers: { ...answerHeaders, ...answer.headers },
  });
  return wrap<HttpAnswer>(
    async (event, context) => {
      const request = requestOf(event);
      const input = partsOf(options, request) as ParsedParts<P>; // one member for each schema there is
      const run = async (): Promise<HttpAnswer> => answered(answerOf(await work(input, request)));
      return idempotent ? idempotent({ input, envelope: event, context }, run) : run();
    },
    (error, _event, { awsRequestId }) => answered(problemOf(error, awsRequestId)),
  );
}

function partsOf(parts: Parts, request: HttpRequest): Record<string, unknown> {
  const given = {
    path: () => request.pathParameters,
    query: () => request.query,
    headers: () => request.headers,
    body: () => parseJson(request.body, "body"),
  };
  return Object.fromEntries(
    (["path", "query", "headers", "body"] as const).flatMap((name) => {
      const schema = parts[name];
      return schema === undefined ? [] : [[name, parse(schema, given[name](), name)]];
    }),
  );
}

function answerOf(result: unknown): HttpAnswer {
  if (!(result instanceof Reply)) return answerOf(reply(result === undefined ? 204 : 200, result));
  const { status: statusCode, body, headers } = result;
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (body instanceof Uint8Array) {
    return { statusCode, headers: lowerCase, body: Buffer.from(body).toString("base64"), isBase64Encoded: true };
  }
  if (body === undefined) return { statusCode, headers: lowerCase, body: "", isBase64Encoded: false };
  const isText = typeof body === "string" && lowerCase["content-type"] !== undefined;
  return {
    statusCode,
    headers: { "content-type": "application/json", ...lowerCase },
    body: isText ? body : JSON.stringify(body),
    isBase64Encoded: false,
  };
}

/** The message of an error below 500, or of one that says to come back, is for the caller; nothing of any other is. */
function problemOf(error: unknown, requestId: string): HttpAnswer {
  const known = error instanceof AppError && (error.status < 500 || error.status === 503) ? error : undefined;
  const status = known?.status ?? 500;
  const retryAfter = known && "retryAfterSeconds" in known.fields ? String(known.fields.retryAfterSeconds) : undefined;
  const problem = {
    type: known ? `urn:problem:${known.name}` : "about:blank",
    title: known ? wordsOf(known.name) : "Internal server error",
    status,
    ...(known ? { detail: known.message } : {}),
    instance: `urn:request:${requestId}`,
    ...(known instanceof InputInvalid ? { errors: known.fields.problems } : {}),
  };
  return {
    statusCode: status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
    },
    body: JSON.stringify(problem),
    isBase64Encoded: false,
  };
}

/** `InputInvalid` is "Input invalid". */
function wordsOf(name: string): string {
  const words = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
