/** Reviews that wait for a person. The link's token is kept as a hash; the token that resumes the workflow never leaves this table. */
import { GetCommand, PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { AppError } from "#shared/errors";
import type { Payment } from "../payment.ts";
import { approve, decided, type Origin, paymentFields, type Refusal } from "./invoice-store.ts";

const reviews = env.text("REVIEWS_TABLE");
const DAY_SECONDS = 86_400;
/** A decided or expired review is shown as such for a while. */
const DAYS_SHOWN = 30;

const Review = z.object({
  invoice_id: z.string(),
  token_hash: z.string(),
  task_token: z.string(),
  /** Epoch seconds. */
  expires_at: z.number(),
  decision: z.optional(z.enum(["approved", "rejected"])),
});
export type Review = z.infer<typeof Review>;

/** A person has decided by the link of a mail that was sent although the try failed. */
export class ReviewDecided extends AppError {}

/** A link that was mailed before for the same invoice is worth nothing from now on. Throws ReviewDecided. */
export async function openReview(review: Review): Promise<void> {
  const forget_at = review.expires_at + DAYS_SHOWN * DAY_SECONDS;
  try {
    await documents.send(
      new PutCommand({
        TableName: reviews,
        Item: { ...review, forget_at },
        ConditionExpression: "attribute_not_exists(decision)",
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
    throw new ReviewDecided("The review was decided before");
  }
}

export async function findReview(invoiceId: string): Promise<Review | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: reviews, Key: { invoice_id: invoiceId }, ConsistentRead: true }),
  );
  return Item && z.parse(Review, Item);
}

/** The token is used up by the decision, in the same transaction. */
const usedUp = (review: Review, decision: "approved" | "rejected", now: string) => ({
  Update: {
    TableName: reviews,
    Key: { invoice_id: review.invoice_id },
    UpdateExpression: "SET decision = :decision, decided_at = :now",
    ConditionExpression: "attribute_not_exists(decision) AND token_hash = :hash",
    ExpressionAttributeValues: { ":decision": decision, ":now": now, ":hash": review.token_hash },
  },
});

/** Answers what stood against it: `other` when the review was decided, replaced or has expired meanwhile. */
export const approveReviewed = (
  review: Review,
  { origin, payment, isSure, now }: { origin: Origin; payment: Payment; isSure: boolean; now: string },
): Promise<Refusal | undefined> =>
  approve(payment, origin, isSure, [
    usedUp(review, "approved", now),
    decided(review.invoice_id, { status: "Approved for Payment", decided_at: now, ...paymentFields(payment) }),
  ]);

export async function rejectReviewed(review: Review, now: string): Promise<Refusal | undefined> {
  const rejected = decided(review.invoice_id, { status: "Rejected", decided_at: now });
  try {
    await documents.send(new TransactWriteCommand({ TransactItems: [usedUp(review, "rejected", now), rejected] }));
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "TransactionCanceledException") return "other";
    throw error;
  }
}
