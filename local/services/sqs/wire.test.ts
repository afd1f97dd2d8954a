/** The queue service as an SDK client sees it over HTTP. */
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../testing.ts";

async function queueOn(cloud: TestCloud, name = "orders", attributes: Record<string, string> = {}) {
  const client = cloud.client(SQSClient);
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  const receive = async (
    input: Partial<ConstructorParameters<typeof ReceiveMessageCommand>[0]> = {},
  ): Promise<Message[]> => {
    const answer = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input }));
    return answer.Messages ?? [];
  };
  return { client, QueueUrl, receive };
}

describe("a queue over HTTP", () => {
  it("has a URL with the endpoint, the account and its name", async () => {
    await using cloud = await testCloud();
    const { QueueUrl } = await queueOn(cloud);
    expect(QueueUrl).toBe(`${cloud.endpoint}/${cloud.accountId}/orders`);
  });

  it("gives back body, text and binary attributes with digests that the SDK accepts", async () => {
    await using cloud = await testCloud();
    const { client, QueueUrl, receive } = await queueOn(cloud);
    const attributes = {
      lang: { DataType: "String", StringValue: "nø" },
      weight: { DataType: "Number.kg", StringValue: "1.5" },
      seal: { DataType: "Binary", BinaryValue: Uint8Array.of(0, 1, 255) },
    };
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "blåbær ☂", MessageAttributes: attributes }));
    const [message] = await receive({ MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] });
    expect(message?.Body).toBe("blåbær ☂");
    expect(message?.MessageAttributes).toEqual(attributes);
    expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: "1", SenderId: cloud.accountId });
  });

  it("answers an error class of the SDK for a queue that is not there", async () => {
    await using cloud = await testCloud();
    const { client, QueueUrl } = await queueOn(cloud);
    const missing = client.send(new ReceiveMessageCommand({ QueueUrl: `${QueueUrl}-not` }));
    await expect(missing).rejects.toThrow(QueueDoesNotExist);
  });

  it("waits for a message that is sent during a long poll", async () => {
    await using cloud = await testCloud();
    const { client, QueueUrl, receive } = await queueOn(cloud);
    const poll = receive({ WaitTimeSeconds: 20 });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "late", DelaySeconds: 5 }));
    const before = cloud.clock.now();
    expect((await poll).map(({ Body }) => Body)).toEqual(["late"]);
    expect(cloud.clock.now() - before).toBeLessThan(20_000);
  });

  it("ends a long poll empty-handed after its time", async () => {
    await using cloud = await testCloud();
    const { receive } = await queueOn(cloud);
    const before = cloud.clock.now();
    expect(await receive({ WaitTimeSeconds: 20 })).toEqual([]);
    expect(cloud.clock.now() - before).toBe(20_000);
  });

  it("shows a message again when its visibility timeout is over", async () => {
    await using cloud = await testCloud();
    const { client, QueueUrl, receive } = await queueOn(cloud, "slow", { VisibilityTimeout: "60" });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "again" }));
    const [first] = await receive();
    expect(await receive()).toEqual([]);
    await cloud.clock.advance(60_000);
    const [second] = await receive({ AttributeNames: ["ApproximateReceiveCount"] as never });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: "2" });
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  it("takes batches and tells each failure by its entry", async () => {
    await using cloud = await testCloud();
    const { client, QueueUrl } = await queueOn(cloud);
    const answer = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "good", MessageBody: "fine" },
          { Id: "bad", MessageBody: "bell \u0007" },
        ],
      }),
    );
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(["good"]);
    expect(answer.Failed).toMatchObject([{ Id: "bad", SenderFault: true, Code: "InvalidMessageContents" }]);
  });

  it("counts what is visible, in flight and delayed", async () => {
    await using cloud = await testCloud();
    const { client, QueueUrl, receive } = await queueOn(cloud);
    for (const MessageBody of ["a", "b", "c"]) await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "d", DelaySeconds: 900 }));
    const [first] = await receive({ MaxNumberOfMessages: 1 });
    await receive({ MaxNumberOfMessages: 1 });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "1",
      ApproximateNumberOfMessagesDelayed: "1",
    });
  });
});
