/** SQS: messages that are sent, received and deleted. */
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { KillableCloud } from "./killable-cloud.ts";
import { ACCOUNT_ID, holdsWithin, untilKilled, type Witness } from "./witness.ts";

export const queueUrl = (name: string): string => `http://127.0.0.1/${ACCOUNT_ID}/${name}`;
const QueueUrl = queueUrl("kept");

export class Messages implements Witness {
  acknowledged = 0;
  readonly #sent = new Set<string>();
  readonly #deleted = new Set<string>();
  /** A deletion that was asked for: whether it was done is in doubt. */
  readonly #perhapsDeleted = new Set<string>();
  readonly #wrong: string[] = [];

  async setUp(cloud: KillableCloud): Promise<void> {
    const Attributes = { VisibilityTimeout: "2" };
    await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "kept", Attributes }));
  }

  async load(cloud: KillableCloud, round: number): Promise<void> {
    const sqs = cloud.client(SQSClient);
    const sender = untilKilled(async (turn) => {
      const bodies = turn % 4 === 0 ? [0, 1, 2].map((index) => `${round}-${turn}-${index}`) : [`${round}-${turn}`];
      if (bodies.length === 1) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: bodies[0] }));
      else {
        const Entries = bodies.map((MessageBody, Id) => ({ Id: String(Id), MessageBody }));
        await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      }
      for (const body of bodies) this.#sent.add(body);
      this.acknowledged += bodies.length;
    });
    const receiver = untilKilled(async () => {
      const { Messages = [] } = await sqs.send(
        // Waits a little: a queue that is empty for the moment must not spin.
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 4, WaitTimeSeconds: 1 }),
      );
      for (const { Body = "", ReceiptHandle } of Messages.slice(0, 3)) {
        this.#meet(Body);
        this.#perhapsDeleted.add(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        this.#deleted.add(Body);
        this.acknowledged++;
      }
    });
    await Promise.all([sender, receiver]);
  }

  /** Everything else can be received; nothing that was deleted can. */
  async conclude(cloud: KillableCloud): Promise<readonly string[]> {
    const seen = await drain(cloud, "kept", (bodies) =>
      [...this.#sent].every((body) => bodies.has(body) || this.#perhapsDeleted.has(body)),
    );
    for (const body of seen) this.#meet(body);
    const lost = [...this.#sent].filter((body) => !seen.has(body) && !this.#perhapsDeleted.has(body));
    return [...this.#wrong, ...lost.map((body) => `message ${body} was acknowledged and is not there`)];
  }

  #meet(body: string): void {
    if (this.#deleted.has(body)) this.#wrong.push(`message ${body} was deleted and has come back`);
  }
}

/** Takes messages out of a queue until the bodies are enough, or for some seconds. Answers the bodies. */
export async function drain(
  cloud: KillableCloud,
  name: string,
  isEnough: (bodies: ReadonlySet<string>) => boolean,
): Promise<ReadonlySet<string>> {
  const sqs = cloud.client(SQSClient);
  const bodies = new Set<string>();
  await holdsWithin(10_000, async () => {
    for (;;) {
      const input = { QueueUrl: queueUrl(name), MaxNumberOfMessages: 10 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
      if (Messages.length === 0) return isEnough(bodies);
      for (const { Body = "" } of Messages) bodies.add(Body);
      const Entries = Messages.map(({ ReceiptHandle }, Id) => ({ Id: String(Id), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl(name), Entries }));
    }
  });
  return bodies;
}

/** Those that are not among the others. */
export const missing = (wanted: ReadonlySet<string>, among: ReadonlySet<string>): string[] =>
  [...wanted].filter((one) => !among.has(one));
