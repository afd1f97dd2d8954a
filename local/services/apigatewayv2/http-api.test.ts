/** HTTP APIs with Lambda functions behind them, over HTTP. */
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { describe, expect, it } from "vitest";
import { type ApiCloud, apiCloud, type FakeFunction } from "../apigateway/testing/fake-functions.ts";

/** One function behind the given routes of one API, on the stage `$default`. */
async function apiWith(
  handler: FakeFunction,
  options: { routes?: readonly string[]; format?: string; stage?: string; variables?: Record<string, string> } = {},
): Promise<{ cloud: ApiCloud; url: string; apiId: string }> {
  const cloud = await apiCloud({ handler });
  const client = cloud.client(ApiGatewayV2Client);
  const { ApiId = "" } = await client.send(new CreateApiCommand({ Name: "api", ProtocolType: "HTTP" }));
  const { IntegrationId = "" } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: "AWS_PROXY",
      IntegrationUri: cloud.functionUri("handler"),
      PayloadFormatVersion: options.format ?? "2.0",
    }),
  );
  for (const RouteKey of options.routes ?? ["$default"])
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
  const StageName = options.stage ?? "$default";
  await client.send(
    new CreateStageCommand({ ApiId, StageName, AutoDeploy: true, StageVariables: options.variables ?? {} }),
  );
  const root = `${cloud.endpoint}/_apis/${ApiId}`;
  return { cloud, apiId: ApiId, url: StageName === "$default" ? root : `${root}/${StageName}` };
}

describe("an HTTP API with payload format 2.0", () => {
  it("gives the function an event of exactly that form", async () => {
    const { cloud, url, apiId } = await apiWith(() => ({ statusCode: 200 }), {
      routes: ["POST /jobs/{jobId}"],
      variables: { team: "blue" },
    });
    await using _ = cloud;
    await fetch(`${url}/jobs/a%20b?x=1&x=2&y=z%26`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Cookie: "a=1; b=2", "X-Two": "one", "User-Agent": "test/1" },
      body: '{"n":1}',
    });
    const [event] = cloud.events;
    expect(event).toEqual({
      version: "2.0",
      routeKey: "POST /jobs/{jobId}",
      rawPath: "/jobs/a b",
      rawQueryString: "x=1&x=2&y=z%26",
      cookies: ["a=1", "b=2"],
      headers: expect.objectContaining({
        "content-type": "application/json",
        "content-length": "7",
        host: `${apiId}.execute-api.us-east-1.amazonaws.com`,
        "x-two": "one",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
        "x-amzn-trace-id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      }),
      queryStringParameters: { x: "1,2", y: "z&" },
      requestContext: {
        accountId: "123456789012",
        apiId,
        domainName: `${apiId}.execute-api.us-east-1.amazonaws.com`,
        domainPrefix: apiId,
        http: { method: "POST", path: "/jobs/a b", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test/1" },
        requestId: expect.stringMatching(/^[\w-]{15}=$/),
        routeKey: "POST /jobs/{jobId}",
        stage: "$default",
        time: "07/Jan/2030:12:00:00 +0000",
        timeEpoch: Date.UTC(2030, 0, 7, 12),
      },
      pathParameters: { jobId: "a b" },
      stageVariables: { team: "blue" },
      body: '{"n":1}',
      isBase64Encoded: false,
    });
    expect(event?.["headers"]).not.toHaveProperty("cookie");
    expect(event?.["headers"]).not.toHaveProperty("x-local-worker");
    expect(cloud.sources).toEqual([`arn:aws:execute-api:us-east-1:123456789012:${apiId}/$default/POST/jobs/{jobId}`]);
  });

  it("leaves out what a request does not have", async () => {
    const { cloud, url } = await apiWith(() => "ok");
    await using _ = cloud;
    await fetch(`${url}/x`);
    const event = cloud.events[0] ?? {};
    for (const absent of ["cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"])
      expect(event).not.toHaveProperty(absent);
    expect(event).toMatchObject({ rawQueryString: "", isBase64Encoded: false, routeKey: "$default", rawPath: "/x" });
  });

  it("has the name of the stage in the path when it is not $default", async () => {
    const { cloud, url } = await apiWith(() => "ok", { stage: "v1", routes: ["GET /x"] });
    await using _ = cloud;
    expect((await fetch(`${url}/x`)).status).toBe(200);
    expect(cloud.events[0]).toMatchObject({
      rawPath: "/v1/x",
      requestContext: { stage: "v1", http: { path: "/v1/x" } },
    });
  });

  it.each([
    ["application/json", false],
    ["application/problem+json; charset=utf-8", false],
    ["text/csv", false],
    ["application/x-www-form-urlencoded", true],
    ["image/png", true],
    ["multipart/form-data; boundary=x", true],
  ])("gives a body of type %s as base64: %s", async (type, isBase64Encoded) => {
    const { cloud, url } = await apiWith(() => "ok");
    await using _ = cloud;
    await fetch(url, { method: "POST", headers: { "content-type": type }, body: "a=ø" });
    const body = isBase64Encoded ? Buffer.from("a=ø").toString("base64") : "a=ø";
    expect(cloud.events[0]).toMatchObject({ body, isBase64Encoded });
  });
});

describe("what a function answers in format 2.0", () => {
  it.each([
    [
      "a structured answer",
      { statusCode: 201, headers: { "X-A": "b", "content-type": "text/html" }, body: "<p>" },
      201,
      "text/html",
      "<p>",
    ],
    ["an object without a status", { jobId: "1" }, 200, "application/json", '{"jobId":"1"}'],
    ["a text", "Hello from Lambda!", 200, "application/json", "Hello from Lambda!"],
    ["a list", [1, 2], 200, "application/json", "[1,2]"],
    ["a status as text", { statusCode: "202", body: "x" }, 202, "text/plain;charset=UTF-8", "x"],
    ["base64", { statusCode: 200, body: "aGk=", isBase64Encoded: true }, 200, "text/plain;charset=UTF-8", "hi"],
    ["no body", { statusCode: 200 }, 200, "text/plain;charset=UTF-8", ""],
  ])("%s is understood", async (_name, result, status, type, body) => {
    const { cloud, url } = await apiWith(() => result);
    await using _ = cloud;
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([status, type, body]);
    expect(answer.headers.get("apigw-requestid")).toMatch(/=$/);
  });

  it("sets every cookie in a header of its own", async () => {
    const { cloud, url } = await apiWith(() => ({ statusCode: 200, cookies: ["a=1; Secure", "b=2"] }));
    await using _ = cloud;
    expect((await fetch(url)).headers.getSetCookie()).toEqual(["a=1; Secure", "b=2"]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["has a body that is no text", () => ({ statusCode: 200, body: { a: 1 } })],
    ["has a status that is none", () => ({ statusCode: "fine" })],
    ["has headers that are no object", () => ({ statusCode: 200, headers: "x" })],
  ])("is 500 when the function %s, and the reason is in the log", async (_name, handler) => {
    const { cloud, url } = await apiWith(handler);
    await using _ = cloud;
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(cloud.logged.join()).toMatch(/the function .*handler (failed|gave a malformed proxy response)/);
  });

  it("is 503 when the function takes longer than 30 seconds", async () => {
    const { cloud, url } = await apiWith(async (_event, clock) => {
      await clock.sleep(31_000);
      return "late";
    });
    await using _ = cloud;
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
    expect(cloud.clock.now()).toBe(Date.UTC(2030, 0, 7, 12) + 30_000);
  });

  it("waits for a function that takes 29 seconds", async () => {
    const { cloud, url } = await apiWith(async (_event, clock) => {
      await clock.sleep(29_000);
      return "in time";
    });
    await using _ = cloud;
    expect(await (await fetch(url)).text()).toBe("in time");
  });
});

describe("the routes of an HTTP API", () => {
  const routes = ["GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default"];
  it.each([
    ["GET", "/pets/dog/1", "GET /pets/dog/1", undefined],
    ["GET", "/pets/dog/2", "GET /pets/dog/{id}", { id: "2" }],
    ["GET", "/pets/cat/2", "GET /pets/{proxy+}", { proxy: "cat/2" }],
    ["POST", "/test/5", "ANY /{proxy+}", { proxy: "test/5" }],
    ["POST", "/pets/dog/1", "ANY /{proxy+}", { proxy: "pets/dog/1" }],
    ["GET", "/", "$default", undefined],
  ])("%s %s goes to %s", async (method, path, routeKey, pathParameters) => {
    const { cloud, url } = await apiWith(() => "ok", { routes });
    await using _ = cloud;
    await fetch(url + path, { method });
    expect(cloud.events[0]?.["routeKey"]).toBe(routeKey);
    expect(cloud.events[0]?.["pathParameters"]).toEqual(pathParameters);
  });

  it("a request that fits none is not found", async () => {
    const { cloud, url } = await apiWith(() => "ok", { routes: ["GET /a"] });
    await using _ = cloud;
    for (const [method, path] of [
      ["GET", "/b"],
      ["POST", "/a"],
      ["GET", "/a/"],
      ["GET", "/a/b"],
    ] as const) {
      const answer = await fetch(url + path, { method });
      expect([answer.status, await answer.text()]).toEqual([404, '{"message":"Not Found"}']);
    }
    expect(cloud.events).toEqual([]);
  });

  it("a stage that is not there is not found", async () => {
    const { cloud, apiId } = await apiWith(() => "ok", { stage: "v1" });
    await using _ = cloud;
    expect((await fetch(`${cloud.endpoint}/_apis/${apiId}/v2/x`)).status).toBe(404);
    expect((await fetch(`${cloud.endpoint}/_apis/nosuchapi/x`)).status).toBe(404);
  });
});

describe("a payload", () => {
  it("of more than 10 MB is refused before the function sees it", async () => {
    const { cloud, url } = await apiWith(() => "ok");
    await using _ = cloud;
    expect((await fetch(url, { method: "POST", body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
    expect(cloud.events).toEqual([]);
  });
});
