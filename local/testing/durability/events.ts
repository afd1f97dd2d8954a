/** SNS and EventBridge: what they have taken reaches the queue behind them. */
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { KillableCloud } from "./killable-cloud.ts";
import { drain, missing } from "./messages.ts";
import { ACCOUNT_ID, untilKilled, type Witness } from "./witness.ts";

const TopicArn = `arn:aws:sns:us-east-1:${ACCOUNT_ID}:kept`;
const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT_ID}:${name}`;

/** What a service and its queue have in common: messages are numbered, and all that were taken must arrive. */
abstract class Passing implements Witness {
  acknowledged = 0;
  readonly #taken = new Set<string>();
  readonly #queue: string;

  constructor(queue: string) {
    this.#queue = queue;
  }

  async setUp(cloud: KillableCloud): Promise<void> {
    const Service = ["sns.amazonaws.com", "events.amazonaws.com"];
    const statement = { Effect: "Allow", Principal: { Service }, Action: "sqs:SendMessage", Resource: "*" };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: this.#queue, Attributes: { Policy } }));
    await this.connect(cloud, queueArn(this.#queue));
  }

  async load(cloud: KillableCloud, round: number): Promise<void> {
    const send = this.sender(cloud);
    await untilKilled(async (turn) => {
      const text = JSON.stringify({ number: `${round}-${turn}` });
      await send(text);
      this.#taken.add(text);
      this.acknowledged++;
    });
  }

  async conclude(cloud: KillableCloud): Promise<readonly string[]> {
    const arrived = await drain(cloud, this.#queue, (bodies) => missing(this.#taken, bodies).length === 0);
    return missing(this.#taken, arrived).map((text) => `${text} was taken and never came to ${this.#queue}`);
  }

  protected abstract connect(cloud: KillableCloud, arn: string): Promise<void>;
  protected abstract sender(cloud: KillableCloud): (text: string) => Promise<unknown>;
}

export class Published extends Passing {
  protected async connect(cloud: KillableCloud, Endpoint: string): Promise<void> {
    const sns = cloud.client(SNSClient);
    await sns.send(new CreateTopicCommand({ Name: "kept" }));
    const Attributes = { RawMessageDelivery: "true" };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }));
  }

  protected sender(cloud: KillableCloud) {
    const sns = cloud.client(SNSClient);
    return (Message: string) => sns.send(new PublishCommand({ TopicArn, Message }));
  }
}

export class PutOnBus extends Passing {
  protected async connect(cloud: KillableCloud, Arn: string): Promise<void> {
    const events = cloud.client(EventBridgeClient);
    await events.send(new PutRuleCommand({ Name: "kept", EventPattern: '{"source":["witness"]}' }));
    await events.send(new PutTargetsCommand({ Rule: "kept", Targets: [{ Id: "queue", Arn, InputPath: "$.detail" }] }));
  }

  protected sender(cloud: KillableCloud) {
    const events = cloud.client(EventBridgeClient);
    return (Detail: string) =>
      events.send(new PutEventsCommand({ Entries: [{ Source: "witness", DetailType: "seen", Detail }] }));
  }
}
