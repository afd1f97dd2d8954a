/** Mails the approver a link to the page that decides. The workflow waits; how it is woken stays on the server. */
import { SendEmailCommand } from "@aws-sdk/client-sesv2";
import { randomBytes } from "node:crypto";
import * as z from "zod/mini";
import { ses } from "#shared/clients/ses";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { hashOfToken } from "./approval.ts";
import { placeOfReport } from "./stores/papers.ts";
import { askForDecision, requestOf } from "./stores/request-store.ts";

const Input = z.object({ requestId: z.string(), round: z.number(), reportHash: z.string(), taskToken: z.string() });
const waitSeconds = env.integer("APPROVAL_SECONDS", { least: 60, most: 2_592_000 });

export const handler = handle({ input: Input }, async ({ requestId, round, reportHash, taskToken }) => {
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + waitSeconds * 1_000).toISOString();
  await askForDecision(requestId, { tokenHash: hashOfToken(token), taskToken, reportHash, round, expiresAt });
  const { summary } = await requestOf(requestId);
  const text = [
    `Somebody asks to erase the data of ${summary?.usersFound ?? 0} users for good (request ${requestId}).`,
    ...(round > 1 ? ["The data has changed since the last report, so this is a new one."] : []),
    `${summary?.objects ?? 0} objects in ${summary?.versions ?? 0} versions with ${summary?.rows ?? 0} rows are concerned.`,
    `Look at it and decide until ${expiresAt}:`,
    `${env.text("API_URL")}/approvals/${requestId}/${token}`,
    "The page asks once more. If you do nothing, nothing is deleted.",
    `The whole report: ${placeOfReport(requestId, round)}`,
    `Its SHA-256: ${reportHash}`,
  ].join("\n\n");
  await ses.send(
    new SendEmailCommand({
      FromEmailAddress: env.text("SENDER_EMAIL"),
      Destination: { ToAddresses: [env.text("APPROVER_EMAIL")] },
      Content: {
        Simple: { Subject: { Data: "Your Approval Needed to Proceed!" }, Body: { Text: { Data: text } } },
      },
    }),
  );
  return { expiresAt };
});
