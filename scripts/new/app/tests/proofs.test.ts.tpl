import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";

const send = async (app: LocalApp, body: unknown) => {
  const message = { QueueUrl: app.resource("Guests"), MessageBody: JSON.stringify(body) };
  await app.client(SQSClient).send(new SendMessageCommand(message));
  await app.settle();
};

proofs("__app__", {
  uses: {
    "a guest is greeted": async (app, id) => {
      const greetings = async () => (await app.logs("Greet")).filter(({ json }) => json?.["message"] === "greeted").length;
      const before = await greetings();
      await send(app, { name: id });
      expect(await greetings()).toBeGreaterThan(before);
    },
    "a message without a name is put aside": async (app, id) => {
      await send(app, { nobody: id });
      const aside = (await app.messages("DeadLetters")).filter(({ Body }) => Body?.includes(id));
      expect(aside.map(({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue)).toContain("body.name: missing");
    },
  },
});
