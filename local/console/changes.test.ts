import { describe, expect, it } from "vitest";
import { consoleCloud } from "./testing/console-cloud.ts";

const version = async (it: Awaited<ReturnType<typeof consoleCloud>>) =>
  (await it.get<{ version: string }>("/changes")).version;

describe("the version that pages ask for", () => {
  it("stays while nothing happens, however much the console reads", async () => {
    await using it = await consoleCloud();
    await it.call("sqs", "CreateQueue", { QueueName: "orders" });
    const before = await version(it);
    await it.get("/queues");
    await it.get("/queue", { name: "orders" });
    await it.get("/buckets");
    await it.get("/queue", { name: "nothing" }).catch(() => undefined);
    expect(await version(it)).toBe(before);
  });

  it("changes with a call from outside, with a signal and with a deployment", async () => {
    await using it = await consoleCloud();
    const versions = [await version(it)];
    await it.call("sqs", "CreateQueue", { QueueName: "orders" });
    versions.push(await version(it));
    it.cloud.signals.emit("outbox.message", { kind: "sms", to: ["+1"] });
    versions.push(await version(it));
    await it.stacks.deploy({ name: "app", body: "Resources: { Q: { Type: 'AWS::SQS::Queue' } }" });
    versions.push(await version(it));
    expect(new Set(versions).size).toBe(4);
  });

  it("changes with a failed call too", async () => {
    await using it = await consoleCloud();
    const before = await version(it);
    await expect(it.call("sqs", "GetQueueUrl", { QueueName: "nothing" })).rejects.toThrow("does not exist");
    expect(await version(it)).not.toBe(before);
  });
});

describe("recent calls", () => {
  interface Calls {
    readonly calls: readonly { service: string; operation: string; caller: string; error?: string }[];
  }

  it("are those of others and what the person at the page did, newest first", async () => {
    await using it = await consoleCloud();
    await it.call("sqs", "CreateQueue", { QueueName: "orders" });
    await it.get("/queue", { name: "orders" });
    await it.post("/queue/send", { name: "orders", body: "hello" });
    const { calls } = await it.get<Calls>("/calls");
    expect(calls.map(({ operation }) => operation)).toEqual(["SendMessage", "CreateQueue"]);
  });

  it("are filtered by text and by failure", async () => {
    await using it = await consoleCloud();
    await it.call("sqs", "CreateQueue", { QueueName: "orders" });
    await expect(it.call("s3", "GetBucketVersioning", { Bucket: "nothing" })).rejects.toThrow("does not exist");
    const operations = async (query: Record<string, string>) =>
      (await it.get<Calls>("/calls", query)).calls.map(({ operation, error }) => [operation, error]);
    expect(await operations({ failed: "1" })).toEqual([["GetBucketVersioning", "NoSuchBucket"]]);
    expect(await operations({ text: "nosuch" })).toEqual([["GetBucketVersioning", "NoSuchBucket"]]);
    expect(await operations({ text: "SQS" })).toEqual([["CreateQueue", undefined]]);
  });
});
