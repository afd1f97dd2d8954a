/** API keys and usage plans: what they allow, and what is counted. */
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteUsagePlanCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsageCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeysCommand,
  NotFoundException,
  type QuotaSettings,
  type ThrottleSettings,
  UpdateApiKeyCommand,
  UpdateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiCloud } from "../testing/fake-functions.ts";
import { deployRest, proxyTo } from "../testing/rest-api.ts";
import { periodStart } from "./store.ts";

const KEY = "abcdefhijk1234567890";

async function keyedApi(
  limits: { throttle?: ThrottleSettings; quota?: QuotaSettings } = {},
  document: Record<string, unknown> = {},
) {
  const cloud = await apiCloud({
    backend: () => ({ statusCode: 200, body: "ok" }),
    authorizer: ({ queryStringParameters }) => ({
      principalId: "user",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" }],
      },
      usageIdentifierKey: (queryStringParameters as Record<string, string>)["apiKey"],
    }),
  });
  const scheme = {
    api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    ByQuery: {
      type: "apiKey",
      name: "Unused",
      in: "header",
      "x-amazon-apigateway-authtype": "custom",
      "x-amazon-apigateway-authorizer": {
        type: "request",
        authorizerUri: cloud.functionUri("authorizer"),
        identitySource: "method.request.querystring.apiKey",
        authorizerResultTtlInSeconds: 0,
      },
    },
  };
  const uri = cloud.functionUri("backend");
  const isByAuthorizer = document["x-amazon-apigateway-api-key-source"] === "AUTHORIZER";
  const security = isByAuthorizer ? [{ ByQuery: [] }, { api_key: [] }] : [{ api_key: [] }];
  const paths = { "/x": { get: proxyTo(uri, { security }) }, "/open": { get: proxyTo(uri) } };
  const { url, apiId, client } = await deployRest(cloud, paths, {
    components: { securitySchemes: scheme },
    ...document,
  });
  const { id: keyId = "" } = await client.send(new CreateApiKeyCommand({ name: "partner", value: KEY, enabled: true }));
  const plan = { name: "plan", apiStages: [{ apiId, stage: "prod" }], ...limits };
  const { id: planId = "" } = await client.send(new CreateUsagePlanCommand(plan));
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId: planId, keyId, keyType: "API_KEY" }));
  const call = async (key: string | undefined = KEY) => {
    const answer = await fetch(`${url}/x`, { headers: key === undefined ? {} : { "x-api-key": key } });
    return `${answer.status} ${await answer.text()}`;
  };
  return { cloud, url, apiId, client, keyId, planId, call };
}

describe("a method that needs an API key", () => {
  it("is served with a key of a plan of the stage, and the function learns which", async () => {
    const { cloud, call, keyId } = await keyedApi();
    await using _ = cloud;
    expect(await call()).toBe("200 ok");
    expect(cloud.events[0]).toMatchObject({ requestContext: { identity: { apiKey: KEY, apiKeyId: keyId } } });
  });

  it("is forbidden without a key, with an unknown one, with one that is disabled or in no plan", async () => {
    const { cloud, call, client, keyId, url } = await keyedApi();
    await using _ = cloud;
    const forbidden = '403 {"message":"Forbidden"}';
    const other = await client.send(new CreateApiKeyCommand({ enabled: true }));
    expect(await fetch(`${url}/x`).then(async (answer) => `${answer.status} ${await answer.text()}`)).toBe(forbidden);
    expect(await call("unknown")).toBe(forbidden);
    expect(await call(other.value)).toBe(forbidden);
    await client.send(
      new UpdateApiKeyCommand({
        apiKey: keyId,
        patchOperations: [{ op: "replace", path: "/enabled", value: "false" }],
      }),
    );
    expect(await call()).toBe(forbidden);
    expect((await fetch(`${url}/open`)).status).toBe(200);
  });

  it("takes the key that the authorizer names, where the API says so", async () => {
    const { cloud, url, call } = await keyedApi({}, { "x-amazon-apigateway-api-key-source": "AUTHORIZER" });
    await using _ = cloud;
    expect((await fetch(`${url}/x?apiKey=${KEY}`)).status).toBe(200);
    expect((await fetch(`${url}/x?apiKey=unknown`)).status).toBe(403);
    expect(await call()).toBe('401 {"message":"Unauthorized"}');
  });
});

describe("a usage plan", () => {
  it("lets through a burst, then as many a second as its rate", async () => {
    const { cloud, call } = await keyedApi({ throttle: { burstLimit: 2, rateLimit: 1 } });
    await using _ = cloud;
    const tooMany = '429 {"message":"Too Many Requests"}';
    expect([await call(), await call(), await call()]).toEqual(["200 ok", "200 ok", tooMany]);
    await cloud.clock.advance(999);
    expect(await call()).toBe(tooMany);
    await cloud.clock.advance(1);
    expect([await call(), await call()]).toEqual(["200 ok", tooMany]);
  });

  it("counts requests up to its quota, and anew when the period is over", async () => {
    const { cloud, call, client, planId, keyId } = await keyedApi({ quota: { limit: 2, period: "DAY" } });
    await using _ = cloud;
    const exceeded = '429 {"message":"Limit Exceeded"}';
    expect([await call(), await call(), await call()]).toEqual(["200 ok", "200 ok", exceeded]);
    await cloud.clock.advance(11 * 3_600_000);
    expect(await call()).toBe(exceeded);
    await cloud.clock.advance(3_600_000);
    expect(await call()).toBe("200 ok");
    const usage = await client.send(
      new GetUsageCommand({ usagePlanId: planId, startDate: "2030-01-07", endDate: "2030-01-08" }),
    );
    expect(usage.items).toEqual({
      [keyId]: [
        [2, 0],
        [1, 1],
      ],
    });
  });

  it("does not count what it refuses", async () => {
    const { cloud, call } = await keyedApi({
      throttle: { burstLimit: 1, rateLimit: 1 },
      quota: { limit: 2, period: "DAY" },
    });
    await using _ = cloud;
    await call();
    await call();
    await cloud.clock.advance(1_000);
    expect(await call()).toBe("200 ok");
  });

  it("throttles a method apart", async () => {
    const { cloud, call, client, planId, apiId } = await keyedApi();
    await using _ = cloud;
    const at = `/apiStages/${apiId}:prod/throttle/~1x/GET`;
    await client.send(
      new UpdateUsagePlanCommand({
        usagePlanId: planId,
        patchOperations: [
          { op: "replace", path: `${at}/rateLimit`, value: "1" },
          { op: "replace", path: `${at}/burstLimit`, value: "1" },
        ],
      }),
    );
    expect([await call(), await call()]).toEqual(["200 ok", '429 {"message":"Too Many Requests"}']);
  });

  it("is changed, listed and deleted through the API", async () => {
    const { cloud, client, planId, keyId, apiId } = await keyedApi();
    await using _ = cloud;
    const change = { op: "replace" as const, path: "/quota/limit", value: "9" };
    await client.send(
      new UpdateUsagePlanCommand({
        usagePlanId: planId,
        patchOperations: [change, { op: "replace", path: "/quota/period", value: "WEEK" }],
      }),
    );
    expect(await client.send(new GetUsagePlanCommand({ usagePlanId: planId }))).toMatchObject({
      quota: { limit: 9, period: "WEEK" },
    });
    const { items } = await client.send(new GetUsagePlanKeysCommand({ usagePlanId: planId }));
    expect(items).toEqual([{ id: keyId, type: "API_KEY", value: KEY, name: "partner" }]);
    await expect(client.send(new DeleteUsagePlanCommand({ usagePlanId: planId }))).rejects.toThrow(/API stages/);
    await client.send(
      new UpdateUsagePlanCommand({
        usagePlanId: planId,
        patchOperations: [{ op: "remove", path: "/apiStages", value: `${apiId}:prod` }],
      }),
    );
    await client.send(new DeleteUsagePlanCommand({ usagePlanId: planId }));
    await expect(client.send(new GetUsagePlanCommand({ usagePlanId: planId }))).rejects.toThrow(NotFoundException);
  });
});

describe("API keys", () => {
  it("show their value only when asked, and are listed by name and page", async () => {
    await using cloud = await apiCloud({});
    const client = cloud.client(APIGatewayClient);
    const created = await client.send(new CreateApiKeyCommand({ name: "a1" }));
    expect(created).toMatchObject({
      enabled: false,
      createdDate: new Date(cloud.clock.now()),
      value: expect.stringMatching(/^\w{40}$/),
    });
    for (const name of ["a2", "a3", "b1"]) await client.send(new CreateApiKeyCommand({ name }));
    const first = await client.send(new GetApiKeysCommand({ nameQuery: "a", limit: 2 }));
    expect(first.items?.map(({ name, value }) => [name, value])).toEqual([
      ["a1", undefined],
      ["a2", undefined],
    ]);
    const second = await client.send(new GetApiKeysCommand({ nameQuery: "a", limit: 2, position: first.position }));
    expect([second.items?.map(({ name }) => name), second.position]).toEqual([["a3"], undefined]);
    const shown = await client.send(new GetApiKeyCommand({ apiKey: created.id, includeValue: true }));
    expect(shown.value).toBe(created.value);
  });

  it.each([
    [{ value: "short" }, /at least 20 characters/],
    [{ value: KEY }, /already exists/],
  ])("%j is refused", async (input, message) => {
    await using cloud = await apiCloud({});
    const client = cloud.client(APIGatewayClient);
    await client.send(new CreateApiKeyCommand({ value: KEY }));
    await expect(client.send(new CreateApiKeyCommand(input))).rejects.toThrow(message);
  });
});

describe("a quota period", () => {
  it("begins at midnight, on a day of the week or of the month", () => {
    const now = Date.UTC(2030, 0, 9, 15);
    const start = (quota: QuotaSettings) => new Date(periodStart(now, quota)).toISOString();
    expect(start({ period: "DAY" })).toBe("2030-01-09T00:00:00.000Z");
    expect(start({ period: "WEEK" })).toBe("2030-01-06T00:00:00.000Z");
    expect(start({ period: "WEEK", offset: 4 })).toBe("2030-01-03T00:00:00.000Z");
    expect(start({ period: "MONTH" })).toBe("2030-01-01T00:00:00.000Z");
    expect(start({ period: "MONTH", offset: 14 })).toBe("2029-12-15T00:00:00.000Z");
  });

  it("always began at a midnight at most 31 days ago", () => {
    const quotas = fc.oneof(
      fc.constant<QuotaSettings>({ period: "DAY" }),
      fc.record({ period: fc.constant("WEEK" as const), offset: fc.nat(6) }),
      fc.record({ period: fc.constant("MONTH" as const), offset: fc.nat(27) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), quotas, (now, quota) => {
        const start = periodStart(now, quota);
        expect(Math.abs(start % 86_400_000)).toBe(0);
        expect(start).toBeLessThanOrEqual(now);
        expect(now - start).toBeLessThan(31 * 86_400_000);
      }),
    );
  });
});
