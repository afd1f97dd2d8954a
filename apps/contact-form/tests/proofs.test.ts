import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";
import { type Answer, ADMINISTRATOR, mailsIn, post, rowOf, TICKET, verifySender } from "./form.ts";

const uuidOf = (id: string) =>
  createHash("sha256")
    .update(id)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");

/** As the page's visitors do: whatever went wrong, the same message is sent again. */
async function sendUntilTaken(app: LocalApp, form: object): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await post(app, form);
    if (answer.status === 200 || attempt === 5) return answer;
    await app.advance(60);
  }
}

proofs("contact-form", {
  parameters: {
    ValidatedEmail: ADMINISTRATOR,
    RequestsPerSecond: "1000",
    RequestsAtOnce: "2000",
    RetryMailSeconds: "300",
  },
  spare: {
    "NotifyAdministrator dynamodb:GetItem": "asked only where a refused write does not say what is there",
    "NotifyAdministrator dynamodb:DeleteItem": "without it a failed mail is tried again later, not at once",
  },
  uses: {
    "a bad message is answered with a ticket and mailed once, also when it is sent twice": async (app, id) => {
      // The account may verify an address as often as it likes.
      await verifySender(app).catch(() => undefined);
      const message = { message: `This is bad service, says ${id}`, submissionId: uuidOf(id) };
      const { status, body } = await sendUntilTaken(app, message);
      expect([status, body["sentiment"]]).toEqual([200, "NEGATIVE"]);
      expect((await sendUntilTaken(app, message)).body).toEqual(body);
      expect(await rowOf(app, body["ticketId"])).toMatchObject({ formId: expect.stringMatching(TICKET) });
      await app.settle();
      const about = mailsIn(app).filter(({ text }) => text?.endsWith(` ${id}`));
      // A mail whose sending had an unknown outcome is sent again rather than lost.
      expect(about.length).toBeGreaterThanOrEqual(1);
      expect(about.length).toBeLessThanOrEqual(2);
    },

    "a record that is no message is put aside": async (app, id) => {
      const Item = { formId: { S: id }, needsAttention: { BOOL: true } };
      await app.client(DynamoDBClient).send(new PutItemCommand({ TableName: app.resource("Messages"), Item }));
      await app.settle();
      const mine = (await app.messages("DeadLetters")).filter(({ Body }) => Body?.includes(id));
      expect(mine.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toContain("InputInvalid");
    },
  },
});
