/** Opens a review by the link that was mailed. A wrong link and an invoice that is not there are answered alike. */
import * as z from "zod/mini";
import { NotFound } from "#shared/errors";
import { findInvoice } from "../stores/invoice-store.ts";
import { findReview } from "../stores/review-store.ts";
import { isTokenOf } from "./token.ts";

export const LinkPath = z.object({
  invoiceId: z.string().check(z.maxLength(100)),
  token: z.string().check(z.maxLength(200)),
});

export async function openByLink({ invoiceId, token }: z.infer<typeof LinkPath>, nowMs: number) {
  const review = await findReview(invoiceId);
  const invoice = review && isTokenOf(token, review.token_hash) ? await findInvoice(invoiceId) : undefined;
  if (!review || !invoice) throw new NotFound("There is no such review, or a later mail has another link to it");
  const isOver = review.expires_at * 1_000 <= nowMs || invoice.status === "Review Expired";
  const state = review.decision ?? (isOver ? ("expired" as const) : ("open" as const));
  return { review, invoice, state };
}
