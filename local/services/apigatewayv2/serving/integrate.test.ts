/** HTTP proxies and functions of payload format 1.0 behind routes of HTTP APIs. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { testCloud } from "../../../testing.ts";
import { apiCloud } from "../../apigateway/testing/fake-functions.ts";
import { importHttp, proxyTo } from "../testing/http-api.ts";

describe("an HTTP proxy with parameter mapping", () => {
  it("changes request and answer as it says", async () => {
    const server = createServer((request, response) => {
      response.writeHead(200, { "x-kept": "1", "x-gone": "2" });
      response.end(
        JSON.stringify({
          url: request.url,
          own: request.headers["x-own"],
          id: request.headers["x-id"],
          gone: request.headers["x-secret"] ?? null,
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/{proxy}`;
    await using cloud = await testCloud();
    const integration = {
      type: "http_proxy",
      httpMethod: "ANY",
      uri,
      payloadFormatVersion: "1.0",
      requestParameters: {
        "append:header.x-own": "$request.querystring.a",
        "overwrite:header.x-id": "$context.requestId",
        "remove:header.x-secret": "''",
        "overwrite:querystring.b": "2",
        "remove:querystring.a": "''",
      },
      responseParameters: {
        "200": {
          "remove:header.x-gone": "''",
          "append:header.x-new": "$stageVariables.team",
          "overwrite:statuscode": "201",
        },
      },
    };
    const { url } = await importHttp(
      cloud,
      { "/{proxy+}": { "x-amazon-apigateway-any-method": { "x-amazon-apigateway-integration": integration } } },
      {},
      { StageVariables: { team: "blue" } },
    );
    const answer = await fetch(`${url}/p/q?a=1&b=1`, { headers: { "x-own": "0", "x-secret": "s" } });
    expect(await answer.json()).toEqual({
      url: "/base/p/q?b=2",
      own: "0,1",
      id: answer.headers.get("apigw-requestid"),
      gone: null,
    });
    expect([
      answer.status,
      answer.headers.get("x-kept"),
      answer.headers.get("x-gone"),
      answer.headers.get("x-new"),
    ]).toEqual([201, "1", null, "blue"]);
  });

  it("may not touch reserved headers", async () => {
    await using cloud = await testCloud();
    const integration = {
      type: "http_proxy",
      httpMethod: "GET",
      uri: "http://127.0.0.1:1",
      payloadFormatVersion: "1.0",
      requestParameters: { "overwrite:header.Authorization": "x" },
    };
    await expect(
      importHttp(cloud, { "/x": { get: { "x-amazon-apigateway-integration": integration } } }),
    ).rejects.toThrow(/Operations on header Authorization are restricted/);
  });

  it("is unavailable when nobody answers", async () => {
    await using cloud = await testCloud();
    const integration = {
      type: "http_proxy",
      httpMethod: "GET",
      uri: "http://127.0.0.1:1/",
      payloadFormatVersion: "1.0",
    };
    const { url } = await importHttp(cloud, { "/x": { get: { "x-amazon-apigateway-integration": integration } } });
    expect((await fetch(`${url}/x`)).status).toBe(503);
  });
});

describe("payload format 1.0", () => {
  it("gives the event of a REST API with the version and the route key", async () => {
    await using cloud = await apiCloud({
      backend: () => ({ statusCode: 200, multiValueHeaders: { "x-a": ["1", "2"] }, body: "ok" }),
    });
    const { url, apiId } = await importHttp(cloud, {
      "/x/{id}": { get: proxyTo(cloud.functionUri("backend"), {}, "1.0") },
    });
    const answer = await fetch(`${url}/x/1?a=1&a=2`);
    expect([await answer.text(), answer.headers.get("x-a")]).toEqual(["ok", "1, 2"]);
    expect(cloud.events[0]).toMatchObject({
      version: "1.0",
      resource: "/x/{id}",
      path: "/x/1",
      httpMethod: "GET",
      queryStringParameters: { a: "2" },
      multiValueQueryStringParameters: { a: ["1", "2"] },
      pathParameters: { id: "1" },
      stageVariables: null,
      requestContext: { apiId, resourceId: "GET /x/{id}", resourcePath: "/x/{id}", stage: "$default", authorizer: {} },
      body: null,
      isBase64Encoded: false,
    });
  });

  it("does not guess an answer", async () => {
    await using cloud = await apiCloud({ backend: () => ({ hello: "x" }) });
    const { url } = await importHttp(cloud, { "/x": { get: proxyTo(cloud.functionUri("backend"), {}, "1.0") } });
    expect((await fetch(`${url}/x`)).status).toBe(500);
  });
});
