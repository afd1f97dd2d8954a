/** Validators, throttling, access logs and metrics of REST APIs. */
import { CreateDeploymentCommand, UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { apiCloud } from "../testing/fake-functions.ts";
import { deployRest, proxyTo } from "../testing/rest-api.ts";
import { violations } from "./json-schema.ts";

const ok = () => ({ statusCode: 200, body: "ok" });

describe("a request validator", () => {
  const document = {
    components: {
      schemas: {
        user: {
          type: "object",
          required: ["name"],
          properties: {
            name: { type: "string", minLength: 1 },
            pets: { type: "array", items: { $ref: "#/components/schemas/pet" } },
          },
        },
        pet: { type: "object", required: ["kind"], properties: { kind: { enum: ["dog", "cat"] } } },
      },
    },
    "x-amazon-apigateway-request-validators": { full: { validateRequestBody: true, validateRequestParameters: true } },
  };
  const operation = {
    "x-amazon-apigateway-request-validator": "full",
    parameters: [
      { name: "q", in: "query", required: true },
      { name: "X-Team", in: "header", required: true },
      { name: "free", in: "query" },
    ],
    requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/user" } } }, required: true },
  };

  it.each([
    ["?q=1", "blue", '{"name":"a","pets":[{"kind":"dog"}]}', "200 ok"],
    ["?q=1", "blue", '{"pets":[]}', '400 {"message":"Invalid request body"}'],
    ["?q=1", "blue", '{"name":"a","pets":[{"kind":"cow"}]}', '400 {"message":"Invalid request body"}'],
    ["?q=1", "blue", "{", '400 {"message":"Invalid request body"}'],
    ["?q=1", undefined, '{"name":"a"}', '400 {"message":"Missing required request parameters: [X-Team]"}'],
    ["", undefined, "{", '400 {"message":"Missing required request parameters: [q, X-Team]"}'],
  ])("answers %s, team %s and %s with %s", async (query, team, body, expected) => {
    await using cloud = await apiCloud({ backend: ok });
    const { url } = await deployRest(
      cloud,
      { "/users": { post: proxyTo(cloud.functionUri("backend"), operation) } },
      document,
    );
    const headers = { "content-type": "application/json", ...(team === undefined ? {} : { "x-team": team }) };
    const answer = await fetch(`${url}/users${query}`, { method: "POST", headers, body });
    expect(`${answer.status} ${await answer.text()}`).toBe(expected);
    expect(cloud.events).toHaveLength(answer.status === 200 ? 1 : 0);
  });

  it("does not look at bodies of content types without a model", async () => {
    await using cloud = await apiCloud({ backend: ok });
    const { parameters: _, ...bodyOnly } = operation;
    const { url } = await deployRest(
      cloud,
      { "/users": { post: proxyTo(cloud.functionUri("backend"), bodyOnly) } },
      document,
    );
    expect(
      (await fetch(`${url}/users`, { method: "POST", headers: { "content-type": "text/plain" }, body: "x" })).status,
    ).toBe(200);
  });
});

describe("JSON schema of draft 4", () => {
  const wrong = (schema: object, value: unknown): number => violations(schema, value, () => undefined).length;
  it.each([
    [{ type: "integer" }, 3, 3.5],
    [{ type: "number" }, 3, "3"],
    [{ type: ["string", "null"] }, null, 1],
    [{ type: "object" }, {}, []],
    [{ minimum: 2 }, 2, 1],
    [{ minimum: 2, exclusiveMinimum: true }, 3, 2],
    [{ maximum: 2, exclusiveMaximum: true }, 1, 2],
    [{ multipleOf: 0.1 }, 0.3, 0.35],
    [{ minLength: 2, maxLength: 3 }, "øø", "a"],
    [{ pattern: "^a+$" }, "aa", "b"],
    [{ minItems: 1, maxItems: 2 }, [1], [1, 2, 3]],
    [{ uniqueItems: true }, [1, "1"], [{ a: 1 }, { a: 1 }]],
    [{ items: { type: "string" } }, ["a"], ["a", 1]],
    [{ items: [{ type: "string" }], additionalItems: false }, ["a"], ["a", "b"]],
    [{ additionalProperties: false, properties: { a: {} } }, { a: 1 }, { b: 1 }],
    [{ additionalProperties: { type: "string" } }, { a: "x" }, { a: 1 }],
    [{ patternProperties: { "^x-": { type: "number" } } }, { "x-a": 1 }, { "x-a": "1" }],
    [{ dependencies: { a: ["b"] } }, { a: 1, b: 1 }, { a: 1 }],
    [{ minProperties: 1 }, { a: 1 }, {}],
    [{ enum: [{ a: [1], b: 2 }] }, { b: 2, a: [1] }, { a: [1] }],
    [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, 2, 3],
    [{ anyOf: [{ type: "string" }, { minimum: 1 }] }, "x", 0],
    [{ oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 1, 2],
    [{ not: { type: "string" } }, 1, "x"],
    [{ definitions: { a: { type: "string" } }, items: { $ref: "#/definitions/a" } }, ["x"], [1]],
    [
      { type: "object", properties: { next: { $ref: "#" } }, required: ["id"] },
      { id: 1, next: { id: 2 } },
      { id: 1, next: {} },
    ],
  ])("%j accepts %j and refuses %j", (schema, good, bad) => {
    expect(wrong(schema, good)).toBe(0);
    expect(wrong(schema, bad)).toBeGreaterThan(0);
  });

  it("does not run for ever", () => {
    expect(wrong({ allOf: [{ $ref: "#" }] }, 1)).toBeGreaterThan(0);
  });
});

describe("a stage", () => {
  it("throttles all methods, or one by its own settings", async () => {
    await using cloud = await apiCloud({ backend: ok });
    const get = proxyTo(cloud.functionUri("backend"));
    const { url, apiId, client } = await deployRest(cloud, { "/x": { get }, "/y/z": { get } });
    const patchOperations = [
      { op: "replace" as const, path: "/*/*/throttling/rateLimit", value: "1" },
      { op: "replace" as const, path: "/*/*/throttling/burstLimit", value: "1" },
      { op: "replace" as const, path: "/y~1z/GET/throttling/rateLimit", value: "1" },
      { op: "replace" as const, path: "/y~1z/GET/throttling/burstLimit", value: "2" },
    ];
    const stage = await client.send(new UpdateStageCommand({ restApiId: apiId, stageName: "prod", patchOperations }));
    expect(stage.methodSettings).toMatchObject({
      "*/*": { throttlingBurstLimit: 1 },
      "y/z/GET": { throttlingBurstLimit: 2 },
    });
    const statuses = async (path: string) => [
      (await fetch(url + path)).status,
      (await fetch(url + path)).status,
      (await fetch(url + path)).status,
    ];
    expect(await statuses("/x")).toEqual([200, 429, 429]);
    expect(await statuses("/y/z")).toEqual([200, 200, 429]);
  });

  it("refuses payloads of more than 10 MB", async () => {
    await using cloud = await apiCloud({ backend: ok });
    const { url } = await deployRest(cloud, { "/x": { post: proxyTo(cloud.functionUri("backend")) } });
    expect((await fetch(`${url}/x`, { method: "POST", body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
    expect(cloud.events).toEqual([]);
  });

  it("writes its access log and the metrics of the API", async () => {
    await using cloud = await apiCloud({ backend: async (_event, clock) => (await clock.sleep(250), ok()) });
    await cloud.call("logs", "CreateLogGroup", { logGroupName: "access" }, ACCOUNT);
    const { url, apiId, client } = await deployRest(cloud, {
      "/x/{id}": { get: proxyTo(cloud.functionUri("backend")) },
    });
    const format =
      '{"id":"$context.requestId","ip":"$context.identity.sourceIp","path":"$context.resourcePath","status":"$context.status","took":$context.responseLatency,"integration":$context.integration.latency,"error":"$context.error.message"}';
    await client.send(
      new UpdateStageCommand({
        restApiId: apiId,
        stageName: "prod",
        patchOperations: [
          { op: "replace", path: "/accessLogSettings/destinationArn", value: cloud.arn("logs", "log-group:access") },
          { op: "replace", path: "/accessLogSettings/format", value: format },
        ],
      }),
    );
    const answer = await fetch(`${url}/x/1`);
    await fetch(`${url}/y`);
    await cloud.clock.settle();
    const { events = [] } = await cloud.call("logs", "FilterLogEvents", { logGroupName: "access" }, ACCOUNT);
    const lines = events.map(({ message }) => message ?? "");
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      id: answer.headers.get("x-amzn-requestid"),
      ip: "127.0.0.1",
      path: "/x/{id}",
      status: "200",
      took: 250,
      integration: 250,
      error: "-",
    });
    expect(lines[1]).toContain('"status":"403"');
    const sum = async (MetricName: string) => {
      const input = {
        Namespace: "AWS/ApiGateway",
        MetricName,
        Dimensions: [{ Name: "ApiName", Value: "shop" }],
        Period: 3600,
        Statistics: ["Sum" as const],
        StartTime: new Date(Date.UTC(2030, 0, 7, 12)),
        EndTime: new Date(Date.UTC(2030, 0, 7, 13)),
      };
      return (await cloud.call("cloudwatch", "GetMetricStatistics", input, ACCOUNT)).Datapoints?.[0]?.Sum;
    };
    expect([await sum("Count"), await sum("4XXError"), await sum("5XXError"), await sum("Latency")]).toEqual([
      2, 1, 0, 250,
    ]);
  });

  it("is made with variables by a deployment, and moved by the next", async () => {
    await using cloud = await apiCloud({ backend: ok });
    const { apiId, client } = await deployRest(
      cloud,
      { "/x": { get: proxyTo(cloud.functionUri("backend")) } },
      {},
      { a: "b" },
    );
    const next = await client.send(
      new CreateDeploymentCommand({ restApiId: apiId, stageName: "prod", description: "two" }),
    );
    const { GetStageCommand, GetDeploymentsCommand } = await import("@aws-sdk/client-api-gateway");
    expect(await client.send(new GetStageCommand({ restApiId: apiId, stageName: "prod" }))).toMatchObject({
      deploymentId: next.id,
      variables: { a: "b" },
      createdDate: new Date(cloud.clock.now()),
    });
    const { items } = await client.send(new GetDeploymentsCommand({ restApiId: apiId }));
    expect(items?.map(({ description }) => description)).toEqual([undefined, "two"]);
  });
});
