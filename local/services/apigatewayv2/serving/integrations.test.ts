/** Integrations of HTTP APIs other than functions of format 2.0: AWS services, HTTP, format 1.0. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { testCloud } from "../../../testing.ts";
import { apiCloud } from "../../apigateway/testing/fake-functions.ts";
import { role } from "../../apigateway/testing/rest-api.ts";
import { importHttp, proxyTo, service } from "../testing/http-api.ts";

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

describe("EventBridge-PutEvents", () => {
  it("puts the body as an event and answers its id", async () => {
    await using cloud = await testCloud();
    await cloud.call("sqs", "CreateQueue", { QueueName: "q" }, ACCOUNT);
    const QueueUrl = `${cloud.endpoint}/${cloud.accountId}/q`;
    const queuePolicy = {
      Statement: [
        { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*" },
      ],
    };
    await cloud.call(
      "sqs",
      "SetQueueAttributes",
      { QueueUrl, Attributes: { Policy: JSON.stringify(queuePolicy) } },
      ACCOUNT,
    );
    const { EventBusArn = "" } = await cloud.call("events", "CreateEventBus", { Name: "bus" }, ACCOUNT);
    await cloud.call(
      "events",
      "PutRule",
      { Name: "r", EventBusName: "bus", EventPattern: '{"source":["source.events"]}' },
      ACCOUNT,
    );
    await cloud.call(
      "events",
      "PutTargets",
      { Rule: "r", EventBusName: "bus", Targets: [{ Id: "q", Arn: cloud.arn("sqs", "q") }] },
      ACCOUNT,
    );
    const credentials = await role(cloud, "putter", [{ Action: "events:PutEvents", Resource: EventBusArn }]);
    const { url } = await importHttp(cloud, {
      "/jobs": {
        post: service("EventBridge-PutEvents", credentials, {
          Source: "source.events",
          DetailType: "api.event",
          Detail: "$request.body",
          EventBusName: EventBusArn,
        }),
      },
    });
    const answer = await post(`${url}/jobs`, { url: "http://x" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/json/);
    const content = (await answer.json()) as { FailedEntryCount: number; Entries: { EventId: string }[] };
    await cloud.clock.settle();
    const { Messages } = await cloud.call("sqs", "ReceiveMessage", { QueueUrl }, ACCOUNT);
    expect(JSON.parse(Messages?.[0]?.Body ?? "")).toMatchObject({
      id: content.Entries[0]?.EventId,
      source: "source.events",
      "detail-type": "api.event",
      detail: { url: "http://x" },
    });
    expect(content.FailedEntryCount).toBe(0);
  });

  it("needs its parameters, and no others", async () => {
    await using cloud = await testCloud();
    const paths = (parameters: object) => ({
      "/x": { post: service("EventBridge-PutEvents", "arn:aws:iam::123456789012:role/r", parameters) },
    });
    await expect(importHttp(cloud, paths({ Source: "a", DetailType: "b" }))).rejects.toThrow(/Detail is required/);
    await expect(importHttp(cloud, paths({ Source: "a", DetailType: "b", Detail: "c", More: "d" }))).rejects.toThrow(
      /More/,
    );
    await expect(
      importHttp(cloud, { "/x": { post: service("AppConfig-GetConfiguration", "arn:aws:iam::1:role/r", {}) } }),
    ).rejects.toThrow(/does not implement the integration subtype AppConfig/);
  });

  it("is a server error as a role that API Gateway may not assume", async () => {
    await using cloud = await testCloud();
    const credentials = await role(
      cloud,
      "foreign",
      [{ Action: "events:PutEvents", Resource: "*" }],
      "lambda.amazonaws.com",
    );
    const { url } = await importHttp(cloud, {
      "/x": {
        post: service("EventBridge-PutEvents", credentials, { Source: "a", DetailType: "b", Detail: "$request.body" }),
      },
    });
    expect((await post(`${url}/x`, {})).status).toBe(500);
    expect(cloud.logged.join()).toMatch(/does not have permission to assume the provided role/);
  });
});

describe("SQS-SendMessage", () => {
  it("sends what the parameters map", async () => {
    await using cloud = await testCloud();
    await cloud.call("sqs", "CreateQueue", { QueueName: "q" }, ACCOUNT);
    const QueueUrl = `${cloud.endpoint}/${cloud.accountId}/q`;
    const credentials = await role(cloud, "sender", [{ Action: "sqs:SendMessage", Resource: cloud.arn("sqs", "q") }]);
    const attributes = '{"team": {"DataType": "String", "StringValue": "${request.querystring.team}"}}';
    const { url } = await importHttp(cloud, {
      "/{id}": {
        post: service("SQS-SendMessage", credentials, {
          QueueUrl,
          MessageBody: "${request.path.id}: ${request.body.items[1].name}",
          MessageAttributes: attributes,
        }),
      },
    });
    const answer = await post(`${url}/7?team=blue`, { items: [{}, { name: "x & y" }] });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("<SendMessageResult>")]);
    const { Messages } = await cloud.call(
      "sqs",
      "ReceiveMessage",
      { QueueUrl, MessageAttributeNames: ["All"] },
      ACCOUNT,
    );
    expect(Messages?.[0]).toMatchObject({ Body: "7: x & y", MessageAttributes: { team: { StringValue: "blue" } } });
  });
});

describe("Step Functions integrations", () => {
  async function machine(type: "STANDARD" | "EXPRESS") {
    const cloud = await testCloud();
    const definition = JSON.stringify({
      StartAt: "Wait",
      States: { Wait: { Type: "Wait", Seconds: 3, Next: "Done" }, Done: { Type: "Pass", End: true } },
    });
    const roleArn = await role(cloud, "machine", [], "states.amazonaws.com");
    const { stateMachineArn = "" } = await cloud.call(
      "states",
      "CreateStateMachine",
      { name: "m", definition, roleArn, type },
      ACCOUNT,
    );
    const credentials = await role(cloud, "starter", [
      { Action: ["states:StartExecution", "states:StartSyncExecution"], Resource: stateMachineArn },
    ]);
    return { cloud, stateMachineArn, credentials };
  }

  it("StartSyncExecution waits for the execution and answers all of it", async () => {
    const { cloud, stateMachineArn, credentials } = await machine("EXPRESS");
    await using _ = cloud;
    const { url } = await importHttp(cloud, {
      "/": {
        post: service("StepFunctions-StartSyncExecution", credentials, {
          StateMachineArn: stateMachineArn,
          Input: "$request.body",
        }),
      },
    });
    const answer = await post(`${url}/`, { message: "hi" });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      status: "SUCCEEDED",
      output: '{"message":"hi"}',
      startDate: Date.UTC(2030, 0, 7, 12) / 1000,
      stopDate: Date.UTC(2030, 0, 7, 12) / 1000 + 3,
    });
  });

  it("StartExecution answers at once; the same name twice is the service's own refusal", async () => {
    const { cloud, stateMachineArn, credentials } = await machine("STANDARD");
    await using _ = cloud;
    const { url } = await importHttp(cloud, {
      "/{name}": {
        post: service("StepFunctions-StartExecution", credentials, {
          StateMachineArn: stateMachineArn,
          Input: "$request.body",
          Name: "$request.path.name",
        }),
      },
    });
    const first = await post(`${url}/one`, { n: 1 });
    expect(await first.json()).toMatchObject({ executionArn: expect.stringMatching(/:m:one$/) });
    const second = await post(`${url}/one`, { n: 2 });
    expect([second.status, await second.json()]).toEqual([
      400,
      expect.objectContaining({ __type: expect.stringContaining("ExecutionAlreadyExists") }),
    ]);
  });
});

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
