/** The management API of HTTP APIs, as an SDK client sees it. */
import * as sdk from "@aws-sdk/client-apigatewayv2";
import { describe, expect, it } from "vitest";
import type { TestCloud } from "../../../testing.ts";
import { apiCloud } from "../../apigateway/testing/fake-functions.ts";

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
    await using cloud = await apiCloud({ backend: () => "ok" });
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
