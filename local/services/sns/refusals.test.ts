/** What SNS refuses, in its own words. */
import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { describe, expect, it } from "vitest";
import { ACCOUNT, asRole, asService } from "../../core/principal.ts";
import { testCloud, type TestCloud } from "../../testing.ts";

async function topic(cloud: TestCloud, Name = "t", Attributes: Record<string, string> = {}): Promise<string> {
  const { TopicArn = "" } = await cloud.call("sns", "CreateTopic", { Name, Attributes }, ACCOUNT);
  return TopicArn;
}

describe("publishing", () => {
  const attribute = (value: MessageAttributeValue, name = "attr1") => ({ MessageAttributes: { [name]: value } });
  it.each([
    [{ Message: "" }, "Invalid parameter: Empty message"],
    [{ Message: "é".repeat(131_073) }, "Invalid parameter: Message too long"],
    [{ Subject: "" }, "Invalid parameter: Subject"],
    [{ Subject: "two\nlines" }, "Invalid parameter: Subject"],
    [{ Subject: "s".repeat(101) }, "Invalid parameter: Subject"],
    [{ MessageStructure: "json" }, "Invalid parameter: Message Structure - JSON message body failed to parse"],
    [
      { MessageStructure: "json", Message: '{"sqs":"x"}' },
      "Invalid parameter: Message Structure - No default entry in JSON message body",
    ],
    [
      { MessageStructure: "json", Message: '{"default":{}}' },
      "Invalid parameter: Message Structure - No default entry in JSON message body",
    ],
    [{ MessageDeduplicationId: "1" }, "MessageDeduplicationId parameter that is not valid for this topic type"],
    [
      attribute({ DataType: "String", StringValue: "" }),
      "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
    ],
    [
      attribute({ DataType: "Number", BinaryValue: Uint8Array.of(1) }),
      "The message attribute 'attr1' with type 'Number' must use field 'String'.",
    ],
    [
      attribute({ DataType: "Invalid", StringValue: "x" }),
      "has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
    ],
    [
      attribute({ DataType: "String", StringValue: "x" }, "a^b"),
      "Invalid non-alphanumeric character '#x5E' was found in the message attribute name.",
    ],
    [
      attribute({ DataType: "String", StringValue: "x" }, "a..b"),
      "Message attribute name can not have successive '.' character.",
    ],
  ])("%.80j", async (more, message) => {
    await using cloud = await testCloud();
    const input = { TopicArn: await topic(cloud), Message: "m", ...more };
    await expect(cloud.call("sns", "Publish", input, ACCOUNT)).rejects.toThrow(message);
  });

  it("to a FIFO topic without group, or without a way to tell duplicates", async () => {
    await using cloud = await testCloud();
    const TopicArn = await topic(cloud, "t.fifo", { FifoTopic: "true" });
    const publish = (more: Record<string, string>) =>
      cloud.call("sns", "Publish", { TopicArn, Message: "m", ...more }, ACCOUNT);
    await expect(publish({})).rejects.toThrow("The MessageGroupId parameter is required for FIFO topics");
    await expect(publish({ MessageGroupId: "g" })).rejects.toThrow(
      "The topic should either have ContentBasedDeduplication enabled",
    );
  });

  it("nowhere, or to two places", async () => {
    await using cloud = await testCloud();
    await expect(cloud.call("sns", "Publish", { Message: "m" }, ACCOUNT)).rejects.toThrow(
      "no value for required parameter",
    );
    const both = { Message: "m", TopicArn: await topic(cloud), PhoneNumber: "+4712345678" };
    await expect(cloud.call("sns", "Publish", both, ACCOUNT)).rejects.toThrow("exactly one");
  });

  it("batches that are empty, too many, or have an id twice", async () => {
    await using cloud = await testCloud();
    const TopicArn = await topic(cloud);
    const batch = (ids: readonly string[]) =>
      cloud.call(
        "sns",
        "PublishBatch",
        { TopicArn, PublishBatchRequestEntries: ids.map((Id) => ({ Id, Message: "m" })) },
        ACCOUNT,
      );
    await expect(batch([])).rejects.toMatchObject({ name: "EmptyBatchRequestException" });
    await expect(batch([..."abcdefghijk"])).rejects.toMatchObject({ name: "TooManyEntriesInBatchRequestException" });
    await expect(batch(["a", "a"])).rejects.toMatchObject({ name: "BatchEntryIdsNotDistinctException" });
    await expect(batch(["a:b"])).rejects.toMatchObject({ name: "InvalidBatchEntryIdException" });
  });

  it("by a role or service that no policy allows", async () => {
    await using cloud = await testCloud();
    const TopicArn = await topic(cloud);
    const as = [
      asRole(`arn:aws:iam::${cloud.accountId}:role/none`, "s"),
      asService("s3.amazonaws.com", "arn:aws:s3:::b"),
    ];
    for (const principal of as) {
      await expect(cloud.call("sns", "Publish", { TopicArn, Message: "m" }, principal)).rejects.toThrow(/sns:Publish/i);
    }
  });
});

describe("subscribing", () => {
  const queue = "arn:aws:sqs:us-east-1:123456789012:q";
  it.each([
    [
      { Protocol: "pigeon", Endpoint: "x" },
      "Invalid parameter: Amazon SNS does not support this protocol string: pigeon",
    ],
    [{ Protocol: "firehose", Endpoint: "x" }, "The local cloud does not deliver to the protocol firehose"],
    [{ Protocol: "sqs", Endpoint: "http://127.0.0.1/q" }, "Invalid parameter: SQS endpoint ARN"],
    [{ Protocol: "sqs", Endpoint: `${queue}.fifo` }, "FIFO SQS Queues can not be subscribed to standard SNS topics"],
    [{ Protocol: "email", Endpoint: "nobody" }, "Invalid parameter: Email address"],
    [
      { Protocol: "sqs", Endpoint: queue, Attributes: { RawMessageDelivery: "maybe" } },
      "Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [maybe]. Must be true or false.",
    ],
    [
      { Protocol: "sqs", Endpoint: queue, Attributes: { FilterPolicy: '{"a":"b"}' } },
      'Invalid parameter: Attributes Reason: FilterPolicy: "a" must be an object or an array',
    ],
    [
      { Protocol: "sqs", Endpoint: queue, Attributes: { RedrivePolicy: '{"deadLetterTargetArn":"x"}' } },
      "RedrivePolicy: deadLetterTargetArn is an invalid arn",
    ],
  ])("%j", async (input, message) => {
    await using cloud = await testCloud();
    await expect(cloud.call("sns", "Subscribe", { TopicArn: await topic(cloud), ...input }, ACCOUNT)).rejects.toThrow(
      message,
    );
  });

  it("a second time with other attributes", async () => {
    await using cloud = await testCloud();
    const input = { TopicArn: await topic(cloud), Protocol: "sqs", Endpoint: queue };
    await cloud.call("sns", "Subscribe", input, ACCOUNT);
    const other = { ...input, Attributes: { RawMessageDelivery: "true" } };
    await expect(cloud.call("sns", "Subscribe", other, ACCOUNT)).rejects.toThrow(
      "Subscription already exists with different attributes",
    );
  });

  it("and confirming with a token that was never given", async () => {
    await using cloud = await testCloud();
    const TopicArn = await topic(cloud);
    const confirm = (Token: string) => cloud.call("sns", "ConfirmSubscription", { TopicArn, Token }, ACCOUNT);
    await expect(confirm("randomtoken")).rejects.toThrow("Invalid parameter: Token");
    await expect(confirm("0".repeat(64))).rejects.toThrow("Invalid token");
  });
});
