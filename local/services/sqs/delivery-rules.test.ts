/**
 * Rules of delivery that are easily got wrong, each with the page of the Amazon SQS Developer Guide or API Reference that it is from.
 */
import type { Message, SendMessageCommandInput } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../core/principal.ts";
import { testCloud, type TestCloud } from "../../testing.ts";

async function make(cloud: TestCloud, QueueName: string, Attributes: Record<string, string> = {}) {
  const fifo = QueueName.endsWith(".fifo") ? { FifoQueue: "true", ContentBasedDeduplication: "true" } : {};
  const { QueueUrl } = await cloud.call(
    "sqs",
    "CreateQueue",
    { QueueName, Attributes: { ...fifo, ...Attributes } },
    ACCOUNT,
  );
  return {
    arn: cloud.arn("sqs", QueueName),
    send: (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
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
    set: (attributes: Record<string, string>) =>
      cloud.call("sqs", "SetQueueAttributes", { QueueUrl, Attributes: attributes }, ACCOUNT),
  };
}
const redrive = (deadLetterTargetArn: string, maxReceiveCount = 1) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
  VisibilityTimeout: "10",
});
const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);

describe("visibility (Amazon SQS visibility timeout)", () => {
  it("of 0 makes the message visible at once, and its next receive counts", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    await queue.send("x");
    const [message] = await queue.receive();
    await queue.hide(message, 0);
    expect(await queue.receive()).toMatchObject([{ Attributes: { ApproximateReceiveCount: "2" } }]);
  });

  it("of 0 at the receive hides nothing", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    await queue.send("x");
    for (const count of ["1", "2"])
      expect(await queue.receive({ VisibilityTimeout: 0 })).toMatchObject([
        { Attributes: { ApproximateReceiveCount: count } },
      ]);
  });

  it("counts from now when it is changed, and the queue's own comes back with the next receive", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { VisibilityTimeout: "10" });
    await queue.send("x");
    await queue.hide((await queue.receive())[0], 100);
    await cloud.clock.advance(99_999);
    expect(await queue.receive()).toEqual([]);
    await cloud.clock.advance(1);
    expect(await queue.receive()).toHaveLength(1);
    await cloud.clock.advance(10_000);
    expect(await queue.receive()).toHaveLength(1);
  });

  it("may reach twelve hours from the receive to the second, and no more, however often it is prolonged", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { VisibilityTimeout: "43200" });
    await queue.send("x");
    const [message] = await queue.receive();
    await cloud.clock.advance(3_600_000);
    await queue.hide(message, 39_600);
    await expect(queue.hide(message, 39_601)).rejects.toThrow(
      "Total VisibilityTimeout for the message is beyond the limit",
    );
    await cloud.clock.advance(39_600_000);
    // Received again, its twelve hours begin again.
    await queue.hide((await queue.receive())[0], 43_200);
  });

  it("of messages in flight stays when the queue's is changed", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { VisibilityTimeout: "10" });
    await queue.send("x");
    await queue.receive();
    await queue.set({ VisibilityTimeout: "100" });
    await cloud.clock.advance(10_000);
    expect(await queue.receive()).toHaveLength(1);
  });
});

describe("delays (Amazon SQS delay queues, Amazon SQS message timers)", () => {
  it("of a message outrank the queue's, 0 too", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { DelaySeconds: "60" });
    await queue.send("now", { DelaySeconds: 0 });
    await queue.send("later", { DelaySeconds: 90 });
    expect(bodies(await queue.receive())).toEqual(["now"]);
    await cloud.clock.advance(60_000);
    expect(bodies(await queue.receive())).toEqual(["now"]);
    await cloud.clock.advance(30_000);
    expect(bodies(await queue.receive())).toContain("later");
  });

  it("of a standard queue are not changed for what is in it already", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q", { DelaySeconds: "60" });
    await queue.send("x");
    await queue.set({ DelaySeconds: "0" });
    expect(await queue.receive()).toEqual([]);
    await cloud.clock.advance(60_000);
    expect(bodies(await queue.receive())).toEqual(["x"]);
  });

  it("of a FIFO queue are changed for what is in it already", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q.fifo", { DelaySeconds: "60" });
    await queue.send("x", { MessageGroupId: "g" });
    await queue.set({ DelaySeconds: "10" });
    await cloud.clock.advance(9_999);
    expect(await queue.receive()).toEqual([]);
    await cloud.clock.advance(1);
    expect(bodies(await queue.receive())).toEqual(["x"]);
  });
});

describe("dead letters (Using dead-letter queues in Amazon SQS)", () => {
  it.each<[string, string]>([
    ["standard: the time of the first sending, so that retention goes on", ""],
    ["FIFO: the time of the move, so that retention begins anew", ".fifo"],
  ])("of %s", async (_name, suffix) => {
    await using cloud = await testCloud();
    const dead = await make(cloud, `dead${suffix}`);
    const queue = await make(cloud, `q${suffix}`, redrive(dead.arn));
    const sentAt = cloud.clock.now();
    await queue.send("x", suffix ? { MessageGroupId: "g" } : {});
    const [received] = await queue.receive();
    await cloud.clock.advance(10_000);
    await queue.receive();
    const [message] = await dead.receive();
    expect(message).toMatchObject({
      MessageId: received?.MessageId,
      Attributes: {
        DeadLetterQueueSourceArn: queue.arn,
        SentTimestamp: String(suffix ? sentAt + 10_000 : sentAt),
        ...(suffix && { MessageGroupId: "g" }),
      },
    });
  });

  it("free their group: the message behind may be received in the same call", async () => {
    await using cloud = await testCloud();
    const dead = await make(cloud, "dead.fifo");
    const queue = await make(cloud, "q.fifo", redrive(dead.arn));
    for (const body of ["poison", "fine"]) await queue.send(body, { MessageGroupId: "g" });
    expect(bodies(await queue.receive({ MaxNumberOfMessages: 1 }))).toEqual(["poison"]);
    await cloud.clock.advance(10_000);
    expect(bodies(await queue.receive())).toEqual(["fine"]);
    expect(bodies(await dead.receive())).toEqual(["poison"]);
  });

  it("are moved at the receive after the last allowed one, not before", async () => {
    await using cloud = await testCloud();
    const dead = await make(cloud, "dead");
    const queue = await make(cloud, "q", redrive(dead.arn, 2));
    await queue.send("x");
    for (const _ of [1, 2]) {
      expect(await queue.receive()).toHaveLength(1);
      await cloud.clock.advance(10_000);
    }
    expect(await dead.receive()).toEqual([]);
    expect(await queue.receive()).toEqual([]);
    expect(await dead.receive()).toHaveLength(1);
  });
});

describe("deduplication (Using the message deduplication ID in Amazon SQS)", () => {
  it("goes on when the first message was received and deleted", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q.fifo");
    await queue.send("x", { MessageGroupId: "g" });
    await queue.remove((await queue.receive())[0]);
    await queue.send("x", { MessageGroupId: "g" });
    expect(await queue.receive()).toEqual([]);
  });

  it("by an id outranks that by content", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q.fifo");
    await queue.send("same", { MessageGroupId: "g", MessageDeduplicationId: "1" });
    await queue.send("same", { MessageGroupId: "g", MessageDeduplicationId: "2" });
    expect(bodies(await queue.receive())).toEqual(["same", "same"]);
  });

  it("by content looks at the body alone, not at attributes", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q.fifo");
    for (const StringValue of ["1", "2"])
      await queue.send("same", { MessageGroupId: "g", MessageAttributes: { a: { DataType: "String", StringValue } } });
    expect(await queue.receive()).toHaveLength(1);
  });
});

describe("groups of a standard queue (Amazon SQS fair queues)", () => {
  it("lock nothing", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    for (const body of ["1", "2"]) await queue.send(body, { MessageGroupId: "tenant" });
    expect(bodies(await queue.receive({ MaxNumberOfMessages: 1 }))).toEqual(["1"]);
    expect(bodies(await queue.receive({ MaxNumberOfMessages: 1 }))).toEqual(["2"]);
  });
});

describe("ReceiveRequestAttemptId (ReceiveMessage)", () => {
  async function three(cloud: TestCloud) {
    const queue = await make(cloud, "q.fifo", { VisibilityTimeout: "30" });
    for (const body of ["a1", "a2", "b1"]) await queue.send(body, { MessageGroupId: body.slice(0, 1) });
    return queue;
  }

  it("gives the same messages and receipt handles again, and hides them anew", async () => {
    await using cloud = await testCloud();
    const queue = await three(cloud);
    const first = await queue.receive({ ReceiveRequestAttemptId: "one", MaxNumberOfMessages: 2 });
    await cloud.clock.advance(20_000);
    const again = await queue.receive({ ReceiveRequestAttemptId: "one", MaxNumberOfMessages: 2 });
    expect(again.map(({ Body, ReceiptHandle }) => [Body, ReceiptHandle])).toEqual(
      first.map(({ Body, ReceiptHandle }) => [Body, ReceiptHandle]),
    );
    await cloud.clock.advance(20_000);
    expect(bodies(await queue.receive())).toEqual(["b1"]);
    await queue.remove(again[0]);
  });

  it.each<
    [string, (queue: Awaited<ReturnType<typeof three>>, messages: Message[], cloud: TestCloud) => Promise<unknown>]
  >([
    ["a message was deleted", (queue, [first]) => queue.remove(first)],
    ["a visibility was changed", (queue, [first]) => queue.hide(first, 20)],
    ["the visibility timeout is over", (_queue, _messages, cloud) => cloud.clock.advance(30_000)],
  ])("is refused once %s", async (_name, change) => {
    await using cloud = await testCloud();
    const queue = await three(cloud);
    const first = await queue.receive({ ReceiveRequestAttemptId: "one", MaxNumberOfMessages: 1 });
    await change(queue, first, cloud);
    await expect(queue.receive({ ReceiveRequestAttemptId: "one" })).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message: expect.stringContaining("not valid anymore since the receive call is not retryable"),
    });
    await cloud.clock.advance(300_000);
    expect(await queue.receive({ ReceiveRequestAttemptId: "one" })).not.toEqual([]);
  });

  it("is of no use in a standard queue", async () => {
    await using cloud = await testCloud();
    const queue = await make(cloud, "q");
    await queue.send("x");
    await expect(queue.receive({ ReceiveRequestAttemptId: "one" })).rejects.toThrow(
      "The request include parameter that is not valid for this queue type",
    );
  });
});
