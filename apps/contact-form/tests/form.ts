/** The deployed form, as its senders and its administrator meet it. */
import { CreateEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { deploy, type LocalApp } from "#local/testing";

export const ADMINISTRATOR = "desk@example.com";
export const TICKET = /^[0-9A-F]{4}(-[0-9A-F]{4}){4}$/;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Form = Awaited<ReturnType<typeof startForm>>;

/** SES takes mails only from an address that is verified. */
export const verifySender = (app: LocalApp) =>
  app.client(SESv2Client).send(new CreateEmailIdentityCommand({ EmailIdentity: ADMINISTRATOR }));

/** POSTs a form, an object as JSON or any text, and answers what comes back. */
export async function post(app: LocalApp, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(app.outputs["FormUrl"] ?? "", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}

export const mailsIn = (app: LocalApp) => app.outbox.filter(({ source }) => source === "ses");

/** The row of a ticket, or of `submission#…`. */
export async function rowOf(app: LocalApp, formId: unknown): Promise<Record<string, unknown> | undefined> {
  const { Item } = await app
    .client(DynamoDBClient)
    .send(new GetCommand({ TableName: app.resource("Messages"), Key: { formId } }));
  return Item;
}

export async function startForm(parameters: Readonly<Record<string, string>> = {}) {
  const app = await deploy("contact-form", { parameters: { ValidatedEmail: ADMINISTRATOR, ...parameters } });
  await verifySender(app);
  return {
    app,
    post: (body: unknown, headers?: Record<string, string>) => post(app, body, headers),
    row: (formId: unknown) => rowOf(app, formId),
    /** Mails that tell of a ticket. */
    mailsOf: (ticketId: unknown) => mailsIn(app).filter(({ text }) => text?.includes(String(ticketId))),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}
