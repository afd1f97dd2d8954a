import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SERVICES } from "../../index.ts";
import { type LambdaStage, lambdaStage } from "../testing/lambda-stage.ts";

let stage: LambdaStage;
beforeEach(async () => {
  // Whoever serves plain requests is asked for each; here that is Lambda alone.
  stage = await lambdaStage({ services: SERVICES.filter(({ id }) => !id.startsWith("apigateway")) });
});
afterEach(() => stage[Symbol.asyncDispose]());

async function open(code: string, extra: object = {}): Promise<string> {
  await stage.make("page", { code });
  const { FunctionUrl = "" } = await stage.client.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: "page", AuthType: "NONE", ...extra }),
  );
  await stage.client.send(
    new AddPermissionCommand({
      FunctionName: "page",
      StatementId: "public",
      Action: "lambda:InvokeFunctionUrl",
      Principal: "*",
      FunctionUrlAuthType: "NONE",
    }),
  );
  return FunctionUrl;
}
const ECHO = `export const handler = async (event) => event;`;

describe("a function URL", () => {
  it("hands the request to the function in payload format 2.0", async () => {
    const url = await open(ECHO);
    const response = await fetch(`${url}a%20b/c?x=1&x=2&y=%26`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: "a=1; b=2", "x-own": "yes" },
      body: '{"n":1}',
    });
    expect(response.status).toBe(200);
    const id = /_urls\/(\w+)\//.exec(url)?.[1];
    expect(await response.json()).toMatchObject({
      version: "2.0",
      routeKey: "$default",
      rawPath: "/a%20b/c",
      rawQueryString: "x=1&x=2&y=%26",
      cookies: ["a=1", "b=2"],
      headers: { "x-own": "yes", host: `${id}.lambda-url.us-east-1.on.aws` },
      queryStringParameters: { x: "1,2", y: "&" },
      requestContext: {
        accountId: "anonymous",
        apiId: id,
        http: { method: "POST", path: "/a%20b/c", sourceIp: "127.0.0.1" },
        stage: "$default",
        time: "07/Jan/2030:12:00:00 +0000",
        timeEpoch: Date.UTC(2030, 0, 7, 12),
      },
      body: '{"n":1}',
      isBase64Encoded: false,
    });
  });

  it("answers what the function describes", async () => {
    const url = await open(
      `export const handler = async () => ({ statusCode: 201, headers: { "X-Own": "1" }, cookies: ["a=1", "b=2"], body: Buffer.from("é").toString("base64"), isBase64Encoded: true });`,
    );
    const response = await fetch(url);
    expect([response.status, response.headers.get("x-own"), await response.text()]).toEqual([201, "1", "é"]);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  it("passes bytes as Base64", async () => {
    const url = await open(ECHO);
    const response = await fetch(url, {
      method: "PUT",
      body: new Uint8Array([0, 255]),
      headers: { "content-type": "image/png" },
    });
    expect(await response.json()).toMatchObject({ body: "AP8=", isBase64Encoded: true });
  });

  it("streams with metadata", async () => {
    const url = await open(
      `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        const out = awslambda.HttpResponseStream.from(stream, { statusCode: 418, headers: { "content-type": "text/plain" } });
        out.write("tea"); out.end("pot");
      });`,
      { InvokeMode: "RESPONSE_STREAM" },
    );
    const response = await fetch(url);
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      418,
      "text/plain",
      "teapot",
    ]);
  });

  it("says no more than Internal Server Error about a failure, and 429 about a throttle", async () => {
    const url = await open(`export const handler = async () => { throw new Error("secret"); };`);
    const failed = await fetch(url);
    expect([failed.status, await failed.text()]).toEqual([502, "Internal Server Error"]);
    await stage.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "page", ReservedConcurrentExecutions: 0 }),
    );
    expect((await fetch(url)).status).toBe(429);
  });

  it("is closed to those whom the function's policy does not let in", async () => {
    await stage.make("closed", { code: ECHO });
    const { FunctionUrl = "" } = await stage.client.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: "closed", AuthType: "NONE" }),
    );
    const response = await fetch(FunctionUrl);
    expect([response.status, await response.json()]).toEqual([403, { Message: "Forbidden" }]);
  });

  it("asks for a signature when it is for IAM only", async () => {
    await stage.make("signed", { code: ECHO });
    const { FunctionUrl = "" } = await stage.client.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: "signed", AuthType: "AWS_IAM" }),
    );
    expect((await fetch(FunctionUrl)).status).toBe(403);
    const authorization =
      "AWS4-HMAC-SHA256 Credential=AKIALOCALACCOUNT0000/20300107/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0";
    expect((await fetch(FunctionUrl, { headers: { authorization } })).status).toBe(200);
  });

  it("answers browsers from other origins", async () => {
    const url = await open(ECHO, { Cors: { AllowOrigins: ["https://a.example"], AllowMethods: ["GET"], MaxAge: 60 } });
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: { origin: "https://a.example", "access-control-request-method": "GET" },
    });
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      "access-control-allow-origin": "https://a.example",
      "access-control-allow-methods": "GET",
      "access-control-max-age": "60",
    });
    const other = await fetch(url, { headers: { origin: "https://b.example" } });
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("is gone when it is deleted", async () => {
    const url = await open(ECHO);
    await stage.client.send(new DeleteFunctionUrlConfigCommand({ FunctionName: "page" }));
    expect((await fetch(url)).status).toBe(404);
    await expect(stage.client.send(new GetFunctionUrlConfigCommand({ FunctionName: "page" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
