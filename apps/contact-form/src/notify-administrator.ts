/** Mails to the administrator each message that needs a person. It hears of them by the table's stream: the sender waits for nothing. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleDynamoDb } from "#shared/events/dynamodb";
import { by } from "#shared/idempotency";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { sendNotice } from "./administrator-mail.ts";
import { noticeOf } from "./notice.ts";

const Row = z.object({
  formId: z.string(),
  sentiment: z.string(),
  language: z.string(),
  receivedAt: z.string(),
  formData: z.object({ message: z.string(), email: z.optional(z.string()) }),
});

const administrator = env.text("ADMINISTRATOR");
const options = {
  row: Row,
  idempotent: by("after.formId"),
  putAside: sendToDeadLetters(env.text("DEAD_LETTERS_URL")),
};

export const handler = handleDynamoDb(options, async ({ kind, after }) => {
  if (kind !== "INSERT" || !after) return;
  await sendNotice(administrator, noticeOf(after, administrator));
  count("AdministratorTold");
  logger.info("administrator told", { ticket: after.formId, sentiment: after.sentiment });
});
