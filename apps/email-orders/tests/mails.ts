/** Mails as people send them, and what the app made of them. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { deploy, type DeployOptions, type LocalApp } from "#local/testing";
import { activateRuleSet, deliverMail, type IncomingMail } from "#local/testing/mail";

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

/** Hands a mail in and waits until all is done; answers the id that SES gave it. */
export async function send(
  app: LocalApp,
  raw: string | Uint8Array,
  envelope: Omit<IncomingMail, "raw"> = {},
): Promise<string> {
  const { messageId, actions } = await deliverMail(app, { raw, to: [SHOP], ...envelope });
  const failure = actions.find((action) => action.failure !== undefined);
  if (failure) throw new Error(`${failure.action} failed: ${failure.failure}`);
  await app.settle();
  return messageId;
}

async function scan(app: LocalApp, table: string): Promise<Record<string, unknown>[]> {
  const documents = DynamoDBDocumentClient.from(app.client(DynamoDBClient));
  const rows: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({ TableName: app.resource(table), ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    rows.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows;
}

export const ordersOf = async (app: LocalApp, email: string) =>
  (await scan(app, "Orders")).filter((row) => row["email"] === email);
export const endingOf = async (app: LocalApp, mailId: string) =>
  (await scan(app, "Mails")).find((row) => row["mailId"] === mailId);
export const allEndings = (app: LocalApp) => scan(app, "Mails");
export const answersTo = (app: LocalApp, email: string) =>
  app.outbox.filter(({ to, kind }) => kind === "email" && to.includes(email));
