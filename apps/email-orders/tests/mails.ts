/** Mails as people send them, and what the app made of them. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { deploy, type DeployOptions, type LocalApp } from "#local/testing";
import { activateRuleSet, deliverMail, type IncomingMail } from "#local/testing/mail";
import { takeMessages } from "#local/testing/messages";

export const SHOP = "orders@example.com";

export async function deployShop(options: DeployOptions = {}): Promise<LocalApp> {
  const app = await deploy("email-orders", options);
  await activateRuleSet(app, app.outputs["RuleSet"] ?? "");
  return app;
}

/** A plain mail of a person; `headers` are added, or replace those of the same name. */
export function mailOf(from: string, body: string, headers: Readonly<Record<string, string | undefined>> = {}): string {
  const all = {
    From: from,
    To: SHOP,
    Subject: "Order",
    "Message-ID": `<${from.replace(/\W/g, "")}@mail.example.org>`,
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

type Envelope = Omit<IncomingMail, "raw">;

/** Hands a mail in; answers the id that SES gave it. Throws when SES gives up on it, as it then tells the sender's server. */
export async function handIn(app: LocalApp, raw: string | Uint8Array, envelope: Envelope = {}): Promise<string> {
  const { messageId, actions } = await deliverMail(app, { raw, to: [SHOP], ...envelope });
  const failure = actions.find((action) => action.failure !== undefined);
  if (failure) throw new Error(`${failure.action} failed: ${failure.failure}`);
  return messageId;
}

/** Hands a mail in and waits until all is done; answers the id that SES gave it. */
export async function send(app: LocalApp, raw: string | Uint8Array, envelope: Envelope = {}): Promise<string> {
  const messageId = await handIn(app, raw, envelope);
  await app.settle();
  return messageId;
}

const documentsOf = (app: LocalApp) => DynamoDBDocumentClient.from(app.client(DynamoDBClient));

export async function ordersOf(app: LocalApp, email: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await documentsOf(app).send(
    new QueryCommand({
      TableName: app.resource("Orders"),
      KeyConditionExpression: "email = :email",
      ExpressionAttributeValues: { ":email": email },
    }),
  );
  return Items;
}

export async function endingOf(app: LocalApp, mailId: string): Promise<Record<string, unknown> | undefined> {
  const { Item } = await documentsOf(app).send(new GetCommand({ TableName: app.resource("Mails"), Key: { mailId } }));
  return Item;
}

/** Of the few mails of a test: one page holds them. */
export async function allEndings(app: LocalApp): Promise<Record<string, unknown>[]> {
  return (await documentsOf(app).send(new ScanCommand({ TableName: app.resource("Mails") }))).Items ?? [];
}

/** Asks for an answer by a message that names no order. */
export async function askForNothing(app: LocalApp, id: string): Promise<void> {
  const QueueUrl = app.resource("Answers");
  await app.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: `{${id}` }));
}

/** Takes those messages out of the dead answers; answers why each lies there. */
export async function takeAside(app: LocalApp, id: string): Promise<(string | undefined)[]> {
  const mine = await takeMessages(app.cloud, app.resource("DeadAnswers"), ({ Body }) => Body === `{${id}`);
  return mine.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue);
}

export const answersTo = (app: LocalApp, email: string) =>
  app.outbox.filter(({ to, kind }) => kind === "email" && to.includes(email));
