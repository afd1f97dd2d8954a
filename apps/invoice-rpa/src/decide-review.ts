/** Takes a person's decision, once, and lets the workflow go on. */
import { SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import { sfn } from "#shared/clients/sfn";
import { env } from "#shared/environment";
import { handleHttp } from "#shared/http";
import { logger } from "#shared/observability/logger";
import { readDecision } from "./review/decision.ts";
import { LinkPath, openByLink } from "./review/link.ts";
import { pageAnswer, reviewPage } from "./review/page.ts";
import { approveReviewed, rejectReviewed, type Review } from "./stores/review-store.ts";

const settings = { currency: env.text("CURRENCY"), dateOrder: env.oneOf("DATE_ORDER", ["MDY", "DMY"]) };

export const handler = handleHttp({ path: LinkPath }, async ({ path }, { body }) => {
  const now = new Date();
  const { invoice, review, state } = await openByLink(path, now.getTime());
  const { decision, payment, isSure, form, faults } = readDecision(body, settings);
  const show = (status: number, shown: typeof state, problems: readonly string[] = []) =>
    pageAnswer(status, reviewPage({ invoice, state: shown, form, faults: problems }));

  if (state === "expired") return show(410, state);
  if (state !== "open") {
    // The same decision again: its first answer may have got lost before the workflow heard of it.
    if (state === decision) await resume(review, state);
    return show(state === decision ? 200 : 409, state);
  }
  if (faults.length > 0 || decision === undefined) return show(422, state, faults);

  const refusal =
    decision === "rejected"
      ? await rejectReviewed(review, now.toISOString())
      : payment && (await approveReviewed(review, { origin: invoice, payment, isSure, now: now.toISOString() }));
  if (refusal === "other") return again(path, decision, now, show);
  if (refusal !== undefined) return show(409, state, [REFUSALS[refusal]]);
  logger.info("reviewed", { invoice: invoice.invoice_id, decision });
  await resume(review, decision);
  return show(200, decision);
});

const REFUSALS = {
  document: "This very document was approved before. It can only be rejected.",
  number: "An invoice of this payee with this number and amount was approved before. Correct the number, or reject it.",
  day: "An invoice of this payee with this day and amount was approved before. Tick the box if this is another one.",
};

type Show = (
  status: number,
  shown: "open" | "expired" | "approved" | "rejected",
  problems?: readonly string[],
) => ReturnType<typeof pageAnswer>;

/** The transaction met a decision: somebody else's, or this one's, carried out while its answer got lost. */
async function again(path: Parameters<typeof openByLink>[0], decision: "approved" | "rejected", now: Date, show: Show) {
  const { review, state } = await openByLink(path, now.getTime());
  if (state !== decision) return show(409, state);
  await resume(review, state);
  return show(200, state);
}

/** A workflow that has gone on, or given up waiting, is content: it reads the decision from the invoice. */
async function resume({ task_token, invoice_id }: Review, decision: "approved" | "rejected"): Promise<void> {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken: task_token, output: JSON.stringify({ decision }) }));
  } catch (error) {
    if (!(error instanceof Error && /^(TaskTimedOut|TaskDoesNotExist|InvalidToken)$/.test(error.name))) throw error;
    logger.info("nobody waits for the decision", { invoice: invoice_id, reason: error.name });
  }
}
