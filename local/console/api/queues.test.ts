import { describe, expect, it } from "vitest";
import { type ConsoleCloud, consoleCloud } from "../testing/console-cloud.ts";

async function withQueues(): Promise<ConsoleCloud> {
  const it = await consoleCloud();
  await it.call("sqs", "CreateQueue", { QueueName: "dead" });
  await it.call("sqs", "CreateQueue", {
    QueueName: "orders",
    Attributes: {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: it.cloud.arn("sqs", "dead"), maxReceiveCount: 2 }),
    },
  });
  return it;
}

interface Peeked {
  readonly messages: readonly { body: string; system: Record<string, string>; attributes: Record<string, string> }[];
}

describe("queues", () => {
  it("tell what waits in them and which take dead letters", async () => {
    await using it = await withQueues();
    await it.post("/queue/send", { name: "orders", body: "one" });
    const { queues } = await it.get<{ queues: { name: string }[] }>("/queues");
    expect(queues).toMatchObject([
      { name: "dead", visible: 0, isDeadLetters: true },
      { name: "orders", visible: 1, isDeadLetters: false, redrive: { after: 2, to: it.cloud.arn("sqs", "dead") } },
    ]);
  });

  it("show messages and have them again at once, each look counting as a receive", async () => {
    await using it = await withQueues();
    await it.call("sqs", "SendMessage", {
      QueueUrl: `${it.cloud.endpoint}/${it.cloud.accountId}/orders`,
      MessageBody: "<b>one</b>",
      MessageAttributes: { colour: { DataType: "String", StringValue: "red" } },
    });
    const first = await it.post<Peeked>("/queue/peek", { name: "orders" });
    expect(first.messages).toMatchObject([{ body: "<b>one</b>", attributes: { colour: "red" } }]);
    expect(first.messages[0]?.system["ApproximateReceiveCount"]).toBe("1");
    await it.cloud.clock.settle();
    expect(await it.get("/queue", { name: "orders" })).toMatchObject({ visible: 1, inFlight: 0 });
    const again = await it.post<Peeked>("/queue/peek", { name: "orders" });
    expect(again.messages[0]?.system["ApproximateReceiveCount"]).toBe("2");
  });

  it("move dead letters back to where they came from", async () => {
    await using it = await withQueues();
    await it.post("/queue/send", { name: "orders", body: "poison" });
    for (let look = 0; look < 3; look++) await it.post("/queue/peek", { name: "orders" });
    expect(await it.get("/queue", { name: "dead" })).toMatchObject({ visible: 1, sources: ["orders"] });
    await it.post("/queue/redrive", { name: "dead" });
    await it.cloud.clock.settle();
    expect(await it.get("/queue", { name: "dead" })).toMatchObject({
      visible: 0,
      moves: [{ status: "COMPLETED", moved: 1 }],
    });
    expect(await it.get("/queue", { name: "orders" })).toMatchObject({ visible: 1 });
  });

  it("are purged", async () => {
    await using it = await withQueues();
    await it.post("/queue/send", { name: "orders", body: "one" });
    await it.post("/queue/purge", { name: "orders" });
    await it.cloud.clock.advance(60_000);
    expect(await it.get("/queue", { name: "orders" })).toMatchObject({ visible: 0 });
  });

  it("in order take a group and a deduplication id", async () => {
    await using it = await consoleCloud();
    await it.call("sqs", "CreateQueue", { QueueName: "steps.fifo", Attributes: { FifoQueue: "true" } });
    await expect(it.post("/queue/send", { name: "steps.fifo", body: "one" })).rejects.toThrow(/MessageGroupId/);
    for (const body of ["one", "two"])
      await it.post("/queue/send", { name: "steps.fifo", body, group: "g", deduplication: body });
    const { messages } = await it.post<Peeked>("/queue/peek", { name: "steps.fifo" });
    expect(messages.map(({ body }) => body)).toEqual(["one", "two"]);
  });

  it.each([
    ["GET", "/queue", {}, "The parameter name is missing"],
    ["POST", "/queue/send", {}, "name is missing"],
    ["POST", "/queue/send", { name: "orders" }, "body is missing"],
    ["POST", "/queue/send", { name: "orders", body: 3 }, "body is missing"],
    ["POST", "/queue/send", [], "The body is not an object"],
    ["POST", "/queue/send", "{", "The body is not JSON"],
  ])("%s %s with %j is refused: %s", async (method, path, body, message) => {
    await using it = await withQueues();
    await expect(method === "GET" ? it.get(path) : it.post(path, body)).rejects.toMatchObject({ status: 400, message });
  });

  it("that are not there are errors with their name", async () => {
    await using it = await consoleCloud();
    await expect(it.get("/queue", { name: "nothing" })).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });
});
