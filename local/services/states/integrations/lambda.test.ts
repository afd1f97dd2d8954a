import * as Lambda from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { ServiceError } from "../../../core/errors.ts";
import type { Service } from "../../../core/service.ts";
import { SERVICES } from "../../index.ts";
import { single, statesCloud, type Ran } from "../test-cloud.ts";

const types = ({ events }: Ran): unknown[] => events.map(({ type }) => type);
const task = (resource: string, more: Record<string, unknown> = {}) =>
  single({ Type: "Task", Resource: resource, ...more });

/** A Lambda service of one function, which does what the test says. */
function withFunction(
  work: (
    event: unknown,
    sleep: (seconds: number) => Promise<void>,
  ) => Promise<Lambda.InvokeCommandOutput | Record<string, unknown>> | Record<string, unknown>,
) {
  const service: Parameters<typeof statesCloud>[0] = {
    services: SERVICES.map((entry) =>
      entry.id === "lambda"
        ? {
            ...entry,
            load: () =>
              Promise.resolve({
                create: (cloud): Service<typeof Lambda> => ({
                  sdk: Lambda,
                  permissions: (_, input) => [
                    { action: "lambda:InvokeFunction", resource: String(input["FunctionName"]) },
                  ],
                  handlers: {
                    Invoke: async ({ Payload }, call) => {
                      const event: unknown =
                        Payload instanceof Uint8Array ? JSON.parse(Buffer.from(Payload).toString()) : undefined;
                      const answer = await call.waiting(
                        Promise.resolve(work(event, (seconds) => cloud.clock.sleep(seconds * 1000))),
                      );
                      return { StatusCode: 200, ExecutedVersion: "$LATEST", ...answer };
                    },
                  },
                }),
              }),
          }
        : entry,
    ),
  };
  return service;
}
const payload = (value: unknown) => ({ Payload: new Uint8Array(Buffer.from(JSON.stringify(value))) });
const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:work";

describe("a function by its ARN", () => {
  it("gets the input as its event and gives its result", async () => {
    await using states = await statesCloud(withFunction((event) => payload({ got: event })));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const ran = await states.run(await states.machine(task(FUNCTION), { roleArn }), { a: 1 });
    expect(ran.output).toEqual({ got: { a: 1 } });
    expect(types(ran)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
    expect(ran.events[2]?.lambdaFunctionScheduledEventDetails).toMatchObject({ resource: FUNCTION, input: '{"a":1}' });
    expect(ran.events[4]?.lambdaFunctionSucceededEventDetails).toMatchObject({ output: '{"got":{"a":1}}' });
  });

  it("fails with the type of its error, and the whole payload as cause", async () => {
    const error = { errorType: "OrderRefused", errorMessage: "no stock", trace: ["a"] };
    await using states = await statesCloud(withFunction(() => ({ FunctionError: "Unhandled", ...payload(error) })));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const { execution, events } = await states.run(await states.machine(task(FUNCTION), { roleArn }));
    expect(execution).toMatchObject({ status: "FAILED", error: "OrderRefused" });
    expect(JSON.parse(execution.cause ?? "")).toEqual(error);
    expect(events.at(-2)).toMatchObject({
      type: "LambdaFunctionFailed",
      lambdaFunctionFailedEventDetails: { error: "OrderRefused" },
    });
  });

  it("fails with Lambda.Unknown when it says no type", async () => {
    await using states = await statesCloud(
      withFunction(() => ({ FunctionError: "Unhandled", ...payload({ errorMessage: "2030 Task timed out" }) })),
    );
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const { execution } = await states.run(await states.machine(task(FUNCTION), { roleArn }));
    expect(execution.error).toBe("Lambda.Unknown");
    expect(execution.cause).toContain(
      "The cause could not be determined because Lambda did not return an error type. Returned payload: {",
    );
  });

  it("is ended by the state's time limit while it runs", async () => {
    await using states = await statesCloud(withFunction(async (_, sleep) => (await sleep(100), payload("late"))));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const ran = await states.run(await states.machine(task(FUNCTION, { TimeoutSeconds: 5 }), { roleArn }));
    expect(ran.execution).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(ran.events.at(-2)).toMatchObject({
      type: "LambdaFunctionTimedOut",
      lambdaFunctionTimedOutEventDetails: { error: "States.Timeout" },
    });
    expect(Number(ran.execution.stopDate) - Number(ran.execution.startDate)).toBe(5_000);
  });
});

describe("lambda:invoke", () => {
  const INVOKE = "arn:aws:states:::lambda:invoke";

  it("answers payload, status and metadata", async () => {
    await using states = await statesCloud(withFunction((event) => payload({ got: event })));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const definition = task(INVOKE, { Parameters: { FunctionName: FUNCTION, "Payload.$": "$" } });
    const ran = await states.run(await states.machine(definition, { roleArn }), { a: 1 });
    expect(ran.output).toMatchObject({
      ExecutedVersion: "$LATEST",
      Payload: { got: { a: 1 } },
      StatusCode: 200,
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: expect.any(String) },
    });
    expect(ran.events[2]?.taskScheduledEventDetails).toEqual({
      resourceType: "lambda",
      resource: "invoke",
      region: "us-east-1",
      parameters: JSON.stringify({ FunctionName: FUNCTION, Payload: { a: 1 } }),
    });
    expect(types(ran).slice(2, 5)).toEqual(["TaskScheduled", "TaskStarted", "TaskSucceeded"]);
  });

  it("retries throttling by its name", async () => {
    let calls = 0;
    await using states = await statesCloud(
      withFunction(() => {
        if (calls++ < 2) throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
        return payload(calls);
      }),
    );
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const definition = task(INVOKE, {
      Parameters: { FunctionName: FUNCTION },
      ResultSelector: { "n.$": "$.Payload" },
      Retry: [{ ErrorEquals: ["Lambda.TooManyRequestsException"], IntervalSeconds: 2 }],
    });
    const { output, execution } = await states.run(await states.machine(definition, { roleArn }));
    expect(output).toEqual({ n: 3 });
    expect(Number(execution.stopDate) - Number(execution.startDate)).toBe(6_000);
  });

  it("is denied without the permission, naming action and resource", async () => {
    await using states = await statesCloud(withFunction(() => payload(1)));
    const roleArn = await states.role("nobody", []);
    const { execution } = await states.run(
      await states.machine(task(INVOKE, { Parameters: { FunctionName: FUNCTION } }), { roleArn }),
    );
    expect(execution.error).toBe("Lambda.AWSLambdaException");
    expect(execution.cause).toContain("is not authorized to perform: lambda:InvokeFunction on resource: " + FUNCTION);
    expect(execution.cause).toContain("Status Code: 403; Error Code: AccessDeniedException");
  });

  it("fails when the result is larger than 256 KiB", async () => {
    await using states = await statesCloud(withFunction(() => payload("x".repeat(262_145))));
    const roleArn = await states.role("caller", ["lambda:InvokeFunction"]);
    const { execution } = await states.run(
      await states.machine(task(INVOKE, { Parameters: { FunctionName: FUNCTION } }), { roleArn }),
    );
    expect(execution).toMatchObject({
      error: "States.DataLimitExceeded",
      cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });
});
