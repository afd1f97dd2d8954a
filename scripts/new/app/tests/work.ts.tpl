import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { Work } from "#local/testing/work";

const guests = new Set<string>();

export const work: Work = {
  tasks: {
    "a guest is greeted": {
      steps: [
        async (app, id) => {
          guests.add(id);
          const message = { QueueUrl: app.resource("Guests"), MessageBody: JSON.stringify({ name: id }) };
          await app.client(SQSClient).send(new SendMessageCommand(message));
        },
      ],
      async done(app) {
        // Better: what belongs to this id, a row, an object, a mail.
        const greetings = (await app.logs("Greet")).filter(({ json }) => json?.["message"] === "greeted");
        expect(greetings.length).toBeGreaterThanOrEqual(guests.size);
      },
    },
  },
};
