import { describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod/mini";
import { AppError, Conflict, Forbidden, NotFound, TooLarge, Unavailable } from "./errors.ts";
import { handleHttp, reply } from "./http.ts";
import { lambdaContext, written } from "./testing/invocation.ts";

const context = lambdaContext();
const base64 = (text: string) => Buffer.from(text).toString("base64");

interface Given {
  readonly method?: string;
  readonly body?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The same request as each of the senders puts it. */
const senders = {
  "an HTTP API": ({ method = "POST", body, query, path, headers = {} }: Given) => ({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/jobs",
    rawQueryString: "",
    headers,
    ...(query ? { queryStringParameters: query } : {}),
    ...(path ? { pathParameters: path } : {}),
    ...(body === undefined ? {} : { body: base64(body), isBase64Encoded: true }),
    requestContext: {
      requestId: "http-1",
      http: { method, path: "/jobs" },
      authorizer: { jwt: { claims: { sub: "anna" } } },
    },
  }),
  "a REST API": ({ method = "POST", body, query, path, headers }: Given) => ({
    resource: "/jobs",
    path: "/jobs",
    httpMethod: method,
    headers: headers ?? null,
    multiValueHeaders: headers
      ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
      : null,
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: null,
    pathParameters: path ?? null,
    body: body ?? null,
    isBase64Encoded: false,
    requestContext: { requestId: "rest-1", authorizer: { jwt: { claims: { sub: "anna" } } } },
  }),
  "a load balancer": ({ method = "POST", body, query, path, headers = {} }: Given) => ({
    requestContext: { elb: { targetGroupArn: "arn:x" }, authorizer: { jwt: { claims: { sub: "anna" } } } },
    httpMethod: method,
    path: "/jobs",
    queryStringParameters: Object.fromEntries(
      Object.entries(query ?? {}).map(([name, value]) => [name, encodeURIComponent(value)]),
    ),
    headers,
    ...(path ? { pathParameters: path } : {}),
    body: body ?? "",
    isBase64Encoded: false,
  }),
} as const;
const each = Object.entries(senders);
const restApi = senders["a REST API"];

/** What a caller sees of an error that the handler throws. */
async function problem(error: unknown) {
  let answer: Awaited<ReturnType<ReturnType<typeof handleHttp>>> | undefined;
  const handler = handleHttp({}, () => {
    throw error;
  });
  await written(async () => (answer = await handler(restApi({}), context)));
  if (!answer) throw new Error("The function threw");
  return { ...answer, body: JSON.parse(answer.body) as unknown };
}

describe.each(each)("a function behind %s", (_, event) => {
  it("gets the parts of the request typed", async () => {
    const seen = vi.fn<(...seen: unknown[]) => unknown>();
    const handler = handleHttp(
      {
        body: z.object({ url: z.url() }),
        query: z.object({ limit: z._default(z.coerce.number(), 10), q: z.string() }),
        path: z.object({ jobId: z.string() }),
        headers: z.object({ "idempotency-key": z.string() }),
      },
      (input, request) => {
        expectTypeOf(input.body).toEqualTypeOf<{ url: string }>();
        expectTypeOf(input.query.limit).toEqualTypeOf<number>();
        expectTypeOf(input).toHaveProperty("headers");
        seen(input, request);
      },
    );
    await handler(
      event({
        body: '{"url":"https://example.org/ä"}',
        query: { limit: "3", q: "a b&c" },
        path: { jobId: "j-1" },
        headers: { "Idempotency-Key": "k" },
      }),
      context,
    );
    expect(seen).toHaveBeenCalledExactlyOnceWith(
      {
        body: { url: "https://example.org/ä" },
        query: { limit: 3, q: "a b&c" },
        path: { jobId: "j-1" },
        headers: { "idempotency-key": "k" },
      },
      expect.objectContaining({ method: "POST", rawPath: "/jobs", authorizer: { jwt: { claims: { sub: "anna" } } } }),
    );
  });

  it("has only the parts that it has a schema for", async () => {
    const seen = vi.fn<(...seen: unknown[]) => unknown>();
    const handler = handleHttp({ path: z.object({ jobId: z.string() }) }, (input) => {
      expectTypeOf(input).toEqualTypeOf<{ readonly path: { jobId: string } }>();
      seen(input);
    });
    await handler(event({ body: "no json", path: { jobId: "j-1" } }), context);
    expect(seen).toHaveBeenCalledExactlyOnceWith({ path: { jobId: "j-1" } });
  });

  it("refuses a request by its fields", async () => {
    const handler = handleHttp({ body: z.object({ items: z.array(z.object({ n: z.number() })) }) }, () => "done");
    await written(async () => {
      const answer = await handler(event({ body: '{"items":[{"n":1},{"n":"secret"}]}' }), context);
      expect(answer.statusCode).toBe(400);
      expect(answer.headers["content-type"]).toBe("application/problem+json");
      expect(JSON.parse(answer.body)).toEqual({
        type: "urn:problem:InputInvalid",
        title: "Input invalid",
        status: 400,
        detail: "body.items[1].n: expected number",
        instance: `urn:request:${context.awsRequestId}`,
        errors: [{ field: "body.items[1].n", problem: "expected number" }],
      });
      for (const body of ["", "{", "secret"])
        expect(await handler(event({ body }), context)).toMatchObject({ statusCode: 400 });
    });
  });
});

describe("an answer", () => {
  const answerOf = (result: unknown) => handleHttp({}, () => result)(restApi({}), context);
  const json = { "content-type": "application/json" };

  it.each([
    ["JSON", { a: 1 }, { statusCode: 200, headers: json, body: '{"a":1}', isBase64Encoded: false }],
    ["null", null, { statusCode: 200, headers: json, body: "null", isBase64Encoded: false }],
    ["nothing", undefined, { statusCode: 204, headers: {}, body: "", isBase64Encoded: false }],
    [
      "a status of its own",
      reply(202, { id: 1 }, { Location: "/jobs/1" }),
      { statusCode: 202, headers: { ...json, location: "/jobs/1" }, body: '{"id":1}', isBase64Encoded: false },
    ],
    [
      "text",
      reply(200, "<p>hi</p>", { "Content-Type": "text/html" }),
      { statusCode: 200, headers: { "content-type": "text/html" }, body: "<p>hi</p>", isBase64Encoded: false },
    ],
    ["a JSON string", "hi", { statusCode: 200, headers: json, body: '"hi"', isBase64Encoded: false }],
    [
      "bytes",
      reply(200, new Uint8Array([255, 0]), { "content-type": "image/png" }),
      { statusCode: 200, headers: { "content-type": "image/png" }, body: "/wA=", isBase64Encoded: true },
    ],
    [
      "a redirect",
      reply(303, undefined, { location: "/x" }),
      { statusCode: 303, headers: { location: "/x" }, body: "", isBase64Encoded: false },
    ],
  ])("of %s", async (_, result, expected) => {
    expect(await answerOf(result)).toEqual(expected);
  });

  it("carries the headers of all answers, also when it is a problem", async () => {
    const answerHeaders = { "access-control-allow-origin": "https://example.org" };
    const handler = handleHttp({ answerHeaders, path: z.object({ id: z.string() }) }, () => "done");
    expect((await handler(restApi({ path: { id: "1" } }), context)).headers).toMatchObject(answerHeaders);
    await written(async () => expect((await handler(restApi({}), context)).headers).toMatchObject(answerHeaders));
  });
});

describe("a problem", () => {
  it.each([
    [new NotFound("No job j-1"), 404, "Not found"],
    [new Conflict("The job is over"), 409, "Conflict"],
    [new Forbidden("Not your job"), 403, "Forbidden"],
    [new TooLarge("At most 10 MB", { limit: 10, unit: "MB" }), 413, "Too large"],
    [new Unavailable("Busy", { retryAfterSeconds: 30 }), 503, "Unavailable"],
  ])("of %s is answered with %i", async (error, status, title) => {
    expect(await problem(error)).toMatchObject({
      statusCode: status,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: { type: `urn:problem:${error.name}`, title, status, detail: error.message },
    });
  });

  it("says when to come back", async () => {
    expect((await problem(new Unavailable("Busy", { retryAfterSeconds: 30 }))).headers["retry-after"]).toBe("30");
    expect((await problem(new Unavailable("Busy"))).headers).not.toHaveProperty("retry-after");
  });

  it.each([
    ["an unexpected error", new TypeError("secret of /var/task/index.mjs")],
    ["an error of ours that is not the caller's", new AppError("secret table missing")],
    ["no error at all", "secret"],
  ])("of %s says nothing of what happened", async (_, error) => {
    const answer = await problem(error);
    expect(answer).toMatchObject({ statusCode: 500, body: { title: "Internal server error", status: 500 } });
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it("is logged with its reason", async () => {
    const handler = handleHttp({}, () => Promise.reject(new TypeError("x is not a function")));
    const { entries } = await written(() => handler(restApi({}), context));
    expect(entries).toEqual([expect.objectContaining({ level: "ERROR", correlation_id: "rest-1" })]);
  });

  it("is what an event gets that is no request", async () => {
    await written(async () => {
      expect(await handleHttp({}, () => "done")({ Records: [] }, context)).toMatchObject({ statusCode: 400 });
    });
  });
});

describe("a request", () => {
  it("keeps hostile names as names", async () => {
    const seen = vi.fn<(...seen: unknown[]) => unknown>();
    const event: unknown = JSON.parse(
      JSON.stringify({ ...restApi({ path: { id: "1" } }), headers: null }).replace(
        '"queryStringParameters":null',
        '"queryStringParameters":{"__proto__":"x","constructor":"y"}',
      ),
    );
    await handleHttp({ query: z.object({ polluted: z.optional(z.string()) }) }, ({ query }, request) =>
      seen(query, request.query.constructor),
    )(event, context);
    expect(seen).toHaveBeenCalledExactlyOnceWith({}, "y");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("joins the values of one header and takes the last of one query name", async () => {
    const seen = vi.fn<(...seen: unknown[]) => unknown>();
    const event = {
      ...restApi({}),
      multiValueHeaders: { "X-Tag": ["a", "b"] },
      headers: { "X-Tag": "b" },
      multiValueQueryStringParameters: { q: ["1", "2"] },
      queryStringParameters: { q: "2" },
    };
    await handleHttp({}, (_, { headers, query }) => seen(headers["x-tag"], query.q))(event, context);
    expect(seen).toHaveBeenCalledExactlyOnceWith("a,b", "2");
  });

  it("of a load balancer with a broken encoding is refused", async () => {
    const event = { ...senders["a load balancer"]({}), queryStringParameters: { q: "%zz" } };
    await written(async () => {
      expect((await handleHttp({}, () => "done")(event, context)).body).toContain("query: not URL-encoded");
    });
  });
});
