/** Standard queues through the cloud's own calls: redrive, retention, receipts, move tasks, bursts. */
import type { Message } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { ACCOUNT, asRole, asService } from "../../core/principal.ts";
import { testCloud, type TestCloud } from "../../testing.ts";

async function make(cloud: TestCloud, name: string, attributes: Record<string, unknown> = {}) {
  const texts = Object.entries(attributes).map(([key, value]) => [
    key,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  const input = { QueueName: name, Attributes: Object.fromEntries(texts) };
  const { QueueUrl } = await cloud.call("sqs", "CreateQueue", input, ACCOUNT);
  return {
    QueueUrl,
    arn: cloud.arn("sqs", name),
    send: (MessageBody: string, more = {}) =>
      cloud.call("sqs", "SendMessage", { QueueUrl, MessageBody, ...more }, ACCOUNT),
    receive: async (more = {}): Promise<Message[]> => {
      const wanted = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const], ...more };
      return (await cloud.call("sqs", "ReceiveMessage", wanted, ACCOUNT)).Messages ?? [];
    },
    remove: (message: Message | undefined) =>
      cloud.call("sqs", "DeleteMessage", { QueueUrl, ReceiptHandle: message?.ReceiptHandle }, ACCOUNT),
    hide: (message: Message | undefined, VisibilityTimeout: number) =>
      cloud.call(
        "sqs",
        "ChangeMessageVisibility",
        { QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout },
        ACCOUNT,
      ),
  };
}

const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

async function withDeadLetters(cloud: TestCloud, maxReceiveCount: number) {
  const dead = await make(cloud, "dead");
  const RedrivePolicy = { deadLetterTargetArn: dead.arn, maxReceiveCount };
  return { dead, main: await make(cloud, "main", { RedrivePolicy, VisibilityTimeout: 10 }) };
}

describe("a message that nobody can process", () => {
  it("is in the dead-letter queue after the allowed receives, with its id and the queue it came from", async () => {
    await using cloud = await testCloud();
    const { dead, main } = await withDeadLetters(cloud, 2);
    const { MessageId } = await main.send("poison");
    for (const count of ["1", "2"]) {
      expect(await main.receive()).toMatchObject([{ Attributes: { ApproximateReceiveCount: count } }]);
      await cloud.clock.advance(10_000);
    }
    expect(await main.receive()).toEqual([]);
    expect(await dead.receive()).toMatchObject([
      { MessageId, Body: "poison", Attributes: { DeadLetterQueueSourceArn: main.arn } },
    ]);
  });

  it("goes back by a move task as a new message", async () => {
    await using cloud = await testCloud();
    const { dead, main } = await withDeadLetters(cloud, 1);
    const { MessageId } = await main.send("poison");
    await main.receive();
    await cloud.clock.advance(10_000);
    await main.receive();
    await cloud.call("sqs", "StartMessageMoveTask", { SourceArn: dead.arn }, ACCOUNT);
    await cloud.clock.settle();
    const [message] = await main.receive();
    expect(message).toMatchObject({ Body: "poison", Attributes: { ApproximateReceiveCount: "1" } });
    expect(message?.MessageId).not.toBe(MessageId);
    const { Results } = await cloud.call("sqs", "ListMessageMoveTasks", { SourceArn: dead.arn }, ACCOUNT);
    expect(Results).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 }]);
  });

  it("is moved at the asked rate until the task is cancelled", async () => {
    await using cloud = await testCloud();
    const { dead, main } = await withDeadLetters(cloud, 1);
    for (let n = 0; n < 5; n++) await dead.send(String(n));
    const start = { SourceArn: dead.arn, DestinationArn: main.arn, MaxNumberOfMessagesPerSecond: 1 };
    const { TaskHandle } = await cloud.call("sqs", "StartMessageMoveTask", start, ACCOUNT);
    await expect(cloud.call("sqs", "StartMessageMoveTask", start, ACCOUNT)).rejects.toThrow(
      "There is already a task running.",
    );
    await cloud.clock.advance(2_000);
    const cancelled = await cloud.call("sqs", "CancelMessageMoveTask", { TaskHandle }, ACCOUNT);
    expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(2);
    await cloud.clock.advance(10_000);
    expect(bodies(await main.receive())).toEqual(["0", "1"]);
  });
});

describe("a receipt handle", () => {
  it("deletes after its visibility timeout as long as nobody received the message since", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { VisibilityTimeout: 10 });
    await queue.send("x");
    const [first] = await queue.receive();
    await cloud.clock.advance(10_000);
    await queue.remove(first);
    expect(await queue.receive()).toEqual([]);
  });

  it("of an earlier receive succeeds and deletes nothing", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { VisibilityTimeout: 10 });
    await queue.send("x");
    const [first] = await queue.receive();
    await cloud.clock.advance(10_000);
    await queue.receive();
    await queue.remove(first);
    await cloud.clock.advance(10_000);
    expect(bodies(await queue.receive())).toEqual(["x"]);
  });

  it("deletes twice without complaint, and is refused when it is none", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    await queue.send("x");
    const [message] = await queue.receive();
    await queue.remove(message);
    await queue.remove(message);
    await expect(queue.remove({ ReceiptHandle: "garbage" })).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
    await expect(queue.hide(message, 5)).rejects.toThrow("Message does not exist or is not available");
  });

  it("prolongs the visibility timeout from now, up to twelve hours in all", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { VisibilityTimeout: 10 });
    await queue.send("x");
    const [message] = await queue.receive();
    await cloud.clock.advance(9_000);
    await queue.hide(message, 60);
    await cloud.clock.advance(59_000);
    expect(await queue.receive()).toEqual([]);
    await expect(queue.hide(message, 43_200)).rejects.toThrow(
      "Total VisibilityTimeout for the message is beyond the limit",
    );
    await cloud.clock.advance(1_000);
    expect(bodies(await queue.receive())).toEqual(["x"]);
  });
});

describe("a queue", () => {
  it("drops messages after the retention period, without anybody settling for it", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { MessageRetentionPeriod: 60 });
    await queue.send("old");
    const before = cloud.clock.now();
    await cloud.clock.settle();
    expect(cloud.clock.now()).toBe(before);
    await cloud.clock.advance(30_000);
    await queue.send("young");
    await cloud.clock.advance(30_000);
    expect(bodies(await queue.receive())).toEqual(["young"]);
  });

  it("leaves no timer behind when its messages are deleted", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    await queue.send("x");
    await queue.remove((await queue.receive())[0]);
    const before = cloud.clock.now();
    await cloud.clock.settle();
    expect(cloud.clock.now()).toBe(before);
  });

  it("says when messages may be received: sent, delayed, visible again", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { VisibilityTimeout: 30 });
    const heard: number[] = [];
    const start = cloud.clock.now();
    cloud.signals.on("sqs.available", ({ queueArn }) => {
      if (queueArn === queue.arn) heard.push(cloud.clock.now() - start);
    });
    await queue.send("now");
    await queue.send("later", { DelaySeconds: 5 });
    await queue.receive();
    await cloud.clock.settle();
    expect(heard).toEqual([0, 5_000, 30_000]);
  });

  it("is purged once a minute at most", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    await queue.send("x");
    const purge = () => cloud.call("sqs", "PurgeQueue", { QueueUrl: queue.QueueUrl }, ACCOUNT);
    await purge();
    expect(await queue.receive()).toEqual([]);
    await expect(purge()).rejects.toThrow("Only one PurgeQueue operation on q is allowed every 60 seconds.");
    await cloud.clock.advance(60_000);
    await purge();
  });

  it("cannot be made again within a minute of its deletion", async () => {
    await using cloud = await testCloud();
    const { QueueUrl } = await make(cloud, "q");
    await cloud.call("sqs", "DeleteQueue", { QueueUrl }, ACCOUNT);
    await expect(make(cloud, "q")).rejects.toMatchObject({ name: "QueueDeletedRecently" });
    await cloud.clock.advance(60_000);
    await make(cloud, "q");
  });

  it("takes 10,000 messages and gives them back in time that grows no faster than they do", async () => {
    await using cloud = await testCloud();
    const through = async (messages: number): Promise<number> => {
      const queue = await make(cloud, `q${messages}`);
      const began = performance.now();
      for (let n = 0; n < messages; n++) await queue.send(String(n));
      const seen = new Set<string>();
      for (let batch = await queue.receive(); batch.length > 0; batch = await queue.receive()) {
        for (const message of batch) {
          seen.add(message.Body ?? "");
          await queue.remove(message);
        }
      }
      expect(seen.size).toBe(messages);
      return performance.now() - began;
    };
    await through(500);
    const few = await through(1_000);
    // Ten times as long, and a hundred times if each looked at all others.
    expect((await through(10_000)) / few).toBeLessThan(40);
  });

  it("lets in only whom its policy or their own allows", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    const send = { QueueUrl: queue.QueueUrl, MessageBody: "x" };
    const topic = asService("sns.amazonaws.com", cloud.arn("sns", "t"));
    await expect(cloud.call("sqs", "SendMessage", send, topic)).rejects.toThrow(/sqs:SendMessage/i);
    const role = asRole(`arn:aws:iam::${cloud.accountId}:role/none`, "s");
    const batch = { QueueUrl: queue.QueueUrl, Entries: [{ Id: "a", MessageBody: "x" }] };
    await expect(cloud.call("sqs", "SendMessageBatch", batch, role)).rejects.toThrow(/sqs:SendMessage /i);
  });
});

describe("sending", () => {
  const attribute = (DataType: string, StringValue?: string) => ({
    MessageAttributes: { a: { DataType, ...(StringValue !== undefined && { StringValue }) } },
  });
  it.each([
    [
      "a".repeat(1_048_577),
      {},
      "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
    ],
    ["", {}, "The request must contain the parameter MessageBody."],
    ["a\u0000", {}, "Invalid binary character '#x0' was found in the message body"],
    ["a\uD800", {}, "Invalid binary character '#xD800' was found in the message body"],
    [
      "x",
      { DelaySeconds: 901 },
      "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
    ],
    ["x", { MessageDeduplicationId: "1" }, "The request includes a parameter that is not valid for this queue type."],
    ["x", attribute("String", ""), "Message (user) attribute 'a' must contain a non-empty value of type 'String'."],
    ["x", attribute("Text", "v"), "The message attribute 'a' has an invalid message attribute type"],
    ["x", attribute("Number", "seven"), "Could not cast message attribute 'a' value to number."],
  ])("refuses %.5j with %j", async (body, more, message) => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    await expect(queue.send(body, more)).rejects.toThrow(message);
  });

  it("takes the group of a standard queue and gives it back", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    await queue.send("x", { MessageGroupId: "tenant-7" });
    expect(await queue.receive()).toMatchObject([{ Attributes: { MessageGroupId: "tenant-7" } }]);
  });
});
