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

interface Looked {
  readonly messages: readonly {
    id: string;
    state: string;
    body: { text: string; cut: number };
    received: number;
    from?: string;
    attributes: Record<string, string>;
  }[];
  readonly total: number;
}

const look = (it: ConsoleCloud, name: string) => it.get<Looked>("/queue/messages", { name });
const urlOf = (it: ConsoleCloud, name: string) => `${it.cloud.endpoint}/${it.cloud.accountId}/${name}`;

/** Makes a message a dead letter. */
async function poison(it: ConsoleCloud, body: string): Promise<void> {
  await it.post("/queue/send", { name: "orders", body });
  for (let receive = 0; receive < 3; receive++)
    await it.call("sqs", "ReceiveMessage", { QueueUrl: urlOf(it, "orders"), VisibilityTimeout: 0 });
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

  it("show what lies in them, in flight and delayed too, and receive nothing", async () => {
    await using it = await withQueues();
    const QueueUrl = urlOf(it, "orders");
    await it.call("sqs", "SendMessage", {
      QueueUrl,
      MessageBody: "<b>one</b>",
      MessageAttributes: { colour: { DataType: "String", StringValue: "red" } },
    });
    await it.call("sqs", "ReceiveMessage", { QueueUrl, VisibilityTimeout: 30 });
    await it.call("sqs", "SendMessage", { QueueUrl, MessageBody: "x".repeat(20_000) });
    await it.call("sqs", "SendMessage", { QueueUrl, MessageBody: "later", DelaySeconds: 60 });
    const { messages, total } = await look(it, "orders");
    expect(total).toBe(3);
    expect(messages).toMatchObject([
      { state: "in flight", received: 1, body: { text: "<b>one</b>", cut: 0 }, attributes: { colour: "red" } },
      { state: "waiting", received: 0, body: { text: "x".repeat(16_000), cut: 4_000 } },
      { state: "delayed", received: 0 },
    ]);
    await it.cloud.clock.advance(61_000);
    expect((await look(it, "orders")).messages.map(({ state, received }) => [state, received])).toEqual([
      ["waiting", 1],
      ["waiting", 0],
      ["waiting", 0],
    ]);
  });

  it("move dead letters back to where they came from", async () => {
    await using it = await withQueues();
    await poison(it, "poison");
    expect(await it.get("/queue", { name: "dead" })).toMatchObject({ visible: 1, sources: [{ name: "orders" }] });
    await it.post("/queue/redrive", { name: "dead" });
    await it.cloud.clock.settle();
    expect(await it.get("/queue", { name: "dead" })).toMatchObject({
      visible: 0,
      moves: [{ status: "COMPLETED", moved: 1 }],
    });
    expect(await it.get("/queue", { name: "orders" })).toMatchObject({ visible: 1 });
  });

  it("move chosen dead letters back, with what they carry, and leave the others", async () => {
    await using it = await withQueues();
    for (const body of ["one", "two"]) await poison(it, body);
    const { messages } = await look(it, "dead");
    expect(messages).toMatchObject([{ from: "orders" }, { from: "orders" }]);
    const ids = [messages[0]?.id ?? ""];
    expect(await it.post("/queue/move", { name: "dead", ids })).toEqual({ done: 1, refused: [] });
    expect((await look(it, "dead")).messages.map(({ body }) => body.text)).toEqual(["two"]);
    expect((await look(it, "orders")).messages).toMatchObject([{ body: { text: "one" }, received: 0 }]);
    const again = await it.post<{ refused: unknown[] }>("/queue/move", { name: "dead", ids });
    expect(again).toMatchObject({ done: 0, refused: [{ id: ids[0], reason: expect.stringContaining("not in dead") }] });
  });

  it("do not move or delete what somebody works on, nor what came from nowhere", async () => {
    await using it = await withQueues();
    await it.post("/queue/send", { name: "dead", body: "by hand" });
    const ids = (await look(it, "dead")).messages.map(({ id }) => id);
    expect(await it.post("/queue/move", { name: "dead", ids })).toMatchObject({
      refused: [{ reason: expect.stringContaining("say where") }],
    });
    await it.call("sqs", "ReceiveMessage", { QueueUrl: urlOf(it, "dead"), VisibilityTimeout: 30 });
    for (const path of ["/queue/move", "/queue/delete"])
      expect(await it.post(path, { name: "dead", ids, to: "orders" })).toMatchObject({
        done: 0,
        refused: [{ reason: expect.stringContaining("working on it") }],
      });
    await it.cloud.clock.advance(31_000);
    expect(await it.post("/queue/delete", { name: "dead", ids })).toMatchObject({ done: 1 });
    expect((await look(it, "dead")).total).toBe(0);
    expect((await look(it, "orders")).total).toBe(0);
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
    const { messages } = await look(it, "steps.fifo");
    expect(messages.map(({ body }) => body.text)).toEqual(["one", "two"]);
  });

  it.each([
    ["GET", "/queue", {}, "The parameter name is missing"],
    ["POST", "/queue/send", {}, "name is missing"],
    ["POST", "/queue/send", { name: "orders" }, "body is missing"],
    ["POST", "/queue/send", { name: "orders", body: 3 }, "body is missing"],
    ["POST", "/queue/delete", { name: "orders", ids: [] }, "ids must be a list of 1 to 1000 texts"],
    ["POST", "/queue/move", { name: "orders", ids: [1] }, "ids must be a list of 1 to 1000 texts"],
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
