import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { testCloud } from "../../local/testing.ts";
import { leftovers } from "./leftovers.ts";

it("a message without a reason should not be there, unless a topic has told it to somebody who is not there", async () => {
  await using cloud = await testCloud();
  const sqs = cloud.client(SQSClient);
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }],
  });
  await sqs.send(new CreateQueueCommand({ QueueName: "told", Attributes: { Policy } }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "forgotten" }));
  const sns = cloud.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: cloud.arn("sqs", "told") }));
  await sns.send(new PublishCommand({ TopicArn, Message: "news" }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "lost" }));
  await cloud.clock.settle();
  expect(await leftovers(cloud)).toMatchObject({
    parked: [],
    wrong: ["forgotten holds a message without a reason: lost"],
  });
});
