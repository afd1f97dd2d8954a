/** Who may call the methods of a REST API. */
import { describe, expect, it } from "vitest";
import { type ApiCloud, apiCloud, type FakeFunction } from "../testing/fake-functions.ts";
import { deployRest, proxyTo, role, signedAs } from "../testing/rest-api.ts";

const ok = () => ({ statusCode: 200, body: "ok" });
const policy = (Effect: string, Resource: string | string[] = "*") => ({
  Version: "2012-10-17",
  Statement: [{ Action: "execute-api:Invoke", Effect, Resource }],
});

describe("IAM authorization", () => {
  const iam = { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" };

  async function iamApi(document: Record<string, unknown> = {}) {
    const cloud = await apiCloud({ backend: ok });
    const get = proxyTo(cloud.functionUri("backend"), { security: [{ AWS_IAM: [] }] });
    const document2 = { components: { securitySchemes: { AWS_IAM: iam } }, ...document };
    return { cloud, ...(await deployRest(cloud, { "/x": { get }, "/y": { get } }, document2)) };
  }

  it("lets a role in that may invoke exactly this method, and tells the function who it is", async () => {
    const { cloud, url, apiId } = await iamApi();
    await using _ = cloud;
    const caller = await role(cloud, "caller", [
      { Action: "execute-api:Invoke", Resource: cloud.arn("execute-api", `${apiId}/prod/GET/x`) },
    ]);
    expect((await fetch(`${url}/x`, { headers: signedAs(cloud, caller, "s1") })).status).toBe(200);
    expect(cloud.events[0]).toMatchObject({
      requestContext: {
        identity: { accountId: "123456789012", userArn: "arn:aws:sts::123456789012:assumed-role/caller/s1" },
      },
    });
    const other = await fetch(`${url}/y`, { headers: signedAs(cloud, caller) });
    expect(other.status).toBe(403);
    expect(await other.json()).toEqual({
      Message: expect.stringMatching(
        /^User: .*assumed-role\/caller\/caller is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:\*{8}9012:\w+\/prod\/GET\/y/,
      ),
    });
  });

  it("takes an unsigned request for one without a token", async () => {
    const { cloud, url } = await iamApi();
    await using _ = cloud;
    const answer = await fetch(`${url}/x`);
    expect([answer.status, await answer.text()]).toEqual([403, '{"message":"Missing Authentication Token"}']);
  });

  it("lets in by the API's own policy too", async () => {
    const statement = {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:role/caller" },
      Action: "execute-api:Invoke",
      Resource: "execute-api:/prod/GET/x",
    };
    const { cloud, url } = await iamApi({
      "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: [statement] },
    });
    await using _ = cloud;
    const headers = signedAs(cloud, await role(cloud, "caller", []));
    expect((await fetch(`${url}/x`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/y`, { headers })).status).toBe(403);
  });
});

describe("a resource policy", () => {
  const from = (address: string) => ({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: ["execute-api:/*"] },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: ["execute-api:/*"],
        Condition: { NotIpAddress: { "aws:SourceIp": [address] } },
      },
    ],
  });

  it.each([
    ["127.0.0.0/8", /^200 ok$/],
    [
      "10.0.0.0/8",
      /^403 \{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: .* with an explicit deny"\}$/,
    ],
  ])("that lets in %s answers accordingly", async (range, expected) => {
    await using cloud = await apiCloud({ backend: ok });
    const document = { "x-amazon-apigateway-policy": from(range) };
    const { url } = await deployRest(cloud, { "/x": { get: proxyTo(cloud.functionUri("backend")) } }, document);
    const answer = await fetch(`${url}/x`);
    expect(`${answer.status} ${await answer.text()}`).toMatch(expected);
  });
});

async function withAuthorizer(
  authorizer: FakeFunction,
  extension: object,
  name = "Authorization",
): Promise<{ cloud: ApiCloud; url: string; apiId: string }> {
  const cloud = await apiCloud({ authorizer, backend: ok });
  const scheme = {
    type: "apiKey",
    name,
    in: "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": { authorizerUri: cloud.functionUri("authorizer"), ...extension },
  };
  const get = proxyTo(cloud.functionUri("backend"), { security: [{ Mine: [] }] });
  const document = { components: { securitySchemes: { Mine: scheme } } };
  return { cloud, ...(await deployRest(cloud, { "/x": { get }, "/y/{id}": { get } }, document)) };
}

describe("a TOKEN authorizer", () => {
  it("gets the token and the method, and its context reaches the function as texts", async () => {
    const { cloud, url, apiId } = await withAuthorizer(
      () => ({ principalId: "ann", policyDocument: policy("Allow"), context: { level: 7, admin: true } }),
      { type: "token" },
    );
    await using _ = cloud;
    expect((await fetch(`${url}/y/1?a=b`, { headers: { authorization: "secret" } })).status).toBe(200);
    expect(cloud.events).toEqual([
      {
        type: "TOKEN",
        methodArn: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/prod/GET/y/1`,
        authorizationToken: "secret",
      },
      expect.objectContaining({
        requestContext: expect.objectContaining({ authorizer: { principalId: "ann", level: "7", admin: "true" } }),
      }),
    ]);
    expect(cloud.sources[0]).toMatch(new RegExp(`:${apiId}/authorizers/\\w{6}$`));
  });

  it("is not asked without a token, or for one of the wrong form", async () => {
    const { cloud, url } = await withAuthorizer(() => ({ principalId: "x", policyDocument: policy("Allow") }), {
      type: "token",
      identityValidationExpression: "Bearer .+",
    });
    await using _ = cloud;
    for (const headers of [{}, { authorization: "Basic x" }] as Record<string, string>[]) {
      const answer = await fetch(`${url}/x`, { headers });
      expect([answer.status, await answer.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    }
    expect(cloud.events).toEqual([]);
    expect((await fetch(`${url}/x`, { headers: { authorization: "Bearer x" } })).status).toBe(200);
  });

  it.each([
    [
      "denies",
      () => ({ principalId: "x", policyDocument: policy("Deny") }),
      403,
      { Message: "User is not authorized to access this resource with an explicit deny" },
    ],
    [
      "allows something else",
      () => ({ principalId: "x", policyDocument: policy("Allow", "arn:aws:execute-api:*:*:*/prod/GET/z") }),
      403,
      { Message: "User is not authorized to access this resource" },
    ],
    [
      "throws Unauthorized",
      () => {
        throw new Error("Unauthorized");
      },
      401,
      { message: "Unauthorized" },
    ],
    [
      "throws something else",
      () => {
        throw new Error("oops");
      },
      500,
      { message: "Internal server error" },
    ],
    ["answers no policy", () => ({ principalId: "x" }), 500, { message: "Internal server error" }],
    [
      "answers an object in the context",
      () => ({ principalId: "x", policyDocument: policy("Allow"), context: { a: {} } }),
      500,
      { message: "Internal server error" },
    ],
  ])("that %s", async (_name, authorizer, status, body) => {
    const { cloud, url } = await withAuthorizer(authorizer, { type: "token" });
    await using _ = cloud;
    const answer = await fetch(`${url}/x`, { headers: { authorization: "t" } });
    expect([answer.status, await answer.json()]).toEqual([status, body]);
    expect(cloud.events).toHaveLength(1);
  });

  it("is asked once in five minutes for one token, and its policy holds for all methods", async () => {
    const { cloud, url } = await withAuthorizer(
      ({ methodArn }) => ({ principalId: "x", policyDocument: policy("Allow", String(methodArn)) }),
      { type: "token" },
    );
    await using _ = cloud;
    const get = async (path: string, token = "t") =>
      (await fetch(url + path, { headers: { authorization: token } })).status;
    expect(await get("/x")).toBe(200);
    expect(await get("/x")).toBe(200);
    expect(await get("/y/1")).toBe(403);
    expect(await get("/y/1", "other")).toBe(200);
    await cloud.clock.advance(300_000);
    expect(await get("/y/1")).toBe(200);
    expect(cloud.events.filter(({ type }) => type === "TOKEN")).toHaveLength(3);
  });
});

describe("a REQUEST authorizer", () => {
  it("gets the request, and is not asked when an identity source is missing", async () => {
    const { cloud, url } = await withAuthorizer(() => ({ principalId: "x", policyDocument: policy("Allow") }), {
      type: "request",
      identitySource: "method.request.querystring.key, method.request.header.X-Team",
      authorizerResultTtlInSeconds: 0,
    });
    await using _ = cloud;
    expect((await fetch(`${url}/y/1?key=k`)).status).toBe(401);
    expect(cloud.events).toEqual([]);
    for (let n = 0; n < 2; n++)
      expect((await fetch(`${url}/y/1?key=k`, { headers: { "x-team": "blue" } })).status).toBe(200);
    expect(cloud.events.filter(({ type }) => type === "REQUEST")).toHaveLength(2);
    expect(cloud.events[0]).toMatchObject({
      type: "REQUEST",
      methodArn: expect.stringMatching(/\/prod\/GET\/y\/1$/),
      resource: "/y/{id}",
      path: "/y/1",
      httpMethod: "GET",
      headers: { "x-team": "blue" },
      queryStringParameters: { key: "k" },
      pathParameters: { id: "1" },
      stageVariables: {},
      requestContext: { stage: "prod", identity: { sourceIp: "127.0.0.1" } },
    });
    expect(cloud.events[0]).not.toHaveProperty("body");
  });
});
