/** Who may call the routes of an HTTP API. */
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateApiCommand, CreateAuthorizerCommand, ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import { describe, expect, it, onTestFinished } from "vitest";
import { apiCloud, type FakeFunction } from "../../apigateway/testing/fake-functions.ts";
import { role, signedAs } from "../../apigateway/testing/rest-api.ts";
import { importHttp, proxyTo } from "../testing/http-api.ts";

describe("IAM authorization", () => {
  async function iamApi(format = "2.0") {
    const cloud = await apiCloud({ backend: () => "ok" });
    const get = proxyTo(cloud.functionUri("backend"), { security: [{ AWS_IAM: [] }] }, format);
    const scheme = { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" };
    return {
      cloud,
      ...(await importHttp(cloud, { "/x/{id}": { get } }, { components: { securitySchemes: { AWS_IAM: scheme } } })),
    };
  }

  it("lets a role in that may invoke the route, and tells the function who it is", async () => {
    const { cloud, url, apiId } = await iamApi();
    await using _ = cloud;
    const Resource = cloud.arn("execute-api", `${apiId}/$default/GET/x/1`);
    const caller = await role(cloud, "caller", [{ Action: "execute-api:Invoke", Resource }]);
    expect((await fetch(`${url}/x/1`, { headers: signedAs(cloud, caller, "s1") })).status).toBe(200);
    expect(cloud.events[0]).toMatchObject({
      requestContext: {
        authorizer: {
          iam: {
            accessKey: expect.stringMatching(/^ASIA/),
            accountId: "123456789012",
            userArn: "arn:aws:sts::123456789012:assumed-role/caller/s1",
            cognitoIdentity: null,
          },
        },
      },
    });
    const denied = await fetch(`${url}/x/2`, { headers: signedAs(cloud, caller) });
    expect([denied.status, await denied.text()]).toEqual([403, '{"message":"Forbidden"}']);
  });

  it("forbids unsigned requests", async () => {
    const { cloud, url } = await iamApi();
    await using _ = cloud;
    const answer = await fetch(`${url}/x/1`);
    expect([answer.status, await answer.text()]).toEqual([403, '{"message":"Forbidden"}']);
    expect(cloud.events).toEqual([]);
  });
});

async function withAuthorizer(authorizer: FakeFunction, extension: object, format = "2.0") {
  const cloud = await apiCloud({ authorizer, backend: () => ({ statusCode: 200, body: "ok" }) });
  const scheme = {
    type: "apiKey",
    name: "Unused",
    in: "header",
    "x-amazon-apigateway-authorizer": { type: "request", authorizerUri: cloud.functionUri("authorizer"), ...extension },
  };
  const get = proxyTo(cloud.functionUri("backend"), { security: [{ Mine: [] }] }, format);
  return {
    cloud,
    ...(await importHttp(
      cloud,
      { "/x": { get }, "/y": { get } },
      { components: { securitySchemes: { Mine: scheme } } },
    )),
  };
}

const sources = ["$request.header.Authorization", "$request.querystring.team"];
const simple = { authorizerPayloadFormatVersion: "2.0", enableSimpleResponses: true, identitySource: sources };

describe("a Lambda authorizer with simple responses", () => {
  it("gets the identity and the request, and its context reaches the function", async () => {
    const { cloud, url, apiId } = await withAuthorizer(
      () => ({ isAuthorized: true, context: { level: 7, tags: ["a"] } }),
      simple,
    );
    await using _ = cloud;
    expect((await fetch(`${url}/x?team=blue`, { headers: { authorization: "secret" } })).status).toBe(200);
    expect(cloud.events[0]).toMatchObject({
      version: "2.0",
      type: "REQUEST",
      routeArn: `arn:aws:execute-api:us-east-1:123456789012:${apiId}/$default/GET/x`,
      identitySource: ["secret", "blue"],
      routeKey: "GET /x",
      rawPath: "/x",
      rawQueryString: "team=blue",
      queryStringParameters: { team: "blue" },
      requestContext: { http: { method: "GET" }, stage: "$default" },
    });
    expect(cloud.events[1]).toMatchObject({ requestContext: { authorizer: { lambda: { level: 7, tags: ["a"] } } } });
    expect(cloud.sources[0]).toMatch(new RegExp(`:${apiId}/authorizers/\\w{6}$`));
  });

  it("is not asked when an identity source is missing", async () => {
    const { cloud, url } = await withAuthorizer(() => ({ isAuthorized: true }), simple);
    await using _ = cloud;
    const answer = await fetch(`${url}/x`, { headers: { authorization: "secret" } });
    expect([answer.status, await answer.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(cloud.events).toEqual([]);
  });

  it.each([
    ["says no", () => ({ isAuthorized: false }), 403, "Forbidden"],
    [
      "throws",
      () => {
        throw new Error("oops");
      },
      500,
      "Internal Server Error",
    ],
    [
      "throws Unauthorized",
      () => {
        throw new Error("Unauthorized");
      },
      401,
      "Unauthorized",
    ],
    ["answers something else", () => ({ yes: true }), 500, "Internal Server Error"],
  ])("that %s", async (_name, authorizer, status, message) => {
    const { cloud, url } = await withAuthorizer(authorizer, simple);
    await using _ = cloud;
    const answer = await fetch(`${url}/x?team=a`, { headers: { authorization: "t" } });
    expect([answer.status, await answer.json()]).toEqual([status, { message }]);
  });

  it("is asked every time, unless a time to live is set", async () => {
    const { cloud, url } = await withAuthorizer(() => ({ isAuthorized: true }), {
      ...simple,
      authorizerResultTtlInSeconds: 60,
    });
    await using _ = cloud;
    const asked = () => cloud.events.filter(({ type }) => type === "REQUEST").length;
    const call = (token: string) => fetch(`${url}/x?team=a`, { headers: { authorization: token } });
    await call("a");
    await call("a");
    expect(asked()).toBe(1);
    await call("b");
    expect(asked()).toBe(2);
    await cloud.clock.advance(60_000);
    await call("a");
    expect(asked()).toBe(3);
    const every = await withAuthorizer(() => ({ isAuthorized: true }), simple);
    await using __ = every.cloud;
    for (let n = 0; n < 2; n++) await fetch(`${every.url}/x?team=a`, { headers: { authorization: "a" } });
    expect(every.cloud.events.filter(({ type }) => type === "REQUEST")).toHaveLength(2);
  });
});

describe("a Lambda authorizer of format 1.0", () => {
  it("answers a policy, which is asked about the route", async () => {
    const authorizer: FakeFunction = ({ methodArn }) => ({
      principalId: "ann",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: String(methodArn).replace("/y", "/x") }],
      },
      context: { level: "7" },
    });
    const { cloud, url } = await withAuthorizer(
      authorizer,
      { authorizerPayloadFormatVersion: "1.0", identitySource: "$request.header.Authorization" },
      "1.0",
    );
    await using _ = cloud;
    expect((await fetch(`${url}/x`, { headers: { authorization: "t" } })).status).toBe(200);
    expect(cloud.events[0]).toMatchObject({
      version: "1.0",
      type: "REQUEST",
      methodArn: expect.stringMatching(/\/\$default\/GET\/x$/),
      identitySource: "t",
      authorizationToken: "t",
      httpMethod: "GET",
      path: "/x",
      headers: { Authorization: "t" },
    });
    expect(cloud.events[1]).toMatchObject({
      version: "1.0",
      resource: "/x",
      requestContext: { authorizer: { principalId: "ann", level: "7" }, resourceId: "GET /x" },
    });
    expect((await fetch(`${url}/y`, { headers: { authorization: "t" } })).status).toBe(403);
  });
});

describe("a JWT authorizer", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

  async function issuer(): Promise<string> {
    const server = createServer((request, response) => {
      const at = `http://${request.headers.host ?? ""}`;
      const isKeys = request.url === "/keys";
      response.end(
        JSON.stringify(
          isKeys
            ? { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256" }] }
            : { issuer: at, jwks_uri: `${at}/keys` },
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (claims: object, header: object = { alg: "RS256", kid: "k1" }) => {
    const signed = `${part(header)}.${part(claims)}`;
    return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
  };
  const now = Date.UTC(2030, 0, 7, 12) / 1000;

  async function jwtApi() {
    const iss = await issuer();
    const cloud = await apiCloud({ backend: () => "ok" });
    const scheme = {
      type: "oauth2",
      "x-amazon-apigateway-authorizer": {
        type: "jwt",
        identitySource: "$request.header.Authorization",
        jwtConfiguration: { issuer: iss, audience: ["shop"] },
      },
    };
    const uri = cloud.functionUri("backend");
    const paths = {
      "/x": { get: proxyTo(uri, { security: [{ Jwt: [] }] }) },
      "/write": { get: proxyTo(uri, { security: [{ Jwt: ["write"] }] }) },
    };
    const { url } = await importHttp(cloud, paths, { components: { securitySchemes: { Jwt: scheme } } });
    const call = async (path: string, bearer: string | undefined) =>
      (await fetch(url + path, { headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } })).status;
    return { cloud, call, claims: { iss, aud: "shop", sub: "ann", exp: now + 60, scope: "read write" } };
  }

  it("lets in a token of its issuer for its audience, and gives the claims to the function", async () => {
    const { cloud, call, claims } = await jwtApi();
    await using _ = cloud;
    expect(await call("/x", token(claims))).toBe(200);
    expect(cloud.events[0]).toMatchObject({
      requestContext: { authorizer: { jwt: { claims: { sub: "ann", aud: "shop" }, scopes: null } } },
    });
    expect(await call("/write", token(claims))).toBe(200);
    expect(cloud.events[1]).toMatchObject({ requestContext: { authorizer: { jwt: { scopes: ["write"] } } } });
    expect(await call("/write", token({ ...claims, scope: "read" }))).toBe(403);
  });

  it("refuses every other token", async () => {
    const { cloud, call, claims } = await jwtApi();
    await using _ = cloud;
    const good = token(claims);
    const bad: Record<string, string | undefined> = {
      none: undefined,
      text: "x",
      expired: token({ ...claims, exp: now }),
      early: token({ ...claims, nbf: now + 1 }),
      foreign: token({ ...claims, aud: "other" }),
      "of another issuer": token({ ...claims, iss: "http://127.0.0.1:1" }),
      "of another key": token(claims, { alg: "RS256", kid: "k2" }),
      unsigned: token(claims, { alg: "none", kid: "k1" }),
      forged: `${good.split(".")[0] ?? ""}.${part({ ...claims, sub: "bob" })}.${good.split(".")[2] ?? ""}`,
    };
    const answers = await Promise.all(
      Object.entries(bad).map(async ([name, bearer]) => [name, await call("/x", bearer)]),
    );
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(Object.keys(bad).map((name) => [name, 401])));
  });

  it("is refused for an issuer that cannot be reached", async () => {
    await using cloud = await apiCloud({});
    const client = cloud.client(ApiGatewayV2Client);
    const { ApiId } = await client.send(new CreateApiCommand({ Name: "a", ProtocolType: "HTTP" }));
    const input = {
      ApiId,
      Name: "j",
      AuthorizerType: "JWT" as const,
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: { Issuer: "https://issuer.example", Audience: ["a"] },
    };
    await expect(client.send(new CreateAuthorizerCommand(input))).rejects.toThrow(/not on this machine/);
  });
});
