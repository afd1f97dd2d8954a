import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ACCOUNT } from "../../core/principal.ts";
import type { Properties, ResourceContext } from "../../core/service.ts";
import { testCloud, type TestCloud } from "../../testing.ts";

const context: ResourceContext = {
  stackName: "shop",
  stackId: "shop-id",
  logicalId: "Orders",
  tags: { team: "blue" },
  physicalName: (maxLength) => "shop-Orders-ABC123".slice(0, maxLength),
  folder: undefined,
};

async function provider(cloud: TestCloud, type: string) {
  const found = await cloud.providerOf(type);
  if (!found) throw new Error(`no provider of ${type}`);
  return found;
}

const attributesOf = async (cloud: TestCloud, QueueUrl: string) =>
  (await cloud.call("sqs", "GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] }, ACCOUNT)).Attributes;

describe("AWS::SQS::Queue", () => {
  it("answers its URL, ARN and name, and has attributes and tags of the template", async () => {
    await using cloud = await testCloud();
    const queues = await provider(cloud, "AWS::SQS::Queue");
    const properties: Properties = { VisibilityTimeout: 90, FifoQueue: true, Tags: [{ Key: "a", Value: "b" }] };
    const { physicalId, attributes } = await queues.create(properties, context);
    const QueueName = "shop-Orders-ABC123.fifo";
    expect(physicalId).toBe(`${cloud.endpoint}/${cloud.accountId}/${QueueName}`);
    expect(attributes).toEqual({ Arn: cloud.arn("sqs", QueueName), QueueName, QueueUrl: physicalId });
    expect(await attributesOf(cloud, physicalId)).toMatchObject({ VisibilityTimeout: "90", FifoQueue: "true" });
    const { Tags } = await cloud.call("sqs", "ListQueueTags", { QueueUrl: physicalId }, ACCOUNT);
    expect(Tags).toEqual({ team: "blue", a: "b" });
  });

  it("changes in place, back to the default where a property is gone, and anew for another name", async () => {
    await using cloud = await testCloud();
    const queues = await provider(cloud, "AWS::SQS::Queue");
    const before = { QueueName: "q", VisibilityTimeout: 90, DelaySeconds: 5 };
    const { physicalId } = await queues.create(before, context);
    await queues.update?.(physicalId, { QueueName: "q", DelaySeconds: 7 }, before, context);
    expect(await attributesOf(cloud, physicalId)).toMatchObject({ VisibilityTimeout: "30", DelaySeconds: "7" });
    expect(await queues.update?.(physicalId, { QueueName: "p" }, before, context)).toBe("replace");
  });

  it("is deleted, and deleting it again is no error", async () => {
    await using cloud = await testCloud();
    const queues = await provider(cloud, "AWS::SQS::Queue");
    const { physicalId } = await queues.create({}, context);
    await queues.delete(physicalId, {}, context);
    await queues.delete(physicalId, {}, context);
    await expect(attributesOf(cloud, physicalId)).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });
});

describe("AWS::SQS::QueuePolicy", () => {
  it("sets the policy of its queues and takes it away again", async () => {
    await using cloud = await testCloud();
    const { physicalId: url } = await (await provider(cloud, "AWS::SQS::Queue")).create({}, context);
    const policies = await provider(cloud, "AWS::SQS::QueuePolicy");
    const PolicyDocument = { Statement: { Effect: "Allow", Principal: "*", Action: "sqs:*", Resource: "*" } };
    const properties = { Queues: [url], PolicyDocument };
    const { physicalId } = await policies.create(properties, context);
    expect((await attributesOf(cloud, url))?.Policy).toBe(JSON.stringify(PolicyDocument));
    await policies.delete(physicalId, properties, context);
    expect(await attributesOf(cloud, url)).not.toHaveProperty("Policy");
  });
});

describe("after a restart", () => {
  it("messages, their receipts and their timers are as they were", async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), "sqs-"));
    onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
    const startAt = Date.UTC(2030, 0, 1);
    let handle: string | undefined;
    {
      await using cloud = await testCloud({ dataFolder, startAt });
      await cloud.call("sqs", "CreateQueue", { QueueName: "q", Attributes: { VisibilityTimeout: "60" } }, ACCOUNT);
      const QueueUrl = `${cloud.endpoint}/${cloud.accountId}/q`;
      for (const MessageBody of ["one", "two"])
        await cloud.call("sqs", "SendMessage", { QueueUrl, MessageBody }, ACCOUNT);
      const { Messages } = await cloud.call("sqs", "ReceiveMessage", { QueueUrl }, ACCOUNT);
      handle = Messages?.[0]?.ReceiptHandle;
    }
    await using cloud = await testCloud({ dataFolder, startAt: startAt + 1_000 });
    const client = cloud.client(SQSClient);
    const QueueUrl = `${cloud.endpoint}/${cloud.accountId}/q`;
    const receive = async () => {
      const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 };
      return (await client.send(new ReceiveMessageCommand(input))).Messages?.map(({ Body }) => Body);
    };
    expect(await receive()).toEqual(["two"]);
    await cloud.clock.advance(40_000);
    expect(await receive()).toEqual(["one"]);
    await cloud.call("sqs", "DeleteMessage", { QueueUrl, ReceiptHandle: handle }, ACCOUNT);
    expect(await attributesOf(cloud, QueueUrl)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: "2" });
  });
});
