import { PutFunctionConcurrencyCommand, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../../services/lambda/testing/lambda-stage.ts";
import { makeQueue, type TestQueue } from "../../services/lambda/testing/queues.ts";

/** Fails as often as the event says, and logs when it ran. */
const FLAKY = `
const runs = [];
export const handler = async (event, context) => {
  runs.push(Date.now());
  console.log("RUN " + Date.now() + " " + context.awsRequestId);
  if (runs.length <= event.failures) throw new Error("attempt " + runs.length);
  return { done: runs.length };
};`;

let stage: LambdaStage;
let queue: TestQueue;
let start: number;
beforeEach(async () => {
  stage = await lambdaStage();
  queue = await makeQueue(stage.cloud, "records");
  start = stage.cloud.clock.now();
});
afterEach(() => stage[Symbol.asyncDispose]());

const send = (name: string, event: unknown) =>
  stage.invoke(name, event, { InvocationType: "Event", LogType: undefined });
const configure = (FunctionName: string, extra: object) =>
  stage.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...extra }));
/** When the attempts were made, seconds after the start, and under which request ids. */
async function attempts(name: string): Promise<{ seconds: number[]; ids: Set<string> }> {
  const found = (await stage.logsOf(name)).flatMap((line) => {
    const match = /RUN (\d+) (\S+)/.exec(line);
    return match ? [{ at: Number(match[1]), id: match[2] ?? "" }] : [];
  });
  return { seconds: found.map(({ at }) => (at - start) / 1000), ids: new Set(found.map(({ id }) => id)) };
}
const records = async () =>
  (await queue.receive()).map(({ Body }) => JSON.parse(Body ?? "null") as Record<string, unknown>);

describe("an event that fails", () => {
  it("is tried again after one and two minutes, with the same request id", async () => {
    await stage.make("flaky", { code: FLAKY });
    expect(await send("flaky", { failures: 2 })).toMatchObject({ payload: undefined, error: undefined });
    await stage.cloud.clock.settle();
    const { seconds, ids } = await attempts("flaky");
    expect(seconds).toEqual([0, 60, 180]);
    expect(ids.size).toBe(1);
  });

  it("goes to the dead-letter queue after the third attempt", async () => {
    await stage.make("doomed", { code: FLAKY, extra: { DeadLetterConfig: { TargetArn: queue.arn } } });
    await send("doomed", { failures: 9, order: 7 });
    await stage.cloud.clock.settle();
    const [message] = await queue.receive();
    expect(JSON.parse(message?.Body ?? "")).toEqual({ failures: 9, order: 7 });
    const { ids } = await attempts("doomed");
    expect(message?.MessageAttributes).toEqual({
      RequestID: { DataType: "String", StringValue: [...ids][0] },
      ErrorCode: { DataType: "Number", StringValue: "200" },
      ErrorMessage: { DataType: "String", StringValue: "attempt 3" },
    });
  });

  it("is described to the on-failure destination", async () => {
    const arn = await stage.make("doomed", { code: FLAKY });
    await configure("doomed", { DestinationConfig: { OnFailure: { Destination: queue.arn } } });
    await send("doomed", { failures: 9 });
    await stage.cloud.clock.settle();
    expect(await records()).toEqual([
      {
        version: "1.0",
        timestamp: new Date(start + 180_000).toISOString(),
        requestContext: {
          requestId: expect.any(String),
          functionArn: `${arn}:$LATEST`,
          condition: "RetriesExhausted",
          approximateInvokeCount: 3,
        },
        requestPayload: { failures: 9 },
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
        responsePayload: { errorType: "Error", errorMessage: "attempt 3", trace: expect.any(Array) },
      },
    ]);
  });

  it("is tried as often as it is configured", async () => {
    await stage.make("once", { code: FLAKY });
    await configure("once", { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: queue.arn } } });
    await send("once", { failures: 9 });
    await stage.cloud.clock.settle();
    expect((await attempts("once")).seconds).toEqual([0]);
    expect(await records()).toMatchObject([{ requestContext: { approximateInvokeCount: 1 } }]);
  });

  it("is given up when it has become too old for another attempt", async () => {
    await stage.make("aged", { code: FLAKY });
    await configure("aged", {
      MaximumEventAgeInSeconds: 90,
      DestinationConfig: { OnFailure: { Destination: queue.arn } },
    });
    await send("aged", { failures: 9 });
    await stage.cloud.clock.settle();
    expect((await attempts("aged")).seconds).toEqual([0, 60]);
    expect(await records()).toMatchObject([{ requestContext: { condition: "EventAgeExceeded" } }]);
  });
});

describe("an event that succeeds", () => {
  it("is described to the on-success destination", async () => {
    await stage.make("fine", { code: FLAKY });
    await configure("fine", { DestinationConfig: { OnSuccess: { Destination: queue.arn } } });
    await send("fine", { failures: 0 });
    await stage.cloud.clock.settle();
    expect(await records()).toMatchObject([
      {
        requestContext: { condition: "Success", approximateInvokeCount: 1 },
        responseContext: { statusCode: 200, executedVersion: "$LATEST" },
        responsePayload: { done: 1 },
      },
    ]);
  });

  it("may go on in another function", async () => {
    const next = await stage.make("next", {
      code: `export const handler = async (event) => { console.log("NEXT " + JSON.stringify(event.responsePayload)); };`,
    });
    await stage.make("first", { code: FLAKY });
    await configure("first", { DestinationConfig: { OnSuccess: { Destination: next } } });
    await send("first", { failures: 0 });
    await stage.cloud.clock.settle();
    expect((await stage.logsOf("next")).join("\n")).toContain('NEXT {"done":1}');
  });
});

describe("a throttled event", () => {
  it("waits, longer each time, until there is room", async () => {
    await stage.make("narrow", {
      timeout: 60,
      code: `export const handler = async () => { console.log("RUN " + Date.now() + " x"); await new Promise((r) => setTimeout(r, 10_000)); };`,
    });
    await stage.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "narrow", ReservedConcurrentExecutions: 1 }),
    );
    await send("narrow", {});
    await send("narrow", {});
    await stage.cloud.clock.settle();
    // Refused at 0, 1, 3 and 7 seconds, then there is room.
    expect((await attempts("narrow")).seconds).toEqual([0, 15]);
  });

  it("is given up without a try when the function is switched off", async () => {
    await stage.make("off", { code: FLAKY, extra: { DeadLetterConfig: { TargetArn: queue.arn } } });
    await stage.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "off", ReservedConcurrentExecutions: 0 }),
    );
    await send("off", { failures: 0 });
    await stage.cloud.clock.settle();
    expect((await attempts("off")).seconds).toEqual([]);
    expect(await queue.receive()).toMatchObject([{ Body: '{"failures":0}' }]);
  });
});

describe("a destination", () => {
  it("is written to as the function's role, or not at all", async () => {
    const logs = { Effect: "Allow", Action: "logs:*", Resource: "*" };
    await stage.make("unfit", { code: FLAKY, may: [logs], extra: { DeadLetterConfig: { TargetArn: queue.arn } } });
    await configure("unfit", { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: queue.arn } } });
    await send("unfit", { failures: 9 });
    await stage.cloud.clock.settle();
    expect(await queue.counts()).toEqual([0, 0]);
    expect(stage.cloud.logged.filter((line) => line.includes("sqs:SendMessage"))).toHaveLength(2);
  });

  it("gets its record in spite of throttling", async () => {
    await stage.make("flaky", { code: FLAKY });
    await configure("flaky", { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: queue.arn } } });
    const fault = stage.cloud.faults.add({ service: "sqs", operation: "SendMessage", error: "throttle", times: 3 });
    await send("flaky", { failures: 9 });
    await stage.cloud.clock.settle();
    expect(fault.hits).toBe(3);
    expect(await records()).toMatchObject([{ requestContext: { condition: "RetriesExhausted" } }]);
  });

  it("may be a bus", async () => {
    const { EventBridgeClient, PutRuleCommand, PutTargetsCommand } = await import("@aws-sdk/client-eventbridge");
    const { SetQueueAttributesCommand, SQSClient } = await import("@aws-sdk/client-sqs");
    const events = stage.cloud.client(EventBridgeClient);
    const allow = {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queue.arn,
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [allow] });
    await stage.cloud
      .client(SQSClient)
      .send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy } }));
    await events.send(new PutRuleCommand({ Name: "results", EventPattern: JSON.stringify({ source: ["lambda"] }) }));
    await events.send(new PutTargetsCommand({ Rule: "results", Targets: [{ Id: "q", Arn: queue.arn }] }));
    const arn = await stage.make("fine", { code: FLAKY });
    const bus = stage.cloud.arn("events", "event-bus/default");
    await configure("fine", { DestinationConfig: { OnSuccess: { Destination: bus } } });
    await send("fine", { failures: 0 });
    await stage.cloud.clock.settle();
    expect(await records()).toMatchObject([
      {
        source: "lambda",
        "detail-type": "Lambda Function Invocation Result - Success",
        resources: [`${arn}:$LATEST`, bus],
        detail: { responsePayload: { done: 1 } },
      },
    ]);
  });
});
