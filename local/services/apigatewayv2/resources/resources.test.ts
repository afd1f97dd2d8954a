/** AWS::ApiGatewayV2::* one by one, as native templates use them. */
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
