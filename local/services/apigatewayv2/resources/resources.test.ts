/** AWS::ApiGatewayV2::* one by one, and the management API behind them. */
import * as sdk from "@aws-sdk/client-apigatewayv2";
import { describe, expect, it } from "vitest";
import { createStacks } from "../../../template/stacks.ts";
import type { TestCloud } from "../../../testing.ts";
import { apiCloud, type ApiCloud } from "../../apigateway/testing/fake-functions.ts";

const ref = (name: string) => ({ Ref: name });
const target = (name: string) => ({ "Fn::Sub": `integrations/\${${name}}` });
const inApi = { ApiId: ref("Api") };

const template = (cloud: ApiCloud, changes: Record<string, unknown> = {}) => ({
  Resources: {
    Api: {
      Type: "AWS::ApiGatewayV2::Api",
      Properties: {
        Name: "shop",
        ProtocolType: "HTTP",
        CorsConfiguration: { AllowOrigins: ["*"], MaxAge: "60" },
        Tags: { team: "blue" },
      },
    },
    Integration: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: {
        ...inApi,
        IntegrationType: "AWS_PROXY",
        IntegrationUri: cloud.functionArn("backend"),
        PayloadFormatVersion: "2.0",
      },
    },
    Authorizer: {
      Type: "AWS::ApiGatewayV2::Authorizer",
      Properties: {
        ...inApi,
        Name: "own",
        AuthorizerType: "REQUEST",
        AuthorizerUri: cloud.functionUri("authorizer"),
        AuthorizerPayloadFormatVersion: "2.0",
        EnableSimpleResponses: true,
        IdentitySource: ["$request.header.Authorization"],
      },
    },
    Open: {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: { ...inApi, RouteKey: "GET /open", Target: target("Integration") },
    },
    Guarded: {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: {
        ...inApi,
        RouteKey: "GET /guarded",
        AuthorizationType: "CUSTOM",
        AuthorizerId: ref("Authorizer"),
        Target: target("Integration"),
      },
    },
    Stage: {
      Type: "AWS::ApiGatewayV2::Stage",
      Properties: { ...inApi, StageName: "$default", AutoDeploy: true, StageVariables: { team: "blue" } },
    },
    ...changes,
  },
  Outputs: { Url: { Value: { "Fn::GetAtt": ["Api", "ApiEndpoint"] } }, Id: { Value: ref("Api") } },
});

const functions = {
  backend: ({ stageVariables }: Record<string, unknown>) => ({
    statusCode: 200,
    body: JSON.stringify(stageVariables ?? null),
  }),
  authorizer: ({ identitySource }: Record<string, unknown>) => ({ isAuthorized: String(identitySource) === "ann" }),
};

const deploy = (cloud: TestCloud, body: object) =>
  createStacks(cloud, cloud.providerOf).deploy({ name: "shop", body: JSON.stringify(body) });

describe("an HTTP API of single resources", () => {
  it("is served, changes in place and is gone with its stack", async () => {
    await using cloud = await apiCloud(functions);
    const first = await deploy(cloud, template(cloud));
    const url = first.outputs["Url"] ?? "";
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(url + path, { headers });
      return `${answer.status} ${await answer.text()}`;
    };
    expect(first.warnings).toEqual([]);
    expect(await get("/open")).toBe('200 {"team":"blue"}');
    expect([await get("/guarded", { authorization: "ann" }), await get("/guarded", { authorization: "bob" })]).toEqual([
      '200 {"team":"blue"}',
      '403 {"message":"Forbidden"}',
    ]);

    const Open = {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: { ...inApi, RouteKey: "GET /opened", Target: target("Integration") },
    };
    const Guarded = {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: { ...inApi, RouteKey: "GET /guarded", Target: target("Integration") },
    };
    const Stage = {
      Type: "AWS::ApiGatewayV2::Stage",
      Properties: { ...inApi, StageName: "$default", AutoDeploy: true },
    };
    const Api = { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "market", ProtocolType: "HTTP" } };
    const second = await deploy(cloud, template(cloud, { Open, Guarded, Stage, Api }));
    expect(second.outputs).toEqual(first.outputs);
    expect([await get("/open"), await get("/opened"), await get("/guarded")]).toEqual([
      '404 {"message":"Not Found"}',
      "200 null",
      "200 null",
    ]);
    const { items } = await shown(cloud, second.outputs["Id"] ?? "");
    expect(items.CorsConfiguration).toBeUndefined();
    expect(items.Name).toBe("market");

    await createStacks(cloud, cloud.providerOf).delete("shop");
    expect(await get("/opened")).toMatch(/^404/);
  });

  it("with deployments of its own serves only what was deployed", async () => {
    await using cloud = await apiCloud(functions);
    const Deployment = { Type: "AWS::ApiGatewayV2::Deployment", DependsOn: ["Open"], Properties: inApi };
    const Stage = {
      Type: "AWS::ApiGatewayV2::Stage",
      Properties: { ...inApi, StageName: "v1", DeploymentId: ref("Deployment") },
    };
    const {
      Guarded: _,
      Authorizer: __,
      ...resources
    } = template(cloud, { Deployment, Stage }).Resources as Record<string, unknown>;
    const { outputs } = await deploy(cloud, { ...template(cloud), Resources: resources });
    const client = cloud.client(sdk.ApiGatewayV2Client);
    const ApiId = outputs["Id"];
    const { Items = [] } = await client.send(new sdk.GetIntegrationsCommand({ ApiId }));
    await client.send(
      new sdk.CreateRouteCommand({
        ApiId,
        RouteKey: "GET /later",
        Target: `integrations/${Items[0]?.IntegrationId ?? ""}`,
      }),
    );
    const status = async (path: string) => (await fetch(`${outputs["Url"] ?? ""}/v1${path}`)).status;
    expect([await status("/open"), await status("/later")]).toEqual([200, 404]);
    await client.send(new sdk.CreateDeploymentCommand({ ApiId, StageName: "v1" }));
    expect(await status("/later")).toBe(200);
  });
});

async function shown(cloud: TestCloud, ApiId: string) {
  const client = cloud.client(sdk.ApiGatewayV2Client);
  return { items: await client.send(new sdk.GetApiCommand({ ApiId })) };
}

describe("the management API", () => {
  async function made(cloud: TestCloud) {
    const client = cloud.client(sdk.ApiGatewayV2Client);
    const api = await client.send(new sdk.CreateApiCommand({ Name: "shop", ProtocolType: "HTTP" }));
    return { client, api, ApiId: api.ApiId };
  }

  it("shows an API as the SDK types it", async () => {
    await using cloud = await apiCloud({});
    const { api, ApiId, client } = await made(cloud);
    expect(api).toMatchObject({
      ApiId: expect.stringMatching(/^[a-z][a-z0-9]{9}$/),
      ApiEndpoint: `${cloud.endpoint}/_apis/${ApiId ?? ""}`,
      CreatedDate: new Date(cloud.clock.now()),
      Name: "shop",
      ProtocolType: "HTTP",
      RouteSelectionExpression: "$request.method $request.path",
      DisableExecuteApiEndpoint: false,
    });
    await client.send(new sdk.DeleteApiCommand({ ApiId }));
    await expect(client.send(new sdk.GetApiCommand({ ApiId }))).rejects.toThrow(sdk.NotFoundException);
  });

  it("makes an API with route, integration and stage from a target", async () => {
    await using cloud = await apiCloud(functions);
    const client = cloud.client(sdk.ApiGatewayV2Client);
    const { ApiEndpoint = "" } = await client.send(
      new sdk.CreateApiCommand({ Name: "quick", ProtocolType: "HTTP", Target: cloud.functionArn("backend") }),
    );
    expect((await fetch(`${ApiEndpoint}/any/where`)).status).toBe(200);
    expect(cloud.events[0]).toMatchObject({ version: "2.0", routeKey: "$default" });
  });

  it("lists by pages", async () => {
    await using cloud = await apiCloud({});
    const { client, ApiId } = await made(cloud);
    const { IntegrationId = "" } = await client.send(
      new sdk.CreateIntegrationCommand({
        ApiId,
        IntegrationType: "HTTP_PROXY",
        IntegrationMethod: "GET",
        IntegrationUri: "http://127.0.0.1:1/",
      }),
    );
    for (const path of ["/a", "/b", "/c"])
      await client.send(
        new sdk.CreateRouteCommand({ ApiId, RouteKey: `GET ${path}`, Target: `integrations/${IntegrationId}` }),
      );
    const keys: (string | undefined)[] = [];
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page: sdk.GetRoutesCommandOutput = await client.send(
        new sdk.GetRoutesCommand({ ApiId, MaxResults: "2", NextToken }),
      );
      keys.push(...(page.Items ?? []).map(({ RouteKey }) => RouteKey));
      NextToken = page.NextToken;
      pages++;
    } while (NextToken !== undefined);
    expect([keys, pages]).toEqual([["GET /a", "GET /b", "GET /c"], 2]);
  });

  it.each([
    [
      "a route key of no form",
      (client, ApiId) => client.send(new sdk.CreateRouteCommand({ ApiId, RouteKey: "/x" })),
      /route key is not formatted properly/,
    ],
    [
      "a route to nothing",
      (client, ApiId) =>
        client.send(new sdk.CreateRouteCommand({ ApiId, RouteKey: "GET /x", Target: "integrations/none" })),
      /Unable to find Integration by id none/,
    ],
    [
      "a route with an API key",
      (client, ApiId) => client.send(new sdk.CreateRouteCommand({ ApiId, RouteKey: "GET /x", ApiKeyRequired: true })),
      /ApiKeyRequired is not supported/,
    ],
    [
      "a proxy without a format",
      (client, ApiId) =>
        client.send(
          new sdk.CreateIntegrationCommand({
            ApiId,
            IntegrationType: "AWS_PROXY",
            IntegrationUri: "arn:aws:lambda:us-east-1:1:function:f",
          }),
        ),
      /PayloadFormatVersion is a required parameter/,
    ],
    [
      "an integration of REST APIs",
      (client, ApiId) => client.send(new sdk.CreateIntegrationCommand({ ApiId, IntegrationType: "MOCK" })),
      /does not support MOCK/,
    ],
    [
      "a timeout of a minute",
      (client, ApiId) =>
        client.send(
          new sdk.CreateIntegrationCommand({
            ApiId,
            IntegrationType: "HTTP_PROXY",
            IntegrationMethod: "GET",
            IntegrationUri: "http://127.0.0.1/",
            TimeoutInMillis: 60_000,
          }),
        ),
      /between 50 ms and 30000 ms/,
    ],
    [
      "credentials for everybody",
      (client) =>
        client.send(
          new sdk.CreateApiCommand({
            Name: "a",
            ProtocolType: "HTTP",
            CorsConfiguration: { AllowOrigins: ["*"], AllowCredentials: true },
          }),
        ),
      /AllowCredentials is not supported/,
    ],
    [
      "a WebSocket API",
      (client) => client.send(new sdk.CreateApiCommand({ Name: "a", ProtocolType: "WEBSOCKET" })),
      /does not implement APIs with protocol WEBSOCKET/,
    ],
    [
      "a stage name with spaces",
      (client, ApiId) => client.send(new sdk.CreateStageCommand({ ApiId, StageName: "a b" })),
      /Stage name only allows/,
    ],
    [
      "a deployment of nothing",
      (client, ApiId) => client.send(new sdk.CreateDeploymentCommand({ ApiId })),
      /At least one route is required/,
    ],
    [
      "a document of another version",
      (client) => client.send(new sdk.ImportApiCommand({ Body: '{"swagger":"2.0"}' })),
      /need OpenAPI 3.0/,
    ],
    [
      "a VPC link",
      (client) => client.send(new sdk.CreateVpcLinkCommand({ Name: "v", SubnetIds: ["s"] })),
      /does not implement apigatewayv2:CreateVpcLink/,
    ],
  ] satisfies [string, (client: sdk.ApiGatewayV2Client, ApiId: string | undefined) => Promise<unknown>, RegExp][])(
    "refuses %s",
    async (_name, command, message) => {
      await using cloud = await apiCloud({});
      const { client, ApiId } = await made(cloud);
      await expect(command(client, ApiId)).rejects.toThrow(message);
    },
  );

  it("refuses what would leave something hanging, and the same route twice", async () => {
    await using cloud = await apiCloud({});
    const { client, ApiId } = await made(cloud);
    const { IntegrationId = "" } = await client.send(
      new sdk.CreateIntegrationCommand({
        ApiId,
        IntegrationType: "HTTP_PROXY",
        IntegrationMethod: "GET",
        IntegrationUri: "http://127.0.0.1:1/",
      }),
    );
    const route = { ApiId, RouteKey: "GET /x", Target: `integrations/${IntegrationId}` };
    await client.send(new sdk.CreateRouteCommand(route));
    await expect(client.send(new sdk.CreateRouteCommand(route))).rejects.toThrow(
      "Route with key GET /x already exists for this API",
    );
    await expect(client.send(new sdk.DeleteIntegrationCommand({ ApiId, IntegrationId }))).rejects.toThrow(
      sdk.ConflictException,
    );
  });
});
