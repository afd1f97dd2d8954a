/** The notification service as an SDK client sees it over HTTP. */
import { createServer } from "node:http";
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  InvalidParameterException,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  NotFoundException,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../testing.ts";
import type { OutboxMessage } from "./outbox.ts";

async function topicOn(cloud: TestCloud, name = "news", attributes: Record<string, string> = {}) {
  const client = cloud.client(SNSClient);
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: name, Attributes: attributes }));
  return { client, TopicArn };
}

async function queueOn(
  cloud: TestCloud,
  name: string,
  topicArn: string | undefined,
  attributes: Record<string, string> = {},
) {
  const client = cloud.client(SQSClient);
  const arn = cloud.arn("sqs", name);
  const Policy = JSON.stringify({
    Statement: {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
      Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
    },
  });
  const Attributes = { ...(topicArn && { Policy }), ...attributes };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  const receive = async (): Promise<Message[]> => {
    await cloud.clock.settle();
    const input = {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All" as const],
    };
    return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
  };
  return { arn, receive };
}

const outbox = (cloud: TestCloud): OutboxMessage[] => [...cloud.storage.map<OutboxMessage>("outbox.messages").values()];

describe("a topic over HTTP", () => {
  it("is created once, with its tags and defaults", async () => {
    await using cloud = await testCloud();
    const client = cloud.client(SNSClient);
    const create = new CreateTopicCommand({ Name: "news", Tags: [{ Key: "team", Value: "blue" }] });
    const { TopicArn } = await client.send(create);
    expect((await client.send(create)).TopicArn).toBe(TopicArn);
    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({
      TopicArn,
      Owner: cloud.accountId,
      DisplayName: "",
      SubscriptionsConfirmed: "0",
    });
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    expect(Tags).toEqual([{ Key: "team", Value: "blue" }]);
  });

  it("answers the error classes of the SDK", async () => {
    await using cloud = await testCloud();
    const { client, TopicArn } = await topicOn(cloud);
    await expect(client.send(new PublishCommand({ TopicArn: `${TopicArn}x`, Message: "?" }))).rejects.toThrow(
      NotFoundException,
    );
    await expect(client.send(new PublishCommand({ TopicArn: "news", Message: "?" }))).rejects.toThrow(
      "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
    );
    await expect(client.send(new PublishCommand({ TopicArn, Message: "" }))).rejects.toThrow(InvalidParameterException);
  });

  it("delivers the envelope to a queue whose policy lets it", async () => {
    await using cloud = await testCloud();
    const { client, TopicArn } = await topicOn(cloud);
    const queue = await queueOn(cloud, "inbox", TopicArn);
    const { SubscriptionArn } = await client.send(
      new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn }),
    );
    const { MessageId } = await client.send(
      new PublishCommand({
        TopicArn,
        Subject: "Hello",
        Message: "World",
        MessageAttributes: {
          n: { DataType: "Number", StringValue: "7" },
          b: { DataType: "Binary", BinaryValue: Uint8Array.of(1) },
        },
      }),
    );
    const [message] = await queue.receive();
    expect(message?.Body).toMatch(/^\{\n {2}"Type" : "Notification",\n {2}"MessageId" : "/);
    expect(JSON.parse(message?.Body ?? "")).toEqual({
      Type: "Notification",
      MessageId,
      TopicArn,
      Subject: "Hello",
      Message: "World",
      Timestamp: "2030-01-07T12:00:00.000Z",
      SignatureVersion: "1",
      Signature: expect.any(String),
      SigningCertURL: expect.any(String),
      UnsubscribeURL: expect.stringContaining(`SubscriptionArn=${SubscriptionArn}`),
      MessageAttributes: { n: { Type: "Number", Value: "7" }, b: { Type: "Binary", Value: "AQ==" } },
    });
  });

  it("delivers nothing to a queue without a policy, and keeps the message in the dead-letter queue", async () => {
    await using cloud = await testCloud();
    const { client, TopicArn } = await topicOn(cloud);
    const closed = await queueOn(cloud, "closed", undefined);
    const dead = await queueOn(cloud, "dead", TopicArn);
    const Attributes = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }), RawMessageDelivery: "true" };
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: closed.arn, Attributes }));
    await client.send(new PublishCommand({ TopicArn, Message: "lost?" }));
    expect(await closed.receive()).toEqual([]);
    expect((await dead.receive()).map(({ Body }) => Body)).toEqual(["lost?"]);
  });

  it("delivers raw messages with their attributes", async () => {
    await using cloud = await testCloud();
    const { client, TopicArn } = await topicOn(cloud);
    const queue = await queueOn(cloud, "inbox", TopicArn);
    const Attributes = { RawMessageDelivery: "true" };
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn, Attributes }));
    const MessageAttributes = { tags: { DataType: "String.Array", StringValue: '["a","b"]' } };
    await client.send(new PublishCommand({ TopicArn, Message: "plain", MessageAttributes }));
    expect(await queue.receive()).toMatchObject([{ Body: "plain", MessageAttributes }]);
  });

  it("filters by attributes", async () => {
    await using cloud = await testCloud();
    const { client, TopicArn } = await topicOn(cloud);
    const queue = await queueOn(cloud, "inbox", TopicArn);
    const Attributes = { RawMessageDelivery: "true", FilterPolicy: '{"kind":["order"]}' };
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn, Attributes }));
    for (const kind of ["order", "refund"]) {
      const MessageAttributes = { kind: { DataType: "String", StringValue: kind } };
      await client.send(new PublishCommand({ TopicArn, Message: kind, MessageAttributes }));
    }
    expect((await queue.receive()).map(({ Body }) => Body)).toEqual(["order"]);
  });

  it("keeps the order of groups from a FIFO topic to a FIFO queue, without duplicates", async () => {
    await using cloud = await testCloud();
    const { client, TopicArn } = await topicOn(cloud, "news.fifo", {
      FifoTopic: "true",
      ContentBasedDeduplication: "true",
    });
    const queue = await queueOn(cloud, "inbox.fifo", TopicArn, { FifoQueue: "true" });
    const Attributes = { RawMessageDelivery: "true" };
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn, Attributes }));
    const texts = ["1", "2", "3", "4", "5"];
    const PublishBatchRequestEntries = texts.map((text) => ({ Id: `e${text}`, Message: text, MessageGroupId: "g" }));
    const { Successful } = await client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    expect(Successful).toHaveLength(5);
    await client.send(new PublishCommand({ TopicArn, Message: "3", MessageGroupId: "g" }));
    expect((await queue.receive()).map(({ Body }) => Body)).toEqual(texts);
  });

  it("puts mails and SMS into the outbox", async () => {
    await using cloud = await testCloud();
    const { client, TopicArn } = await topicOn(cloud);
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "ann@example.com" }));
    const Message = JSON.stringify({ default: "long", email: "a mail" });
    await client.send(new PublishCommand({ TopicArn, Message, MessageStructure: "json", Subject: "Hi" }));
    await client.send(new PublishCommand({ PhoneNumber: "+4712345678", Message: "short" }));
    await cloud.clock.settle();
    expect(outbox(cloud)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: "email",
          to: ["ann@example.com"],
          subject: "Hi",
          text: "a mail",
          source: TopicArn,
        }),
        expect.objectContaining({ kind: "sms", to: ["+4712345678"], text: "short" }),
      ]),
    );
  });

  it("posts to an HTTP endpoint once that has confirmed, and tries again when it fails", async () => {
    const posts: { type: string | undefined; body: string }[] = [];
    const statuses = [200, 503, 200];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        posts.push({ type: String(request.headers["x-amz-sns-message-type"]), body: Buffer.concat(chunks).toString() });
        response.writeHead(statuses[posts.length - 1] ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await using cloud = await testCloud();
      const { client, TopicArn } = await topicOn(cloud);
      const address = server.address();
      const Endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/hook`;
      const { SubscriptionArn } = await client.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint }));
      expect(SubscriptionArn).toBe("pending confirmation");
      await client.send(new PublishCommand({ TopicArn, Message: "too early" }));
      await cloud.clock.settle();
      const { Token } = JSON.parse(posts[0]?.body ?? "{}") as { Token?: string };
      await client.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
      const before = cloud.clock.now();
      await client.send(new PublishCommand({ TopicArn, Message: "now" }));
      await cloud.clock.settle();
      expect(posts.map(({ type }) => type)).toEqual(["SubscriptionConfirmation", "Notification", "Notification"]);
      expect(JSON.parse(posts[2]?.body ?? "{}")).toMatchObject({ Message: "now" });
      expect(cloud.clock.now() - before).toBe(20_000);
    } finally {
      server.close();
    }
  });

  it("lists subscriptions and shows their attributes", async () => {
    await using cloud = await testCloud();
    const { client, TopicArn } = await topicOn(cloud);
    const subscribe = new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: cloud.arn("sqs", "q") });
    const { SubscriptionArn } = await client.send(subscribe);
    expect((await client.send(subscribe)).SubscriptionArn).toBe(SubscriptionArn);
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions).toMatchObject([{ SubscriptionArn, Protocol: "sqs", Owner: cloud.accountId }]);
    const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(Attributes).toMatchObject({ PendingConfirmation: "false", RawMessageDelivery: "false" });
    expect(Attributes).not.toHaveProperty("FilterPolicyScope");
  });
});
