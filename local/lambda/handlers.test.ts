import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../services/lambda/testing/lambda-stage.ts";

let stage: LambdaStage;
beforeAll(async () => {
  stage = await lambdaStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe("a handler", () => {
  it.each(
    [
      { what: "an ES module", code: { "index.mjs": `export const handler = async (event) => event.n + 1;` } },
      { what: "a CommonJS module", code: { "index.js": `exports.handler = async (event) => event.n + 1;` } },
      { what: "an ES module by its syntax", code: { "index.js": `export const handler = (event) => event.n + 1;` } },
      {
        what: "a module in a folder",
        code: {
          "src/app.cjs": `exports.handler = async (event) => event.n + require("../one.cjs");`,
          "one.cjs": "module.exports = 1;",
        },
        handler: "src/app.handler",
      },
      {
        what: "a member of an object",
        code: { "index.mjs": `export const api = { add: async (event) => event.n + 1 };` },
        handler: "index.api.add",
      },
      {
        what: "a member of the default export",
        code: { "index.mjs": `export default { handler: async (event) => event.n + 1 };` },
      },
      {
        what: "a function with a callback",
        code: {
          "index.mjs": `export const handler = (event, context, callback) => { setTimeout(() => callback(null, event.n + 1), 10); };`,
        },
        runtime: "nodejs22.x",
      },
      {
        what: "a function that ends by its context",
        code: { "index.mjs": `export const handler = (event, context, _) => { context.succeed(event.n + 1); };` },
        runtime: "nodejs20.x",
      },
    ].map((entry, index) => ({ ...entry, name: `kind-${index}` })),
  )("may be $what", async ({ name, what: _, ...options }) => {
    await stage.make(name, options);
    expect(await stage.invoke(name, { n: 41 })).toMatchObject({ payload: 42, error: undefined });
  });

  it("answers null for undefined", async () => {
    await stage.make("nothing", { code: `export const handler = async () => {};` });
    expect((await stage.invoke("nothing")).payload).toBeNull();
  });

  it("gets an empty object when there is no payload", async () => {
    await stage.make("echo", { code: `export const handler = async (event) => event;` });
    expect((await stage.invoke("echo", {}, { Payload: undefined })).payload).toEqual({});
  });

  it("streams its answer", async () => {
    await stage.make("stream", {
      code: `export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
        stream.write("[" + event.n + ",");
        stream.end('"' + context.functionName + '"]');
      });`,
    });
    expect((await stage.invoke("stream", { n: 1 })).payload).toEqual([1, "stream"]);
  });

  it("sees in its context who it is", async () => {
    const arn = await stage.make("context", {
      timeout: 20,
      memory: 512,
      code: `export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });`,
    });
    const clientContext = Buffer.from(JSON.stringify({ custom: { tenant: "a" } })).toString("base64");
    const { payload } = await stage.invoke("context", {}, { ClientContext: clientContext });
    expect(payload).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionName: "context",
      functionVersion: "$LATEST",
      memoryLimitInMB: "512",
      logGroupName: "/aws/lambda/context",
      logStreamName: expect.stringMatching(/^2030\/01\/07\/\[\$LATEST\][0-9a-f]{32}$/),
      invokedFunctionArn: arn,
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      clientContext: { custom: { tenant: "a" } },
      left: 20_000,
    });
  });
});

describe("the environment of a function", () => {
  it("has the variables that Lambda sets, and its own", async () => {
    await stage.make("variables", {
      variables: { TABLE: "orders" },
      code: `export const handler = async () => process.env;`,
    });
    const { payload } = await stage.invoke("variables");
    expect(payload).toMatchObject({
      TABLE: "orders",
      TZ: ":UTC",
      _HANDLER: "index.handler",
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ENDPOINT_URL: stage.cloud.endpoint,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_NAME: "variables",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/variables",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SESSION_TOKEN: expect.any(String),
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0/),
    });
  });

  it("has nothing of the host's own variables", async () => {
    process.env["SECRET_OF_THE_HOST"] = "x";
    await stage.make("clean", { code: `export const handler = async () => Object.keys(process.env);` });
    expect((await stage.invoke("clean")).payload).not.toContain("SECRET_OF_THE_HOST");
    delete process.env["SECRET_OF_THE_HOST"];
  });

  it("is in UTC wherever the host is", async () => {
    await stage.make("zone", {
      code: `export const handler = async () => [new Date(0).getHours(), new Date().getTimezoneOffset()];`,
    });
    expect((await stage.invoke("zone")).payload).toEqual([0, 0]);
  });

  it("is used again, and shared by nobody at the same time", async () => {
    await stage.make("counter", {
      code: `let busy = false, runs = 0; export const handler = async () => {
        if (busy) throw new Error("shared"); busy = true; await new Promise((r) => setTimeout(r, 100)); busy = false; return ++runs; };`,
    });
    const together = await Promise.all([1, 2, 3].map(() => stage.invoke("counter")));
    expect(together.map(({ payload }) => payload)).toEqual([1, 1, 1]);
    expect((await stage.invoke("counter")).payload).toBe(2);
  });
});
