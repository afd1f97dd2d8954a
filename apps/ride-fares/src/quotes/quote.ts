/** Requests for quotes: who wants to ride where, what responders offer, which offer is best. */
import * as z from "zod/mini";
import { Id, Money } from "../fare/fare.ts";

const text = (longest: number) => z.string().check(z.minLength(1), z.maxLength(longest));

export const QuoteRequest = z.strictObject({
  from: text(200),
  to: text(200),
  distanceKm: z.number().check(z.gte(0), z.lte(10_000)),
  customer: Id,
  currency: Money.shape.currency,
});
export type QuoteRequest = z.infer<typeof QuoteRequest>;

/** What responders get: no word of who asks. */
export const CallForQuotes = z.object({
  "rfq-id": z.uuid(),
  distanceKm: z.number(),
  currency: Money.shape.currency,
});

/** What responders send. */
export const Quote = z.strictObject({ "rfq-id": z.uuid(), responder: Id, quote: Money });
export type Quote = z.infer<typeof Quote>;

export interface Offer {
  readonly responder: string;
  readonly quote: Money;
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** The cheapest; of several the one that came first, and then by name, so that everybody sees the same. */
export function bestOf(offers: readonly Offer[]): Offer | undefined {
  return offers.toSorted(
    (one, other) =>
      one.quote.amountMinor - other.quote.amountMinor ||
      compare(one.receivedAt, other.receivedAt) ||
      compare(one.responder, other.responder),
  )[0];
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
