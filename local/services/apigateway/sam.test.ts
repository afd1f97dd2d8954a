/** APIs as SAM makes them, from template to answer, with real functions behind them. */
import { describe, expect, it } from "vitest";
import { createStacks } from "../../template/stacks.ts";
import { testCloud, type TestCloud } from "../../testing.ts";

const stacksOf = (cloud: TestCloud) => createStacks(cloud, cloud.providerOf);

const backend = (answer: string, rest: object) => ({
  Type: "AWS::Serverless::Function",
  Properties: {
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    InlineCode: `exports.handler = async (event) => (${answer});`,
    ...rest,
  },
});

const http = (Path: string, Method: string, more: object = {}) => ({
  Type: "HttpApi",
  Properties: { Path, Method, ...more },
});
const rest = (Path: string, Method: string, more: object = {}) => ({
  Type: "Api",
  Properties: { Path, Method, ...more },
});

describe("AWS::Serverless::HttpApi", () => {
  const template = (path: string) =>
    JSON.stringify({
      Transform: "AWS::Serverless-2016-10-31",
      Globals: { HttpApi: { CorsConfiguration: { AllowOrigins: ["*"], AllowMethods: ["GET"] } } },
      Resources: {
        Fn: backend("{ path: event.rawPath, id: event.pathParameters?.id }", {
          Events: { Get: http(path, "get"), Rest: { Type: "HttpApi" } },
        }),
      },
      Outputs: {
        Url: { Value: { "Fn::Sub": "https://${ServerlessHttpApi}.execute-api.${AWS::Region}.amazonaws.com" } },
      },
    });

  it("serves its routes, and keeps its address when they change", async () => {
    await using cloud = await testCloud();
    const stacks = stacksOf(cloud);
    const first = await stacks.deploy({ name: "shop", body: template("/jobs/{id}") });
    const url = first.outputs["Url"] ?? "";
    expect(first.warnings).toEqual([]);
    expect(url).toMatch(new RegExp(`^${cloud.endpoint}/_apis/`));
    const answer = await fetch(`${url}/jobs/7`, { headers: { origin: "https://a" } });
    expect([await answer.json(), answer.headers.get("access-control-allow-origin")]).toEqual([
      { path: "/jobs/7", id: "7" },
      "*",
    ]);
    expect(await (await fetch(`${url}/else`)).json()).toEqual({ path: "/else" });
    const second = await stacks.deploy({ name: "shop", body: template("/tasks/{id}") });
    expect(second.outputs["Url"]).toBe(url);
    expect(await (await fetch(`${url}/tasks/8`)).json()).toEqual({ path: "/tasks/8", id: "8" });
    expect(await (await fetch(`${url}/jobs/7`)).json()).toEqual({ path: "/jobs/7" });
    await stacks.delete("shop");
    expect((await fetch(`${url}/jobs/7`)).status).toBe(404);
    expect(cloud.logged).toEqual([]);
  });
});

describe("AWS::Serverless::Api", () => {
  const template = (method: string, quota: number) =>
    JSON.stringify({
      Transform: "AWS::Serverless-2016-10-31",
      Resources: {
        Api: {
          Type: "AWS::Serverless::Api",
          Properties: {
            StageName: "prod",
            Cors: "'https://a'",
            Models: { Order: { type: "object", required: ["sku"] } },
            MethodSettings: [
              { HttpMethod: "*", ResourcePath: "/*", ThrottlingBurstLimit: 50, ThrottlingRateLimit: 100 },
            ],
            GatewayResponses: { INVALID_API_KEY: { StatusCode: 401 } },
            Auth: {
              Authorizers: { Own: { FunctionArn: { "Fn::GetAtt": ["Authorizer", "Arn"] } } },
              UsagePlan: { CreateUsagePlan: "PER_API", Quota: { Limit: quota, Period: "DAY" } },
            },
          },
        },
        Fn: backend(
          '{ statusCode: 200, body: JSON.stringify({ who: event.requestContext.authorizer?.principalId ?? "anybody" }) }',
          {
            Events: {
              Open: rest("/open", method, { RestApiId: { Ref: "Api" } }),
              Guarded: rest("/guarded", "get", { RestApiId: { Ref: "Api" }, Auth: { Authorizer: "Own" } }),
              Keyed: rest("/keyed/{id}", "get", { RestApiId: { Ref: "Api" }, Auth: { ApiKeyRequired: true } }),
              Order: rest("/orders", "post", {
                RestApiId: { Ref: "Api" },
                RequestModel: { Model: "Order", ValidateBody: true, Required: true },
              }),
            },
          },
        ),
        Authorizer: backend(
          '{ principalId: event.authorizationToken, policyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: event.methodArn }] } }',
          {},
        ),
      },
      Outputs: {
        Url: { Value: { "Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.amazonaws.com/prod" } },
        Key: { Value: { Ref: "ApiApiKey" } },
        Root: { Value: { "Fn::GetAtt": ["Api", "RootResourceId"] } },
      },
    });

  it("has methods, authorizers, keys, models, CORS and settings, and changes in place", async () => {
    await using cloud = await testCloud();
    const stacks = stacksOf(cloud);
    const { outputs, warnings } = await stacks.deploy({ name: "shop", body: template("get", 2) });
    expect(warnings).toEqual([]);
    const { Url: url = "", Key: apiKey = "" } = outputs;
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(url + path, { headers });
      return `${answer.status} ${await answer.text()}`;
    };
    expect(await get("/open")).toBe('200 {"who":"anybody"}');
    expect(await get("/guarded")).toBe('401 {"message":"Unauthorized"}');
    expect(await get("/guarded", { authorization: "ann" })).toBe('200 {"who":"ann"}');
    const preflight = await fetch(`${url}/open`, { method: "OPTIONS" });
    expect([
      preflight.status,
      preflight.headers.get("access-control-allow-methods"),
      preflight.headers.get("access-control-allow-origin"),
    ]).toEqual([200, "GET,OPTIONS", "https://a"]);
    const order = (body: string) =>
      fetch(`${url}/orders`, { method: "POST", headers: { "content-type": "application/json" }, body });
    expect([(await order("{}")).status, (await order('{"sku":"a"}')).status]).toEqual([400, 200]);

    const { value = "" } = await cloud.call(
      "apigateway",
      "GetApiKey",
      { apiKey, includeValue: true },
      { kind: "account" },
    );
    expect(await get("/keyed/1")).toBe('401 {"message":"Forbidden"}');
    expect(await get("/keyed/1", { "x-api-key": value })).toMatch(/^200/);

    const changed = await stacks.deploy({ name: "shop", body: template("post", 3) });
    expect(changed.outputs).toEqual(outputs);
    expect(await get("/open")).toBe('403 {"message":"Missing Authentication Token"}');
    expect((await fetch(`${url}/open`, { method: "POST" })).status).toBe(200);
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await get("/keyed/1", { "x-api-key": value })).slice(0, 3));
    expect(statuses).toEqual(["200", "200", "429"]);

    await stacks.delete("shop");
    expect((await fetch(`${url}/open`)).status).toBe(404);
    expect((await cloud.call("apigateway", "GetApiKeys", {}, { kind: "account" })).items).toEqual([]);
    expect((await cloud.call("apigateway", "GetUsagePlans", {}, { kind: "account" })).items).toEqual([]);
  });
});
