/** Finds the payment in the analysis and decides: approved, for a person to look at, or approved once before. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { isComplete, type Problem } from "./payment.ts";
import { readingOf } from "./reading/analysis.ts";
import { findPayment } from "./reading/find-payment.ts";
import { readAnalysis } from "./stores/analysis-store.ts";
import { addApproved, addOther, approvedWith, findInvoice, type Invoice, type Origin } from "./stores/invoice-store.ts";
import { readSettings } from "./stores/settings.ts";

const Input = z.object({
  invoice_id: z.uuid(),
  bucket_name: z.string(),
  key: z.string().check(z.minLength(1)),
  version_id: z.string(),
  document_hash: z.string(),
  created_at: z.iso.datetime(),
  is_partial: z.boolean(),
  analysis: z.object({ key: z.string(), versionId: z.string() }),
});

const METRICS: Readonly<Record<Invoice["status"], string>> = {
  "Approved for Payment": "ApprovedForPayment",
  "Pending Review": "PendingReview",
  Duplicate: "Duplicate",
  Rejected: "SeenAgain",
  "Review Expired": "SeenAgain",
};
const analysesBucket = env.text("ANALYSES_BUCKET_NAME");

export const handler = handle({ input: Input }, async ({ key, analysis, is_partial, ...rest }) => {
  const origin: Origin = { ...rest, invoice_key: key };
  const invoice = (await findInvoice(origin.invoice_id)) ?? (await decide(origin, analysis, is_partial));
  logger.info("decided", { invoice: invoice.invoice_id, status: invoice.status, problems: invoice.problems });
  count(METRICS[invoice.status]);
  return { status: invoice.status, problems: invoice.problems, duplicate_of: invoice.duplicate_of ?? null };
});

async function decide(origin: Origin, place: z.infer<typeof Input>["analysis"], isPartial: boolean): Promise<Invoice> {
  const { blocks } = await readAnalysis(analysesBucket, place);
  const { found, problems: seen } = findPayment(readingOf(blocks), await readSettings());
  const problems: Problem[] = [...seen, ...(isPartial ? ["pages unread" as const] : [])];

  const before = await approvedWith(origin.document_hash);
  if (before !== undefined) return addOther(origin, found, { status: "Duplicate", problems, duplicateOf: before });
  if (problems.length > 0 || !isComplete(found)) return addOther(origin, found, { status: "Pending Review", problems });

  const refusal = await addApproved(found, origin);
  if (refusal === undefined) return { ...origin, status: "Approved for Payment", problems: [] };
  if (refusal === "document") {
    return addOther(origin, found, {
      status: "Duplicate",
      problems,
      duplicateOf: await approvedWith(origin.document_hash),
    });
  }
  // "other": a try whose answer got lost has written it; what it wrote is answered.
  return addOther(origin, found, { status: "Pending Review", problems: ["paid before"] });
}
