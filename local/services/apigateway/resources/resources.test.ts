/** AWS::ApiGateway::* one by one, as native templates use them. */
import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { createStacks } from "../../../template/stacks.ts";
import { testCloud, type TestCloud } from "../../../testing.ts";

const ref = (name: string) => ({ Ref: name });
const mock = (body: string, status = "200") => ({
  Type: "MOCK",
  RequestTemplates: { "application/json": '{"statusCode": 200}' },
  IntegrationResponses: [{ StatusCode: status, ResponseTemplates: { "application/json": body } }],
});
const inApi = { RestApiId: ref("Api") };

/** An API of single resources; `changes` replace or add resources. */
const template = (changes: Record<string, unknown> = {}, deployment = "One") => ({
  Resources: {
    Api: { Type: "AWS::ApiGateway::RestApi", Properties: { Name: "shop", Tags: [{ Key: "team", Value: "blue" }] } },
    Items: {
      Type: "AWS::ApiGateway::Resource",
      Properties: { ...inApi, ParentId: { "Fn::GetAtt": ["Api", "RootResourceId"] }, PathPart: "items" },
    },
    Item: { Type: "AWS::ApiGateway::Resource", Properties: { ...inApi, ParentId: ref("Items"), PathPart: "{id}" } },
    Model: {
      Type: "AWS::ApiGateway::Model",
      Properties: {
        ...inApi,
        Name: "Item",
        ContentType: "application/json",
        Schema: { type: "object", required: ["sku"] },
      },
    },
    Validator: {
      Type: "AWS::ApiGateway::RequestValidator",
      Properties: { ...inApi, Name: "body", ValidateRequestBody: true },
    },
    Get: {
      Type: "AWS::ApiGateway::Method",
      Properties: {
        ...inApi,
        ResourceId: ref("Item"),
        HttpMethod: "GET",
        AuthorizationType: "NONE",
        Integration: mock(`{"id": "$input.params('id')", "team": "$stageVariables.team"}`),
        MethodResponses: [{ StatusCode: "200" }],
      },
    },
    Post: {
      Type: "AWS::ApiGateway::Method",
      Properties: {
        ...inApi,
        ResourceId: ref("Items"),
        HttpMethod: "POST",
        AuthorizationType: "NONE",
        RequestValidatorId: ref("Validator"),
        RequestModels: { "application/json": ref("Model") },
        Integration: mock("{}", "201"),
        MethodResponses: [{ StatusCode: "201" }],
      },
    },
    NotFound: {
      Type: "AWS::ApiGateway::GatewayResponse",
      Properties: {
        ...inApi,
        ResponseType: "MISSING_AUTHENTICATION_TOKEN",
        StatusCode: "404",
        ResponseTemplates: { "application/json": '{"no":1}' },
      },
    },
    [deployment]: { Type: "AWS::ApiGateway::Deployment", DependsOn: ["Get", "Post", "NotFound"], Properties: inApi },
    Stage: {
      Type: "AWS::ApiGateway::Stage",
      Properties: {
        ...inApi,
        StageName: "v1",
        DeploymentId: ref(deployment),
        Variables: { team: "blue" },
        MethodSettings: [
          { ResourcePath: "/items/{id}", HttpMethod: "GET", ThrottlingBurstLimit: 3, ThrottlingRateLimit: 1 },
        ],
      },
    },
    ...changes,
  },
  Outputs: { Url: { Value: { "Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.amazonaws.com/${Stage}" } } },
});

const deploy = async (cloud: TestCloud, body: object) =>
  createStacks(cloud, cloud.providerOf).deploy({ name: "shop", body: JSON.stringify(body) });

describe("a REST API of single resources", () => {
  it("is served", async () => {
    await using cloud = await testCloud();
    const { outputs, warnings } = await deploy(cloud, template());
    const url = outputs["Url"] ?? "";
    expect(warnings).toEqual([]);
    expect(await (await fetch(`${url}/items/7`)).json()).toEqual({ id: "7", team: "blue" });
    const post = (body: string) =>
      fetch(`${url}/items`, { method: "POST", headers: { "content-type": "application/json" }, body });
    expect([(await post("{}")).status, (await post('{"sku":1}')).status]).toEqual([400, 201]);
    const missing = await fetch(`${url}/none`);
    expect([missing.status, await missing.json()]).toEqual([404, { no: 1 }]);
    expect([
      (await fetch(`${url}/items/7`)).status,
      (await fetch(`${url}/items/7`)).status,
      (await fetch(`${url}/items/7`)).status,
    ]).toEqual([200, 200, 429]);
  });

  it("changes methods and stage in place, with a new deployment", async () => {
    await using cloud = await testCloud();
    const first = await deploy(cloud, template());
    const Get = {
      Type: "AWS::ApiGateway::Method",
      Properties: {
        ...inApi,
        ResourceId: ref("Item"),
        HttpMethod: "GET",
        AuthorizationType: "NONE",
        Integration: mock('{"new": "$stageVariables.lang"}'),
        MethodResponses: [{ StatusCode: "200" }],
      },
    };
    const Stage = {
      Type: "AWS::ApiGateway::Stage",
      Properties: { ...inApi, StageName: "v1", DeploymentId: ref("Two"), Variables: { lang: "no" } },
    };
    const { One: _, ...changed } = { ...template({ Get, Stage }, "Two").Resources, One: undefined };
    const second = await deploy(cloud, { ...template(), Resources: changed });
    expect(second.outputs).toEqual(first.outputs);
    const url = second.outputs["Url"] ?? "";
    expect(await (await fetch(`${url}/items/7`)).json()).toEqual({ new: "no" });
    const restApiId = url.split("/").at(-2) ?? "";
    const stage = await cloud.call("apigateway", "GetStage", { restApiId, stageName: "v1" }, ACCOUNT);
    expect(stage).toMatchObject({ variables: { lang: "no" }, methodSettings: {} });
    expect((await cloud.call("apigateway", "GetDeployments", { restApiId }, ACCOUNT)).items).toHaveLength(1);
  });

  it("changes models, validators and authorizers in place, though methods refer to them", async () => {
    await using cloud = await testCloud();
    const authorizer = (ttl: number) => ({
      Type: "AWS::ApiGateway::Authorizer",
      Properties: {
        ...inApi,
        Name: "own",
        Type: "TOKEN",
        AuthorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations",
        IdentitySource: "method.request.header.Authorization",
        AuthorizerResultTtlInSeconds: ttl,
      },
    });
    const Model = (required: string) => ({
      Type: "AWS::ApiGateway::Model",
      Properties: { ...inApi, Name: "Item", ContentType: "application/json", Schema: { required: [required] } },
    });
    const Validator = { Type: "AWS::ApiGateway::RequestValidator", Properties: { ...inApi, Name: "body" } };
    await deploy(cloud, template({ Own: authorizer(60), Model: Model("a") }));
    const { outputs } = await deploy(cloud, template({ Own: authorizer(0), Model: Model("b"), Validator }));
    const restApiId = (outputs["Url"] ?? "").split("/").at(-2);
    const [models, validators, authorizers] = await Promise.all([
      cloud.call("apigateway", "GetModels", { restApiId }, ACCOUNT),
      cloud.call("apigateway", "GetRequestValidators", { restApiId }, ACCOUNT),
      cloud.call("apigateway", "GetAuthorizers", { restApiId }, ACCOUNT),
    ]);
    expect(models.items).toMatchObject([{ name: "Item", schema: '{"required":["b"]}' }]);
    expect(validators.items).toMatchObject([{ name: "body", validateRequestBody: false }]);
    expect(authorizers.items).toMatchObject([{ name: "own", authorizerResultTtlInSeconds: 0 }]);
  });

  it("is gone with its stack", async () => {
    await using cloud = await testCloud();
    const { outputs } = await deploy(cloud, template());
    await createStacks(cloud, cloud.providerOf).delete("shop");
    expect((await cloud.call("apigateway", "GetRestApis", {}, ACCOUNT)).items).toEqual([]);
    expect((await fetch(`${outputs["Url"] ?? ""}/items/7`)).status).toBe(404);
  });

  it("says which member of a resource is wrong", async () => {
    await using cloud = await testCloud();
    const Get = {
      Type: "AWS::ApiGateway::Method",
      Properties: {
        ...inApi,
        ResourceId: ref("Item"),
        HttpMethod: "GET",
        AuthorizationType: "COGNITO_USER_POOLS",
        Integration: mock("{}"),
      },
    };
    await expect(deploy(cloud, template({ Get }))).rejects.toThrow(
      /Get .*does not implement authorization COGNITO_USER_POOLS/,
    );
  });
});

describe("keys and plans of a template", () => {
  const resources = (throttle: number, enabled: boolean) => ({
    ...template().Resources,
    Key: {
      Type: "AWS::ApiGateway::ApiKey",
      Properties: { Name: "partner", Enabled: enabled, Value: "abcdefhijk1234567890" },
    },
    Plan: {
      Type: "AWS::ApiGateway::UsagePlan",
      Properties: {
        UsagePlanName: "plan",
        ApiStages: [
          {
            ApiId: ref("Api"),
            Stage: ref("Stage"),
            Throttle: { "/items/POST": { RateLimit: throttle, BurstLimit: throttle } },
          },
        ],
        Quota: { Limit: 5, Period: "WEEK" },
      },
    },
    PlanKey: {
      Type: "AWS::ApiGateway::UsagePlanKey",
      Properties: { KeyId: ref("Key"), KeyType: "API_KEY", UsagePlanId: ref("Plan") },
    },
  });

  it("are made, and changed in place", async () => {
    await using cloud = await testCloud();
    const outputs = {
      Key: { Value: { "Fn::GetAtt": ["Key", "APIKeyId"] } },
      Plan: { Value: { "Fn::GetAtt": ["Plan", "Id"] } },
    };
    const first = await deploy(cloud, { Resources: resources(1, true), Outputs: outputs });
    const second = await deploy(cloud, { Resources: resources(2, false), Outputs: outputs });
    expect(second.outputs).toEqual(first.outputs);
    const usagePlanId = second.outputs["Plan"];
    const plan = await cloud.call("apigateway", "GetUsagePlan", { usagePlanId }, ACCOUNT);
    expect(plan).toMatchObject({
      quota: { limit: 5, period: "WEEK" },
      apiStages: [{ stage: "v1", throttle: { "/items/POST": { rateLimit: 2, burstLimit: 2 } } }],
    });
    const { items } = await cloud.call("apigateway", "GetUsagePlanKeys", { usagePlanId }, ACCOUNT);
    expect(items).toMatchObject([{ id: second.outputs["Key"], name: "partner" }]);
    expect(await cloud.call("apigateway", "GetApiKey", { apiKey: second.outputs["Key"] }, ACCOUNT)).toMatchObject({
      enabled: false,
    });
  });
});

describe("AWS::ApiGateway::Account", () => {
  it("sets the role by which the account writes logs", async () => {
    await using cloud = await testCloud();
    const account = {
      Type: "AWS::ApiGateway::Account",
      Properties: { CloudWatchRoleArn: "arn:aws:iam::123456789012:role/logs" },
    };
    await deploy(cloud, { Resources: { Account: account } });
    expect(await cloud.call("apigateway", "GetAccount", {}, ACCOUNT)).toMatchObject({
      cloudwatchRoleArn: "arn:aws:iam::123456789012:role/logs",
      throttleSettings: { rateLimit: 10_000, burstLimit: 5_000 },
    });
  });
});
