import { CreateEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { type Feed, insist } from "../feed.ts";

const ADMINISTRATOR = "desk@example.com";
const tickets: string[] = [];

export const contactForm: Feed = {
  app: "contact-form",
  parameters: { ValidatedEmail: ADMINISTRATOR },
  async begin(app) {
    tickets.length = 0;
    await app.client(SESv2Client).send(new CreateEmailIdentityCommand({ EmailIdentity: ADMINISTRATOR }));
  },
  /** An unhappy visitor: an administrator must hear of it. */
  async hour(app, hour) {
    const submissionId = `0b7a4c7e-5a2a-4a0e-8a8f-${String(hour).padStart(12, "0")}`;
    const body = JSON.stringify({ message: "This is bad service, my parcel is broken!", submissionId });
    const headers = { "content-type": "application/json" };
    const url = app.outputs["FormUrl"] ?? "";
    const { ticketId } = await insist(() => fetch(url, { method: "POST", headers, body }));
    tickets.push(String(ticketId));
  },
  async undone(app) {
    const texts = app.outbox.map(({ text = "" }) => text);
    return tickets.filter((ticket) => !texts.some((text) => text.includes(ticket)));
  },
};
