import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../testing.ts";

async function fifoOn(cloud: TestCloud, attributes: Record<string, string> = {}) {
  const client = cloud.client(SQSClient);
  const Attributes = { FifoQueue: "true", ContentBasedDeduplication: "true", ...attributes };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: "steps.fifo", Attributes }));
  return {
    send: (MessageBody: string, MessageGroupId: string, more: Partial<SendMessageCommandInput> = {}) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, ...more })),
    receive: async (MaxNumberOfMessages = 10): Promise<Message[]> => {
      const input = { QueueUrl, MaxNumberOfMessages, MessageSystemAttributeNames: ["All" as const] };
      return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
    },
    remove: ({ ReceiptHandle }: Message) => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    show: ({ ReceiptHandle }: Message) =>
      client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
  };
}

const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);
const first = (messages: readonly Message[]): Message => messages[0] ?? {};

describe("a FIFO queue", () => {
  it("locks a group while one of its messages is in flight", async () => {
    await using cloud = await testCloud();
    const queue = await fifoOn(cloud);
    for (const [body, group] of [
      ["a1", "a"],
      ["a2", "a"],
      ["b1", "b"],
    ] as const)
      await queue.send(body, group);
    const a1 = first(await queue.receive(1));
    expect(bodies(await queue.receive())).toEqual(["b1"]);
    expect(await queue.receive()).toEqual([]);
    await queue.remove(a1);
    expect(bodies(await queue.receive())).toEqual(["a2"]);
  });

  it("hands out as much of one group as it can, in order", async () => {
    await using cloud = await testCloud();
    const queue = await fifoOn(cloud);
    for (const body of ["a1", "a2", "a3"]) await queue.send(body, "a");
    const messages = await queue.receive(2);
    expect(bodies(messages)).toEqual(["a1", "a2"]);
    const numbers = messages.map(({ Attributes }) => Attributes?.SequenceNumber ?? "");
    expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true);
    expect([...numbers].sort()).toEqual(numbers);
  });

  it("gives a returned message back before the later ones of its group", async () => {
    await using cloud = await testCloud();
    const queue = await fifoOn(cloud);
    for (const body of ["a1", "a2", "a3"]) await queue.send(body, "a");
    const [a1, a2] = await queue.receive(2);
    await queue.show(a2 ?? {});
    expect(await queue.receive()).toEqual([]);
    await queue.show(a1 ?? {});
    expect(bodies(await queue.receive())).toEqual(["a1", "a2", "a3"]);
  });

  it("accepts equal content once in five minutes, and answers the first message's id", async () => {
    await using cloud = await testCloud();
    const queue = await fifoOn(cloud);
    const one = await queue.send("same", "a");
    const two = await queue.send("same", "b");
    expect(two.MessageId).toBe(one.MessageId);
    expect(two.SequenceNumber).toBe(one.SequenceNumber);
    await queue.remove(first(await queue.receive()));
    await cloud.clock.advance(299_999);
    await queue.send("same", "a");
    expect(await queue.receive()).toEqual([]);
    await cloud.clock.advance(1);
    await queue.send("same", "a");
    expect(bodies(await queue.receive())).toEqual(["same"]);
  });

  it("deduplicates by explicit id, and per group where it is told so", async () => {
    await using cloud = await testCloud();
    const queue = await fifoOn(cloud, { DeduplicationScope: "messageGroup" });
    await queue.send("x", "a", { MessageDeduplicationId: "1" });
    await queue.send("y", "a", { MessageDeduplicationId: "1" });
    await queue.send("z", "b", { MessageDeduplicationId: "1" });
    expect(bodies(await queue.receive())).toEqual(["x", "z"]);
  });

  it("refuses an expired receipt handle", async () => {
    await using cloud = await testCloud();
    const queue = await fifoOn(cloud);
    await queue.send("x", "a");
    const message = first(await queue.receive());
    await cloud.clock.advance(30_000);
    await expect(queue.remove(message)).rejects.toThrow("Reason: The receipt handle has expired.");
    expect(bodies(await queue.receive())).toEqual(["x"]);
  });

  it.each([
    [{ MessageGroupId: undefined }, "The request must contain the parameter MessageGroupId."],
    [
      { DelaySeconds: 2 },
      "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
    ],
    [
      { MessageGroupId: "a b" },
      "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
    ],
  ])("refuses %j", async (more, message) => {
    await using cloud = await testCloud();
    const queue = await fifoOn(cloud);
    await expect(queue.send("x", "a", more as Partial<SendMessageCommandInput>)).rejects.toThrow(message);
  });

  it("wants a deduplication id when content does not count", async () => {
    await using cloud = await testCloud();
    const queue = await fifoOn(cloud, { ContentBasedDeduplication: "false" });
    await expect(queue.send("x", "a")).rejects.toThrow(
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  });
});
