/** REST APIs with Lambda proxy integrations, over HTTP. */
import { describe, expect, it } from "vitest";
import { apiCloud, type FakeFunction } from "./testing/fake-functions.ts";
import { deployRest, proxyTo } from "./testing/rest-api.ts";

/** One function behind these paths (`GET /x`), all on one API. */
async function apiWith(
  handler: FakeFunction,
  routes: readonly string[] = ["ANY /", "ANY /{proxy+}"],
  document: Record<string, unknown> = {},
  options: Parameters<typeof apiCloud>[1] = {},
) {
  const cloud = await apiCloud({ handler }, options);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const [method = "", path = ""] = route.split(" ");
    const key = method === "ANY" ? "x-amazon-apigateway-any-method" : method.toLowerCase();
    (paths[path] ??= {})[key] = proxyTo(cloud.functionUri("handler"));
  }
  return { cloud, ...(await deployRest(cloud, paths, document, { team: "blue" })) };
}

describe("a REST API with a proxy integration", () => {
  it("gives the function an event of exactly that form", async () => {
    const { cloud, url, apiId } = await apiWith(() => ({ statusCode: 200, body: "" }), ["POST /jobs/{jobId}"]);
    await using _ = cloud;
    await fetch(`${url}/jobs/a%20b?x=1&x=2`, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "test/1", "x-two": "one" },
      body: '{"n":1}',
    });
    const [event] = cloud.events;
    expect(event).toEqual({
      resource: "/jobs/{jobId}",
      path: "/jobs/a b",
      httpMethod: "POST",
      headers: expect.objectContaining({
        "Content-Type": "application/json",
        "User-Agent": "test/1",
        "x-two": "one",
        Host: `${apiId}.execute-api.us-east-1.amazonaws.com`,
        "X-Forwarded-Proto": "https",
      }),
      multiValueHeaders: expect.objectContaining({ "Content-Type": ["application/json"], "x-two": ["one"] }),
      queryStringParameters: { x: "2" },
      multiValueQueryStringParameters: { x: ["1", "2"] },
      pathParameters: { jobId: "a b" },
      stageVariables: { team: "blue" },
      requestContext: {
        resourceId: expect.stringMatching(/^[a-z0-9]{6}$/),
        resourcePath: "/jobs/{jobId}",
        httpMethod: "POST",
        extendedRequestId: expect.any(String),
        requestTime: "07/Jan/2030:12:00:00 +0000",
        path: "/prod/jobs/a b",
        accountId: "123456789012",
        protocol: "HTTP/1.1",
        stage: "prod",
        domainPrefix: apiId,
        requestTimeEpoch: Date.UTC(2030, 0, 7, 12),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        identity: {
          cognitoIdentityPoolId: null,
          accountId: null,
          cognitoIdentityId: null,
          caller: null,
          sourceIp: "127.0.0.1",
          principalOrgId: null,
          accessKey: null,
          cognitoAuthenticationType: null,
          cognitoAuthenticationProvider: null,
          userArn: null,
          userAgent: "test/1",
          user: null,
        },
        domainName: `${apiId}.execute-api.us-east-1.amazonaws.com`,
        apiId,
        deploymentId: expect.any(String),
      },
      body: '{"n":1}',
      isBase64Encoded: false,
    });
    expect(cloud.sources).toEqual([`arn:aws:execute-api:us-east-1:123456789012:${apiId}/prod/POST/jobs/{jobId}`]);
  });

  it("gives null for what a request does not have", async () => {
    const { cloud, url } = await apiWith(() => ({ statusCode: 200 }), ["GET /x"]);
    await using _ = cloud;
    await fetch(`${url}/x`);
    expect(cloud.events[0]).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
    });
  });

  it.each([
    ["GET", "/pets", "/pets", null],
    ["GET", "/pets/", "/pets", null],
    ["POST", "/pets", "/pets", null],
    ["GET", "/pets/7", "/pets/{id}", { id: "7" }],
    ["GET", "/pets/dog", "/pets/dog", null],
    ["DELETE", "/x/y/z", "/{proxy+}", { proxy: "x/y/z" }],
  ])("sends %s %s to the resource %s", async (method, path, resource, pathParameters) => {
    const routes = ["ANY /pets", "GET /pets/{id}", "GET /pets/dog", "ANY /{proxy+}"];
    const { cloud, url } = await apiWith(() => ({ statusCode: 200 }), routes);
    await using _ = cloud;
    expect((await fetch(url + path, { method })).status).toBe(200);
    expect(cloud.events[0]).toMatchObject({ resource, pathParameters, httpMethod: method });
  });

  it("answers a path or method that is not there as a request without a token", async () => {
    const { cloud, url } = await apiWith(() => ({ statusCode: 200 }), ["GET /x"]);
    await using _ = cloud;
    for (const [method, path] of [
      ["GET", "/y"],
      ["POST", "/x"],
      ["GET", ""],
    ] as const) {
      const answer = await fetch(url + path, { method });
      expect([answer.status, await answer.text()]).toEqual([403, '{"message":"Missing Authentication Token"}']);
      expect(answer.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
    }
  });

  it("answers a stage that is not there as forbidden", async () => {
    const { cloud, url } = await apiWith(() => ({ statusCode: 200 }));
    await using _ = cloud;
    const answer = await fetch(url.replace("/prod", "/test"));
    expect([answer.status, await answer.text()]).toEqual([403, '{"message":"Forbidden"}']);
  });

  it("serves the resources of the deployment, not those of later", async () => {
    const { cloud, url, apiId, client } = await apiWith(() => ({ statusCode: 200 }), ["GET /x"]);
    await using _ = cloud;
    const { PutRestApiCommand, CreateDeploymentCommand } = await import("@aws-sdk/client-api-gateway");
    const paths = { "/y": { get: proxyTo(cloud.functionUri("handler")) } };
    const body = Buffer.from(JSON.stringify({ openapi: "3.0.1", info: { title: "shop" }, paths }));
    await client.send(new PutRestApiCommand({ restApiId: apiId, mode: "overwrite", body }));
    expect((await fetch(`${url}/x`)).status).toBe(200);
    await client.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: "prod" }));
    expect((await fetch(`${url}/x`)).status).toBe(403);
    expect((await fetch(`${url}/y`)).status).toBe(200);
  });
});

describe("what a proxy function answers", () => {
  it("is the caller's answer, with the headers that it names", async () => {
    const result = {
      statusCode: 201,
      headers: { "X-One": "a", "Content-Type": "text/csv", Date: "never" },
      multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
      body: "x,y",
    };
    const { cloud, url } = await apiWith(() => result);
    await using _ = cloud;
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([201, "x,y"]);
    expect(answer.headers.get("content-type")).toBe("text/csv");
    expect(answer.headers.get("x-one")).toBe("a");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.get("x-amzn-remapped-date")).toBe("never");
    expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("is JSON unless it says otherwise", async () => {
    const { cloud, url } = await apiWith(() => ({ statusCode: 200, body: "{}" }));
    await using _ = cloud;
    expect((await fetch(url)).headers.get("content-type")).toBe("application/json");
  });

  it.each([
    [
      "an exception",
      () => {
        throw new Error("no");
      },
    ],
    ["no status", () => ({ body: "x" })],
    ["a body that is no text", () => ({ statusCode: 200, body: {} })],
    ["nothing", () => undefined],
  ])("is 502 for %s", async (_name, handler) => {
    const { cloud, url } = await apiWith(handler);
    await using _ = cloud;
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([502, '{"message":"Internal server error"}']);
    expect(cloud.logged.length).toBeGreaterThan(0);
  });

  it("is 504 after 29 seconds", async () => {
    const { cloud, url } = await apiWith(async (_event, clock) => clock.sleep(30_000));
    await using _ = cloud;
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([504, '{"message":"Endpoint request timed out"}']);
  });

  it("is 500 when the function does not let the API in", async () => {
    const statement = {
      Effect: "Allow" as const,
      Principal: { Service: "apigateway.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: "*",
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:execute-api:us-east-1:123456789012:other/*" } },
    };
    const { cloud, url } = await apiWith(() => ({ statusCode: 200 }), undefined, {}, { invokable: statement });
    await using _ = cloud;
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([500, '{"message":"Internal server error"}']);
    expect(cloud.logged.join()).toMatch(/lambda:InvokeFunction/);
    expect(cloud.events).toEqual([]);
  });
});

describe("binary media types", () => {
  const document = { "x-amazon-apigateway-binary-media-types": ["image/png", "application/*"] };
  const png = Buffer.from([0x89, 0x50, 0, 255]);

  it.each([
    ["image/png", png.toString("base64"), true],
    ["application/zip", png.toString("base64"), true],
    ["text/plain", png.toString(), false],
  ])("a body of type %s", async (type, body, isBase64Encoded) => {
    const { cloud, url } = await apiWith(() => ({ statusCode: 200 }), undefined, document);
    await using _ = cloud;
    await fetch(url, { method: "POST", headers: { "content-type": type }, body: png });
    expect(cloud.events[0]).toMatchObject({ body, isBase64Encoded });
  });

  it("come as bytes only to those who accept them first", async () => {
    const result = {
      statusCode: 200,
      headers: { "content-type": "image/png" },
      body: png.toString("base64"),
      isBase64Encoded: true,
    };
    const { cloud, url } = await apiWith(() => result, undefined, document);
    await using _ = cloud;
    const bytes = await fetch(url, { headers: { accept: "image/png,*/*" } });
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(png);
    const text = await fetch(url, { headers: { accept: "text/html,image/png" } });
    expect(await text.text()).toBe(png.toString("base64"));
  });
});

describe("gateway responses", () => {
  it("replace the gateway's own answers, by type or by class", async () => {
    const document = {
      "x-amazon-apigateway-gateway-responses": {
        DEFAULT_5XX: { responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" } },
        MISSING_AUTHENTICATION_TOKEN: {
          statusCode: 404,
          responseTemplates: {
            "application/json":
              '{"error": $context.error.messageString, "type": "$context.error.responseType", "id": "$context.requestId"}',
          },
        },
      },
    };
    const { cloud, url } = await apiWith(() => ({}), ["GET /x"], document);
    await using _ = cloud;
    const missing = await fetch(`${url}/y`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toEqual({
      error: "Missing Authentication Token",
      type: "MISSING_AUTHENTICATION_TOKEN",
      id: missing.headers.get("x-amzn-requestid"),
    });
    const failed = await fetch(`${url}/x`);
    expect([failed.status, failed.headers.get("access-control-allow-origin")]).toEqual([502, "*"]);
  });
});
