/** Mails of all kinds arrive at the shop: what each becomes, and what its sender gets to read. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Demo } from "#local/testing";
import { activateRuleSet, deliverMail, type IncomingMail } from "#local/testing/mail";

type Verdicts = NonNullable<IncomingMail["verdicts"]>;

const MAILS: readonly (readonly [file: string, what: string, verdicts?: Verdicts])[] = [
  ["order.eml", "two items in quoted-printable Latin 1, with a signature, an HTML part and an attachment"],
  ["order.eml", "the same mail, delivered again by the sender's server"],
  ["short.eml", "HTML only: the subject is the item, the mail its quantity"],
  ["mistake.eml", "two of three lines are wrong"],
  ["spam.eml", "SES finds it to be spam", { spam: "FAIL" }],
  ["order.eml", "somebody else in Jürgen's name", { spf: "FAIL", dkim: "FAIL", dmarc: "FAIL" }],
];

const demo: Demo = async (stage) => {
  const { app } = stage;
  const documents = DynamoDBDocumentClient.from(app.client(DynamoDBClient));
  await activateRuleSet(app, app.outputs["RuleSet"] ?? "");

  const outcomes: string[] = [];
  for (const [file, what, verdicts = {}] of MAILS) {
    const raw = readFileSync(join(import.meta.dirname, "samples", file));
    const given = Object.entries(verdicts).map(([name, status]) => `${name}=${status}`);
    stage.input(`${file}: ${what}`, given.length === 0 ? [] : [given.join(" ")]);
    const { messageId } = await deliverMail(app, { raw, verdicts });
    await app.settle();
    const { Item } = await documents.send(
      new GetCommand({ TableName: app.resource("Mails"), Key: { mailId: messageId } }),
    );
    const reason = Item?.["reason"] ?? Item?.["orderId"];
    outcomes.push(String(Item?.["outcome"]));
    const style = Item?.["outcome"] === "accepted" ? "green" : "yellow";
    stage.result(`${stage.paint(style, String(Item?.["outcome"]))}, ${String(reason)}`);
  }
  await stage.path();

  const { Items = [] } = await documents.send(new ScanCommand({ TableName: app.resource("Orders") }));
  stage.result(
    "the table of orders",
    Items.map(({ email, orderId, status, items }) => `${orderId}  ${status}  ${email}  ${JSON.stringify(items ?? [])}`),
  );
  for (const { to, subject, text = "" } of app.outbox) stage.result(`mail to ${to.join(", ")}: ${subject}`, text);

  stage.check(
    "each mail has ended as it should",
    outcomes.join() === "accepted,duplicate,accepted,rejected,dropped,parked",
  );
  stage.check("each sender is answered once, and whoever borrowed a name is not", app.outbox.length === 3);
};

export default demo;
