/** The management API of REST APIs, as an SDK client sees it. */
import * as sdk from "@aws-sdk/client-api-gateway";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { testCloud, type TestCloud } from "../../../testing.ts";
import { asRole } from "../../../core/principal.ts";
import { role } from "../testing/rest-api.ts";

async function emptyApi(cloud: TestCloud) {
  const client = cloud.client(sdk.APIGatewayClient);
  const api = await client.send(
    new sdk.CreateRestApiCommand({ name: "shop", description: "d", tags: { team: "blue" } }),
  );
  return { client, api, restApiId: api.id ?? "", parentId: api.rootResourceId ?? "" };
}

describe("a REST API made step by step", () => {
  it("is served once it is deployed", async () => {
    await using cloud = await testCloud();
    const { client, restApiId, parentId } = await emptyApi(cloud);
    const { id: resourceId = "", path } = await client.send(
      new sdk.CreateResourceCommand({ restApiId, parentId, pathPart: "{name}" }),
    );
    expect(path).toBe("/{name}");
    const method = { restApiId, resourceId, httpMethod: "GET" };
    await client.send(new sdk.PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await expect(client.send(new sdk.CreateDeploymentCommand({ restApiId, stageName: "v1" }))).rejects.toThrow(
      "No integration defined for method",
    );
    await client.send(
      new sdk.PutIntegrationCommand({
        ...method,
        type: "MOCK",
        requestTemplates: { "application/json": '{"statusCode":200}' },
      }),
    );
    const response = {
      ...method,
      statusCode: "200",
      responseTemplates: { "application/json": "Hello $input.params('name')" },
    };
    await expect(client.send(new sdk.PutIntegrationResponseCommand(response))).rejects.toThrow(sdk.NotFoundException);
    await client.send(new sdk.PutMethodResponseCommand({ ...method, statusCode: "200" }));
    await client.send(new sdk.PutIntegrationResponseCommand(response));
    await client.send(new sdk.CreateDeploymentCommand({ restApiId, stageName: "v1" }));
    expect(await (await fetch(`${cloud.endpoint}/_apis/${restApiId}/v1/Ann`)).text()).toBe("Hello Ann");
    const shown = await client.send(new sdk.GetMethodCommand(method));
    expect(shown).toMatchObject({
      httpMethod: "GET",
      authorizationType: "NONE",
      apiKeyRequired: false,
      methodIntegration: {
        type: "MOCK",
        passthroughBehavior: "WHEN_NO_MATCH",
        timeoutInMillis: 29_000,
        integrationResponses: { "200": { statusCode: "200" } },
      },
      methodResponses: { "200": { statusCode: "200" } },
    });
  });

  it("shows its members as the SDK types them", async () => {
    await using cloud = await testCloud();
    const { client, api, restApiId } = await emptyApi(cloud);
    expect(api).toMatchObject({
      id: expect.stringMatching(/^[a-z][a-z0-9]{9}$/),
      name: "shop",
      description: "d",
      createdDate: new Date(cloud.clock.now()),
      apiKeySource: "HEADER",
      endpointConfiguration: { types: ["EDGE"] },
      tags: { team: "blue" },
      disableExecuteApiEndpoint: false,
    });
    expect(await client.send(new sdk.GetRestApiCommand({ restApiId }))).toMatchObject({
      id: restApiId,
      rootResourceId: api.rootResourceId,
    });
    const patchOperations = [
      { op: "replace" as const, path: "/name", value: "market" },
      { op: "add" as const, path: "/binaryMediaTypes/image~1png" },
    ];
    expect(await client.send(new sdk.UpdateRestApiCommand({ restApiId, patchOperations }))).toMatchObject({
      name: "market",
      binaryMediaTypes: ["image/png"],
    });
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
    await client.send(new sdk.TagResourceCommand({ resourceArn, tags: { a: "b" } }));
    await client.send(new sdk.UntagResourceCommand({ resourceArn, tagKeys: ["team"] }));
    expect((await client.send(new sdk.GetTagsCommand({ resourceArn }))).tags).toEqual({ a: "b" });
    await client.send(new sdk.DeleteRestApiCommand({ restApiId }));
    await expect(client.send(new sdk.GetRestApiCommand({ restApiId }))).rejects.toThrow(
      `Invalid API identifier specified 123456789012:${restApiId}`,
    );
  });

  it("lists resources in the order of their paths, by pages, with methods when asked", async () => {
    await using cloud = await testCloud();
    const { client, restApiId, parentId } = await emptyApi(cloud);
    for (const pathPart of ["b", "a", "c"])
      await client.send(new sdk.CreateResourceCommand({ restApiId, parentId, pathPart }));
    await client.send(
      new sdk.PutMethodCommand({ restApiId, resourceId: parentId, httpMethod: "ANY", authorizationType: "AWS_IAM" }),
    );
    const first = await client.send(new sdk.GetResourcesCommand({ restApiId, limit: 3 }));
    expect(first.items?.map(({ path, resourceMethods }) => [path, resourceMethods])).toEqual([
      ["/", { ANY: {} }],
      ["/a", undefined],
      ["/b", undefined],
    ]);
    const rest = await client.send(
      new sdk.GetResourcesCommand({ restApiId, limit: 3, position: first.position, embed: ["methods"] }),
    );
    expect([rest.items?.map(({ path }) => path), rest.position]).toEqual([["/c"], undefined]);
    const root = await client.send(new sdk.GetResourceCommand({ restApiId, resourceId: parentId, embed: ["methods"] }));
    expect(root.resourceMethods?.["ANY"]).toMatchObject({ authorizationType: "AWS_IAM" });
  });

  it("loses a resource with all below it", async () => {
    await using cloud = await testCloud();
    const { client, restApiId, parentId } = await emptyApi(cloud);
    const { id: resourceId } = await client.send(new sdk.CreateResourceCommand({ restApiId, parentId, pathPart: "a" }));
    await client.send(new sdk.CreateResourceCommand({ restApiId, parentId: resourceId, pathPart: "b" }));
    await client.send(new sdk.DeleteResourceCommand({ restApiId, resourceId }));
    const { items } = await client.send(new sdk.GetResourcesCommand({ restApiId }));
    expect(items?.map(({ path }) => path)).toEqual(["/"]);
  });
});

describe("what is refused", () => {
  it.each([
    [
      "a bad path part",
      (client, { restApiId, parentId }) =>
        client.send(new sdk.CreateResourceCommand({ restApiId, parentId, pathPart: "a b" })),
      /path part only allow/,
    ],
    [
      "an unknown method",
      (client, { restApiId, parentId }) =>
        client.send(
          new sdk.PutMethodCommand({ restApiId, resourceId: parentId, httpMethod: "BREW", authorizationType: "NONE" }),
        ),
      /Invalid HTTP method/,
    ],
    [
      "an unknown authorizer",
      (client, { restApiId, parentId }) =>
        client.send(
          new sdk.PutMethodCommand({
            restApiId,
            resourceId: parentId,
            httpMethod: "GET",
            authorizationType: "CUSTOM",
            authorizerId: "x",
          }),
        ),
      /Invalid Authorizer identifier/,
    ],
    [
      "a deployment of nothing",
      (client, { restApiId }) => client.send(new sdk.CreateDeploymentCommand({ restApiId })),
      /doesn't contain any methods/,
    ],
    [
      "a stage of no deployment",
      (client, { restApiId }) =>
        client.send(new sdk.CreateStageCommand({ restApiId, stageName: "v1", deploymentId: "x" })),
      /Invalid Deployment identifier/,
    ],
    [
      "an unknown patch path",
      (client, { restApiId }) =>
        client.send(
          new sdk.UpdateRestApiCommand({
            restApiId,
            patchOperations: [{ op: "replace", path: "/nothing", value: "x" }],
          }),
        ),
      /Invalid patch path '\/nothing'/,
    ],
    [
      "a body that is no document",
      (client) => client.send(new sdk.ImportRestApiCommand({ body: Buffer.from("a: [") })),
      /Invalid OpenAPI input/,
    ],
    [
      "a validator of no API",
      (client) => client.send(new sdk.CreateRequestValidatorCommand({ restApiId: "none" })),
      /Invalid API identifier/,
    ],
    [
      "a gateway response of no type",
      (client, { restApiId }) =>
        client.send(new sdk.PutGatewayResponseCommand({ restApiId, responseType: "TEAPOT" as "THROTTLED" })),
      /Invalid gateway response type/,
    ],
    [
      "a cache",
      (client, { restApiId }) =>
        client.send(
          new sdk.CreateStageCommand({ restApiId, stageName: "v1", deploymentId: "x", cacheClusterEnabled: true }),
        ),
      /does not implement cache clusters/,
    ],
    [
      "a client certificate",
      (client) => client.send(new sdk.GenerateClientCertificateCommand({})),
      /does not implement apigateway:GenerateClientCertificate/,
    ],
  ] satisfies [
    string,
    (client: sdk.APIGatewayClient, ids: { restApiId: string; parentId: string }) => Promise<unknown>,
    RegExp,
  ][])("%s", async (_name, command, message) => {
    await using cloud = await testCloud();
    const { client, ...ids } = await emptyApi(cloud);
    await expect(command(client, ids)).rejects.toThrow(message);
  });

  it("is everything that a role's policy does not allow, by method and path", async () => {
    await using cloud = await testCloud();
    const { restApiId } = await emptyApi(cloud);
    const reader = await role(cloud, "reader", [
      { Action: "apigateway:GET", Resource: `arn:aws:apigateway:us-east-1::/restapis/${restApiId}` },
    ]);
    const as = asRole(reader, "s");
    expect(await cloud.call("apigateway", "GetRestApi", { restApiId }, as)).toMatchObject({ name: "shop" });
    await expect(cloud.call("apigateway", "DeleteRestApi", { restApiId }, as)).rejects.toThrow(
      /apigateway:DELETE on resource: arn:aws:apigateway:us-east-1::\/restapis\//,
    );
    await expect(cloud.call("apigateway", "GetRestApis", {}, as)).rejects.toThrow(
      /apigateway:GET on resource: arn:aws:apigateway:us-east-1::\/restapis/,
    );
  });
});

describe("after a restart", () => {
  it("APIs, stages, keys and usage are as they were", async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), "apis-"));
    onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
    const operation = {
      security: [{ api_key: [] }],
      responses: { "200": {} },
      "x-amazon-apigateway-integration": {
        type: "mock",
        requestTemplates: { "application/json": '{"statusCode":200}' },
        responses: { default: { statusCode: "200" } },
      },
    };
    const document = {
      swagger: "2.0",
      info: { title: "t" },
      paths: { "/x": { get: operation } },
      securityDefinitions: { api_key: { type: "apiKey", name: "x-api-key", in: "header" } },
    };
    const headers = { "x-api-key": "abcdefhijk1234567890" };
    let path = "";
    {
      await using cloud = await testCloud({ dataFolder });
      const client = cloud.client(sdk.APIGatewayClient);
      const { id: apiId = "" } = await client.send(
        new sdk.ImportRestApiCommand({ body: Buffer.from(JSON.stringify(document)) }),
      );
      await client.send(new sdk.CreateDeploymentCommand({ restApiId: apiId, stageName: "v1" }));
      const { id: keyId } = await client.send(
        new sdk.CreateApiKeyCommand({ value: headers["x-api-key"], enabled: true }),
      );
      const { id: usagePlanId } = await client.send(
        new sdk.CreateUsagePlanCommand({
          name: "p",
          apiStages: [{ apiId, stage: "v1" }],
          quota: { limit: 2, period: "MONTH" },
        }),
      );
      await client.send(new sdk.CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));
      path = `/_apis/${apiId}/v1/x`;
      expect((await fetch(cloud.endpoint + path, { headers })).status).toBe(200);
    }
    await using cloud = await testCloud({ dataFolder });
    expect((await fetch(cloud.endpoint + path, { headers })).status).toBe(200);
    expect((await fetch(cloud.endpoint + path, { headers })).status).toBe(429);
  });
});
