import {
  DeleteFunctionConcurrencyCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asRole } from "../../../core/principal.ts";
import { type LambdaStage, lambdaStage, makeRole } from "../testing/lambda-stage.ts";

let stage: LambdaStage;
beforeAll(async () => {
  stage = await lambdaStage();
  await stage.make("echo", { code: `export const handler = async (event) => event;` });
  await stage.make("slow", {
    code: `export const handler = async () => { await new Promise((r) => setTimeout(r, 10_000)); return "done"; };`,
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

const raw = (extra: object) => stage.client.send(new InvokeCommand({ FunctionName: "echo", ...extra }));

describe("Invoke", () => {
  it("answers the payload, its version and status", async () => {
    const answer = await raw({ Payload: '{"a":"ä"}' });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.Payload?.transformToString()).toBe('{"a":"ä"}');
  });

  it("only takes the event, or only checks, when it is asked to", async () => {
    expect(await raw({ InvocationType: "Event" })).toMatchObject({ StatusCode: 202 });
    expect(await raw({ InvocationType: "DryRun" })).toMatchObject({ StatusCode: 204 });
  });

  it("answers the last 4 KB of the log", async () => {
    await stage.make("verbose", {
      code: `export const handler = async () => { for (let i = 0; i < 200; i++) console.log("line " + i + " " + "x".repeat(50)); };`,
    });
    const { log } = await stage.invoke("verbose");
    expect(Buffer.byteLength(log)).toBe(4096);
    expect(log).toContain("line 199");
    expect(log).not.toContain("START");
  });

  it.each([
    ["no JSON", { Payload: "{" }, "InvalidRequestContentException", /^Could not parse request body into json/],
    [
      "more than 6 MB",
      { Payload: `"${"x".repeat(6 * 1024 * 1024 - 1)}"` },
      "RequestEntityTooLargeException",
      "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    ],
    [
      "an event of more than 1 MB",
      { InvocationType: "Event", Payload: `"${"x".repeat(1024 * 1024 - 1)}"` },
      "RequestEntityTooLargeException",
      /^1048577 byte payload is too large for the Event invocation type \(limit 1048576 bytes\)$/,
    ],
    [
      "another type",
      { InvocationType: "Sometimes" },
      "ValidationException",
      /enum value set: \[Event, RequestResponse, DryRun\]/,
    ],
    ["a client context that is no JSON", { ClientContext: "e" }, "InvalidParameterValueException", /Client context/],
    ["an unknown function", { FunctionName: "none" }, "ResourceNotFoundException", /^Function not found/],
  ])("refuses %s", async (_what, extra, name, message) => {
    await expect(raw(extra)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it("takes payloads at the limit", async () => {
    expect((await raw({ Payload: `"${"x".repeat(6 * 1024 * 1024 - 2)}"` })).Payload?.length).toBe(6 * 1024 * 1024);
    const event = { InvocationType: "Event", Payload: `"${"x".repeat(1024 * 1024 - 2)}"` };
    expect((await raw(event)).StatusCode).toBe(202);
  });

  it("tells who listens how an invocation ended", async () => {
    await stage.cloud.clock.settle();
    const seen: unknown[] = [];
    const stop = stage.cloud.signals.on("lambda.invoked", (signal) => seen.push(signal));
    await stage.invoke("echo");
    stop();
    expect(seen).toEqual([
      {
        functionArn: stage.cloud.arn("lambda", "function:echo"),
        requestId: expect.any(String),
        failed: false,
        coldStart: false,
        durationMs: expect.any(Number),
        payload: expect.any(String),
        trace: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      },
    ]);
  });
});

describe("who may invoke", () => {
  it("is decided by the caller's role, for exactly this qualifier", async () => {
    const resource = stage.cloud.arn("lambda", "function:echo");
    const may = [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: resource }];
    const caller = asRole(await makeRole(stage.cloud, "caller", may), "somebody");
    const call = (input: { FunctionName: string; Qualifier?: string }) =>
      stage.cloud.call("lambda", "Invoke", input, caller);
    expect(await call({ FunctionName: "echo" })).toMatchObject({ StatusCode: 200 });
    for (const input of [{ FunctionName: "echo", Qualifier: "$LATEST" }, { FunctionName: "slow" }])
      await expect(call(input)).rejects.toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringContaining(
          "is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda",
        ),
      });
  });
});

describe("reserved concurrency", () => {
  it("throttles what is beyond it, with the reason", async () => {
    const FunctionName = "slow";
    await stage.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 2 }));
    const answers = await Promise.allSettled([1, 2, 3].map(() => stage.invoke("slow")));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(answers.find(({ status }) => status === "rejected")).toMatchObject({
      reason: {
        name: "TooManyRequestsException",
        message: "Rate Exceeded.",
        Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
        $metadata: { httpStatusCode: 429 },
      },
    });
    expect((await stage.invoke("slow")).payload).toBe("done");
    await stage.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  });

  it("must leave a hundred for the other functions", async () => {
    await expect(
      stage.client.send(new PutFunctionConcurrencyCommand({ FunctionName: "echo", ReservedConcurrentExecutions: 901 })),
    ).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: expect.stringContaining("below its minimum value of [100]"),
    });
  });
});

describe("a function that calls itself", () => {
  const CALLER = `
    const { createRequire } = await import("node:module");
    const { LambdaClient, InvokeCommand } = createRequire(process.env.REPOSITORY)("@aws-sdk/client-lambda");
    const lambda = new LambdaClient({ maxAttempts: 1 });
    export const handler = async ({ depth }, context) => {
      if (depth === 0) return 0;
      const answer = await lambda.send(new InvokeCommand({ FunctionName: context.functionName, Payload: JSON.stringify({ depth: depth - 1 }) }));
      const text = answer.Payload.transformToString();
      if (answer.FunctionError) throw new Error(JSON.parse(text).errorMessage);
      return JSON.parse(text) + 1;
    };`;

  it("is stopped after sixteen rounds, unless it may loop", async () => {
    await stage.make("loop", {
      code: CALLER,
      memory: 512,
      timeout: 120,
      variables: { REPOSITORY: import.meta.filename },
    });
    expect(await stage.invoke("loop", { depth: 15 })).toMatchObject({ payload: 15 });
    expect(await stage.invoke("loop", { depth: 17 })).toMatchObject({
      error: "Unhandled",
      payload: { errorMessage: expect.stringMatching(/recursive loop/) },
    });
    await stage.client.send(new PutFunctionRecursionConfigCommand({ FunctionName: "loop", RecursiveLoop: "Allow" }));
    expect(await stage.invoke("loop", { depth: 17 })).toMatchObject({ payload: 17 });
  }, 60_000);
});

describe("metrics", () => {
  it("count invocations, errors and throttles", async () => {
    await using own = await lambdaStage();
    await own.make("counted", {
      code: `export const handler = async (event) => { if (event.bad) throw new Error("bad"); };`,
    });
    for (const bad of [true, false, true]) await own.invoke("counted", { bad });
    await own.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "counted", ReservedConcurrentExecutions: 0 }),
    );
    await own.invoke("counted").catch(() => {});
    const { CloudWatchClient, GetMetricStatisticsCommand } = await import("@aws-sdk/client-cloudwatch");
    const cloudwatch = own.cloud.client(CloudWatchClient);
    const sum = async (MetricName: string) => {
      const { Datapoints = [] } = await cloudwatch.send(
        new GetMetricStatisticsCommand({
          Namespace: "AWS/Lambda",
          MetricName,
          Dimensions: [{ Name: "FunctionName", Value: "counted" }],
          StartTime: new Date(own.cloud.clock.now() - 600_000),
          EndTime: new Date(own.cloud.clock.now() + 600_000),
          Period: 3600,
          Statistics: ["Sum"],
        }),
      );
      return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
    };
    expect([await sum("Invocations"), await sum("Errors"), await sum("Throttles")]).toEqual([3, 2, 1]);
    expect(own.cloud.logged).toEqual([]);
  });
});
