import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";

let app: LocalApp;
beforeEach(async () => {
  app = await deploy("metadata-search");
});
afterEach(() => app[Symbol.asyncDispose]());

const send = (MessageBody: string) =>
  app.client(SQSClient).send(new SendMessageCommand({ QueueUrl: app.resource("Guests"), MessageBody }));
const greeted = async () => (await app.logs("Greet")).filter(({ json }) => json?.["message"] === "greeted");

describe("a guest", () => {
  it("is greeted", async () => {
    await send('{"name":"Ada"}');
    await app.settle();
    expect(await greeted()).toMatchObject([{ json: { letters: 14 } }]);
  });

  it("without a name is put aside with the reason, and the next one is greeted", async () => {
    await send("{}");
    await send('{"name":"Ada"}');
    await app.settle();
    expect(await greeted()).toHaveLength(1);
    const { Messages = [] } = await app
      .client(SQSClient)
      .send(new ReceiveMessageCommand({ QueueUrl: app.resource("DeadLetters"), MessageAttributeNames: ["All"] }));
    expect(Messages.map(({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue)).toEqual([
      "body.name: missing",
    ]);
  });
});
