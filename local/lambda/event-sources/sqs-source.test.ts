import {
  CreateEventSourceMappingCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../../services/lambda/testing/lambda-stage.ts";
import { makeQueue, type TestQueue } from "../../services/lambda/testing/queues.ts";

/** Logs every batch; fails for bodies that say so, in the way that the event source is asked to report it. */
const CONSUMER = `
export const handler = async (event) => {
  console.log("BATCH " + JSON.stringify({ at: Date.now(), bodies: event.Records.map((r) => r.body), event }));
  if (event.Records.some((r) => r.body === "slow")) await new Promise((r) => setTimeout(r, 5_000));
  if (event.Records.some((r) => r.body === "throw")) throw new Error("thrown");
  return { batchItemFailures: event.Records.filter((r) => r.body === "poison").map((r) => ({ itemIdentifier: r.messageId })) };
};`;

interface Batch {
  readonly at: number;
  readonly bodies: readonly string[];
  readonly event: SQSEvent;
}

let stage: LambdaStage;
let queue: TestQueue;
let start: number;
beforeEach(async () => {
  stage = await lambdaStage();
  await stage.make("consumer", { code: CONSUMER, timeout: 20 });
});
afterEach(() => stage[Symbol.asyncDispose]());

async function connect(extra: object = {}, attributes: Readonly<Record<string, string>> = {}): Promise<string> {
  queue = await makeQueue(stage.cloud, attributes["FifoQueue"] ? "work.fifo" : "work", attributes);
  start = stage.cloud.clock.now();
  const input = { FunctionName: "consumer", EventSourceArn: queue.arn, ...extra };
  return (await stage.client.send(new CreateEventSourceMappingCommand(input))).UUID ?? "";
}
async function batches(): Promise<Batch[]> {
  const lines = await stage.logsOf("consumer");
  return lines.flatMap((line) => {
    const json = /BATCH (.*)$/.exec(line)?.[1];
    return json === undefined ? [] : [JSON.parse(json) as Batch];
  });
}
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const settle = () => stage.cloud.clock.settle();

describe("a queue as an event source", () => {
  it("hands messages to the function as AWS describes them, and deletes them", async () => {
    await connect();
    await queue.send(["hello"]);
    await settle();
    const [batch] = await batches();
    expect(batch?.event.Records).toEqual([
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: "hello",
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: String(start),
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: String(start),
        },
        messageAttributes: {},
        md5OfBody: "5d41402abc4b2a76b9719d911017c592",
        eventSource: "aws:sqs",
        eventSourceARN: queue.arn,
        awsRegion: "us-east-1",
      },
    ]);
    expect(await queue.counts()).toEqual([0, 0]);
  });

  it("takes up to ten at a time, and whatever was there before it", async () => {
    queue = await makeQueue(stage.cloud, "early");
    await queue.send(numbers(1, 10));
    await queue.send(numbers(11, 15));
    await stage.client.send(
      new CreateEventSourceMappingCommand({ FunctionName: "consumer", EventSourceArn: queue.arn }),
    );
    await settle();
    const sizes = (await batches()).map(({ bodies }) => bodies.length);
    expect(sizes.reduce((a, b) => a + b)).toBe(15);
    expect(Math.max(...sizes)).toBe(10);
  });

  it("gathers a large batch for the length of its window", async () => {
    await connect({ BatchSize: 25, MaximumBatchingWindowInSeconds: 60 }, { VisibilityTimeout: "300" });
    await queue.send(numbers(1, 10));
    await stage.cloud.clock.advance(30_000);
    await queue.send(numbers(11, 15));
    await settle();
    expect((await batches()).map(({ at, bodies }) => [(at - start) / 1000, bodies.length])).toEqual([[60, 15]]);
  });

  it("does not wait for the window when the batch is full", async () => {
    await connect({ BatchSize: 20, MaximumBatchingWindowInSeconds: 60 });
    await queue.send(numbers(1, 10));
    await queue.send(numbers(11, 20));
    await stage.cloud.clock.advance(1_000);
    expect((await batches()).map(({ at, bodies }) => [(at - start) / 1000, bodies.length])).toEqual([[0, 20]]);
  });

  it("brings a failed batch back after the visibility timeout, until the queue gives it up", async () => {
    const dead = await makeQueue(stage.cloud, "dead");
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 });
    await connect({}, { VisibilityTimeout: "30", RedrivePolicy });
    await queue.send(["throw"]);
    await settle();
    expect((await batches()).map(({ at }) => (at - start) / 1000)).toEqual([0, 30, 60]);
    expect(await dead.counts()).toEqual([1, 0]);
    expect(await queue.counts()).toEqual([0, 0]);
  });

  it.each([0, 3, 9])("fails only the poison message at place %i when items are reported", async (place) => {
    const dead = await makeQueue(stage.cloud, "dead");
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    await connect({ FunctionResponseTypes: ["ReportBatchItemFailures"] }, { RedrivePolicy });
    const bodies = numbers(1, 10);
    bodies[place] = "poison";
    await queue.send(bodies);
    await settle();
    const counts = new Map<string, number>();
    for (const body of (await batches()).flatMap((batch) => batch.bodies))
      counts.set(body, (counts.get(body) ?? 0) + 1);
    expect(counts.get("poison")).toBe(2);
    expect([...counts].filter(([body, count]) => body !== "poison" && count !== 1)).toEqual([]);
    expect((await dead.receive()).map(({ Body }) => Body)).toEqual(["poison"]);
  });

  it("takes no more batches at a time than it may", async () => {
    await connect({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await queue.send(Array.from({ length: 6 }, () => "slow"));
    await settle();
    const seconds = (await batches()).map(({ at }) => (at - start) / 1000);
    expect(seconds).toEqual([0, 0, 5, 5, 10, 10]);
  });

  it("gives messages back when the function is throttled, and goes on more slowly", async () => {
    await connect({ BatchSize: 1 }, { VisibilityTimeout: "30" });
    await stage.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "consumer", ReservedConcurrentExecutions: 1 }),
    );
    await queue.send(["slow", "slow", "slow"]);
    await settle();
    expect((await batches()).map(({ bodies }) => bodies)).toEqual([["slow"], ["slow"], ["slow"]]);
    expect(await queue.counts()).toEqual([0, 0]);
    const received = (await batches()).map(({ event }) => Number(event.Records[0]?.attributes.ApproximateReceiveCount));
    expect(Math.max(...received)).toBeGreaterThan(1);
  });

  it("goes on by itself after the queue could not be read", async () => {
    await connect();
    const fault = stage.cloud.faults.add({ service: "sqs", operation: "ReceiveMessage", error: "throttle", times: 3 });
    await queue.send(["late"]);
    await settle();
    expect(fault.hits).toBe(3);
    expect((await batches()).map(({ bodies }) => bodies)).toEqual([["late"]]);
  });

  it("drops what its filters do not let through", async () => {
    const pattern = JSON.stringify({ body: { kind: ["order"], amount: [{ numeric: [">", 10] }] } });
    await connect({ FilterCriteria: { Filters: [{ Pattern: pattern }] } });
    const bodies = [
      { kind: "order", amount: 11 },
      { kind: "order", amount: 9 },
      { kind: "offer", amount: 99 },
    ];
    await queue.send([...bodies.map((body) => JSON.stringify(body)), "no json"]);
    await settle();
    expect((await batches()).flatMap((batch) => batch.bodies)).toEqual([JSON.stringify(bodies[0])]);
    expect(await queue.counts()).toEqual([0, 0]);
  });

  it("rests while it is disabled", async () => {
    const uuid = await connect();
    await stage.client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false }));
    await queue.send(["one"]);
    await settle();
    expect(await batches()).toEqual([]);
    await stage.client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
    await settle();
    expect((await batches()).map(({ bodies }) => bodies)).toEqual([["one"]]);
  });
});

describe("a FIFO queue as an event source", () => {
  it("keeps the order within a group, also when a message fails", async () => {
    await connect({ BatchSize: 1 }, { FifoQueue: "true", VisibilityTimeout: "30", RedrivePolicy: "" });
    await queue.send([
      { body: "1", group: "a" },
      { body: "slow", group: "a" },
      { body: "3", group: "a" },
      { body: "1", group: "b" },
      { body: "2", group: "b" },
    ]);
    await settle();
    const of = async (group: string) =>
      (await batches())
        .filter(({ event }) => event.Records[0]?.attributes.MessageGroupId === group)
        .map(({ bodies, at }) => [bodies[0], (at - start) / 1000]);
    expect(await of("a")).toEqual([
      ["1", 0],
      ["slow", 0],
      ["3", 5],
    ]);
    expect(await of("b")).toEqual([
      ["1", 0],
      ["2", 0],
    ]);
  });
});
