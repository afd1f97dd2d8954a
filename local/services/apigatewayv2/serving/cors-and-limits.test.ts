/** CORS, throttling, access logs and metrics of HTTP APIs. */
import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { apiCloud } from "../../apigateway/testing/fake-functions.ts";
import { importHttp, proxyTo } from "../testing/http-api.ts";

const accessHeaders = (answer: Response): Record<string, string> =>
  Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith("access-control-")));

async function corsApi(cors: object, headers: Record<string, string> = {}) {
  const cloud = await apiCloud({ backend: () => ({ statusCode: 200, headers, body: "ok" }) });
  const paths = { "/x": { post: proxyTo(cloud.functionUri("backend")) } };
  return { cloud, ...(await importHttp(cloud, paths, { "x-amazon-apigateway-cors": cors })) };
}

const preflight = (url: string, origin: string, method: string | undefined = "POST") =>
  fetch(url, {
    method: "OPTIONS",
    headers: { origin, ...(method === "" ? {} : { "access-control-request-method": method }) },
  });

describe("CORS of an HTTP API", () => {
  const cors = {
    allowOrigins: ["https://a.example", "http://*"],
    allowMethods: ["POST", "GET"],
    allowHeaders: ["content-type", "x-own"],
    exposeHeaders: ["x-two"],
    maxAge: 300,
    allowCredentials: true,
  };

  it("answers a preflight request by itself, whatever the route", async () => {
    const { cloud, url } = await corsApi(cors);
    await using _ = cloud;
    for (const path of ["/x", "/no/such/route"]) {
      const answer = await preflight(url + path, "https://a.example");
      expect([answer.status, await answer.text(), accessHeaders(answer)]).toEqual([
        204,
        "",
        {
          "access-control-allow-origin": "https://a.example",
          "access-control-allow-methods": "POST,GET",
          "access-control-allow-headers": "content-type,x-own",
          "access-control-expose-headers": "x-two",
          "access-control-max-age": "300",
          "access-control-allow-credentials": "true",
        },
      ]);
    }
    expect(cloud.events).toEqual([]);
  });

  it.each([
    ["https://a.example", "https://a.example"],
    ["http://anything.example", "http://anything.example"],
    ["https://b.example", undefined],
  ])("allows %s as %s", async (origin, allowed) => {
    const { cloud, url } = await corsApi(cors);
    await using _ = cloud;
    expect(accessHeaders(await preflight(`${url}/x`, origin))["access-control-allow-origin"]).toBe(allowed);
    const answer = await fetch(`${url}/x`, { method: "POST", headers: { origin } });
    expect([answer.status, accessHeaders(answer)["access-control-allow-origin"]]).toEqual([200, allowed]);
  });

  it("allows everybody with a star, and ignores what the function says", async () => {
    const { cloud, url } = await corsApi(
      { allowOrigins: ["*"] },
      { "access-control-allow-origin": "https://own", "x-two": "2" },
    );
    await using _ = cloud;
    const answer = await fetch(`${url}/x`, { method: "POST", headers: { origin: "https://b" } });
    expect(accessHeaders(answer)).toEqual({ "access-control-allow-origin": "*" });
    expect(answer.headers.get("x-two")).toBe("2");
    expect(accessHeaders(await fetch(`${url}/x`, { method: "POST" }))).toEqual({});
  });

  it("adds its headers to errors too", async () => {
    const { cloud, url } = await corsApi({ allowOrigins: ["*"] });
    await using _ = cloud;
    const answer = await fetch(`${url}/y`, { headers: { origin: "https://b" } });
    expect([answer.status, accessHeaders(answer)]).toEqual([404, { "access-control-allow-origin": "*" }]);
  });

  it("leaves other OPTIONS requests to the routes", async () => {
    const { cloud, url } = await corsApi(cors);
    await using _ = cloud;
    expect((await preflight(`${url}/x`, "https://a.example", "")).status).toBe(404);
  });

  it("without a configuration is the function's affair", async () => {
    await using cloud = await apiCloud({
      backend: () => ({ statusCode: 200, headers: { "access-control-allow-origin": "https://own" } }),
    });
    const { url } = await importHttp(cloud, {
      "/x": { "x-amazon-apigateway-any-method": proxyTo(cloud.functionUri("backend")) },
    });
    expect(accessHeaders(await preflight(`${url}/x`, "https://a"))).toEqual({
      "access-control-allow-origin": "https://own",
    });
    expect(cloud.events[0]).toMatchObject({ requestContext: { http: { method: "OPTIONS" } } });
  });
});

describe("a stage of an HTTP API", () => {
  it("throttles every route apart, by its own settings or the stage's", async () => {
    await using cloud = await apiCloud({ backend: () => "ok" });
    const get = proxyTo(cloud.functionUri("backend"));
    const { url } = await importHttp(
      cloud,
      { "/x": { get }, "/y": { get } },
      {},
      {
        DefaultRouteSettings: { ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1 },
        RouteSettings: { "GET /y": { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 0.5 } },
      },
    );
    const status = async (path: string) => (await fetch(url + path)).status;
    expect([await status("/x"), await status("/x")]).toEqual([200, 429]);
    expect([await status("/y"), await status("/y"), await status("/y")]).toEqual([200, 200, 429]);
    await cloud.clock.advance(1_000);
    expect([await status("/x"), await status("/y")]).toEqual([200, 429]);
    const answer = await fetch(`${url}/x`);
    expect(await answer.text()).toBe('{"message":"Too Many Requests"}');
  });

  it("writes its access log and the metrics of the API", async () => {
    await using cloud = await apiCloud({ backend: () => "ok" });
    await cloud.call("logs", "CreateLogGroup", { logGroupName: "access" }, ACCOUNT);
    const Format =
      "$context.requestId $context.httpMethod $context.routeKey $context.status $context.identity.sourceIp [$context.requestTime] $context.integrationStatus $context.error.message";
    const { url, apiId } = await importHttp(
      cloud,
      { "/x": { get: proxyTo(cloud.functionUri("backend")) } },
      {},
      {
        AccessLogSettings: { DestinationArn: `${cloud.arn("logs", "log-group:access")}:*`, Format },
      },
    );
    const id = (await fetch(`${url}/x`)).headers.get("apigw-requestid");
    await fetch(`${url}/y`);
    await cloud.clock.settle();
    const { events = [] } = await cloud.call("logs", "FilterLogEvents", { logGroupName: "access" }, ACCOUNT);
    expect(events[0]?.message).toBe(`${id ?? ""} GET GET /x 200 127.0.0.1 [07/Jan/2030:12:00:00 +0000] 200 -`);
    expect(events[1]?.message).toMatch(/ GET - 404 127\.0\.0\.1 .* - Not Found$/);
    const sum = async (MetricName: string) => {
      const input = {
        Namespace: "AWS/ApiGateway",
        MetricName,
        Dimensions: [{ Name: "ApiId", Value: apiId }],
        Period: 3600,
        Statistics: ["Sum" as const],
        StartTime: new Date(Date.UTC(2030, 0, 7, 12)),
        EndTime: new Date(Date.UTC(2030, 0, 7, 13)),
      };
      return (await cloud.call("cloudwatch", "GetMetricStatistics", input, ACCOUNT)).Datapoints?.[0]?.Sum;
    };
    expect([await sum("Count"), await sum("4xx"), await sum("5xx")]).toEqual([2, 1, 0]);
  });
});
