import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import type { Work } from "#local/testing/work";
import { ADMINISTRATOR, mailsIn, post, rowOf, verifySender } from "./form.ts";

const submissionOf = (id: string): string =>
  createHash("sha256")
    .update(id)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");

/** Sends the visitor's message, once more each time it is called; only the first makes a ticket. */
async function send(app: LocalApp, id: string): Promise<string> {
  const message = `This is bad service, says ${id}.`;
  const { status, body } = await post(app, { message, submissionId: submissionOf(id) });
  if (status !== 200) throw new Error(`The form answered ${status}`);
  return String(body["ticketId"]);
}

export const work: Work = {
  parameters: { ValidatedEmail: ADMINISTRATOR, RequestsPerSecond: "1000", RequestsAtOnce: "2000" },
  begin: async (app) => void (await verifySender(app)),
  tasks: {
    "a bad message has a ticket, and an administrator hears of it": {
      steps: [async (app, id) => void (await send(app, id))],
      async done(app, id) {
        const ticket = await send(app, id);
        expect(await rowOf(app, ticket)).toMatchObject({ formId: ticket });
        // A mail whose sending had an unknown outcome is sent again rather than lost.
        const mails = mailsIn(app).filter(({ text }) => text?.includes(ticket));
        expect(mails.length).toBeGreaterThanOrEqual(1);
      },
    },
  },
};
