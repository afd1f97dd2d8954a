/** Queues for tests of Lambda. */
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { TestCloud } from "../../../testing.ts";

export interface TestQueue {
  readonly url: string;
  readonly arn: string;
  /** Sends up to ten messages. */
  send(bodies: readonly (string | { readonly body: string; readonly group: string })[]): Promise<void>;
  /** Takes up to ten visible messages out of view. */
  receive(): Promise<Message[]>;
  /** Visible and invisible messages. */
  counts(): Promise<readonly [visible: number, inFlight: number]>;
}

export async function makeQueue(
  cloud: TestCloud,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<TestQueue> {
  const sqs = cloud.client(SQSClient);
  const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  return {
    url,
    arn: cloud.arn("sqs", name),
    async send(bodies) {
      const Entries = bodies.map((message, index) =>
        typeof message === "string"
          ? { Id: String(index), MessageBody: message }
          : {
              Id: String(index),
              MessageBody: message.body,
              MessageGroupId: message.group,
              MessageDeduplicationId: `${message.group}-${message.body}`,
            },
      );
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    },
    async receive() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      return Messages;
    },
    async counts() {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
      );
      return [
        Number(Attributes["ApproximateNumberOfMessages"]),
        Number(Attributes["ApproximateNumberOfMessagesNotVisible"]),
      ];
    },
  };
}
