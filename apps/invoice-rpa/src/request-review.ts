/** Asks a person to look at an invoice: mails a link that nobody can guess, which works once and for a while. */
import { PublishCommand } from "@aws-sdk/client-sns";
import * as z from "zod/mini";
import { sns } from "#shared/clients/sns";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { hashOf, newToken } from "./review/token.ts";
import { openReview } from "./stores/review-store.ts";

const Input = z.object({
  invoice_id: z.uuid(),
  key: z.string(),
  problems: z.array(z.string()),
  task_token: z.string().check(z.minLength(1)),
});

const topic = env.text("PENDING_REVIEW_TOPIC");
const reviewUrl = env.text("REVIEW_URL");
const reviewDays = env.integer("REVIEW_DAYS", { least: 1, most: 30 });

export const handler = handle({ input: Input }, async ({ invoice_id, key, problems, task_token }) => {
  const token = newToken();
  const expires_at = Math.floor(Date.now() / 1_000) + reviewDays * 86_400;
  await openReview({ invoice_id, token_hash: hashOf(token), task_token, expires_at });
  await sns.send(
    new PublishCommand({
      TopicArn: topic,
      Subject: "An invoice waits for your review",
      Message: [
        `Invoice ${invoice_id} could not be approved by itself: ${problems.join(", ") || "it is incomplete"}.`,
        // A key is whatever the uploader wrote.
        `Document: ${key.replaceAll(/\p{Cc}/gu, "?")}`,
        `Look at it and decide within ${reviewDays} days: ${reviewUrl}/reviews/${invoice_id}/${token}`,
        "Whoever has this link can approve the payment. Do not forward it.",
      ].join("\n\n"),
    }),
  );
});
