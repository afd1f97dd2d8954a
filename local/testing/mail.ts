/** Hands mails to the local cloud's SES, for tests and demos of apps. */
import { SESClient, SetActiveReceiptRuleSetCommand } from "@aws-sdk/client-ses";
import { receiveMail, type IncomingMail, type Receipt } from "../services/ses/receiving/receive.ts";
import type { LocalApp } from "./local-app.ts";

export type { IncomingMail } from "../services/ses/receiving/receive.ts";

/** Makes a rule set the active one: CloudFormation cannot, so that people do it once. */
export async function activateRuleSet(app: LocalApp, RuleSetName: string): Promise<void> {
  await app.client(SESClient).send(new SetActiveReceiptRuleSetCommand({ RuleSetName }));
}

/** A mail arrives. Throws MessageRejected when no active rule speaks of its recipients. */
export const deliverMail = (
  app: LocalApp,
  mail: Omit<IncomingMail, "raw"> & { raw: string | Uint8Array },
): Promise<Receipt> =>
  receiveMail(app.cloud, { ...mail, raw: typeof mail.raw === "string" ? Buffer.from(mail.raw) : mail.raw });
