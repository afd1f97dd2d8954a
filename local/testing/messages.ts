/** Messages taken out of queues, with all their attributes. */
import type { Message } from "@aws-sdk/client-sqs";
import { ACCOUNT } from "../core/principal.ts";
import type { TestCloud } from "../testing.ts";

export type { Message } from "@aws-sdk/client-sqs";

/** Takes the visible messages out of a queue, or those that are wanted, and puts the others back. */
export async function takeMessages(
  cloud: TestCloud,
  QueueUrl: string,
  isWanted: (message: Message) => boolean | Promise<boolean> = () => true,
): Promise<Message[]> {
  const taken: Message[] = [];
  const others: Message[] = [];
  for (;;) {
    const { Messages = [] } = await receive(cloud, QueueUrl);
    if (Messages.length === 0) break;
    for (const message of Messages) {
      const { ReceiptHandle } = message;
      if (await isWanted(message)) {
        taken.push(message);
        await cloud.call("sqs", "DeleteMessage", { QueueUrl, ReceiptHandle }, ACCOUNT);
      } else others.push(message);
    }
  }
  for (const { ReceiptHandle } of others)
    await cloud.call("sqs", "ChangeMessageVisibility", { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }, ACCOUNT);
  return taken;
}

/** The visible messages of a queue, which stay there; each counts as received once more. */
export async function lookAtMessages(cloud: TestCloud, QueueUrl: string): Promise<Message[]> {
  const seen: Message[] = [];
  await takeMessages(cloud, QueueUrl, (message) => {
    seen.push(message);
    return false;
  });
  return seen;
}

const receive = (cloud: TestCloud, QueueUrl: string) =>
  cloud.call(
    "sqs",
    "ReceiveMessage",
    {
      QueueUrl,
      MaxNumberOfMessages: 10,
      // Nobody would move the time that a long poll waits for.
      WaitTimeSeconds: 0,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    },
    ACCOUNT,
  );
