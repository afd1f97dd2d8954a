/** A ride that is over and its fare: what comes in, what passes from step to step, what is told in the end. Amounts are whole minor units. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { AppError } from "#shared/errors";

/** A step says no, for good: the fare fails, and what was done before is undone. Subclasses name who said it. */
export class FareRefused extends AppError<{ fareId: string }> {
  override readonly status = 422;
}

export const processes = ["pipes", "choreography", "saga"] as const;
export type Process = (typeof processes)[number];

/** Ids become parts of keys and names of executions: letters, digits, `-` and `_`, beginning with a letter or digit. */
export const Id = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/));
const text = (longest: number) => z.string().check(z.minLength(1), z.maxLength(longest));

/** A hundred times any fare, and far below the integers that are exact. */
const MOST_MINOR = 100_000_000;
export const Money = z.strictObject({
  amountMinor: z.int().check(z.gte(1), z.lte(MOST_MINOR)),
  /** ISO 4217. */
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
});
export type Money = z.infer<typeof Money>;

/** What the payment provider gave the customer's app for the card, before this system ever heard of it. */
export const PaymentToken = z.string().check(z.regex(/^tok_[A-Za-z_]{1,40}[A-Za-z0-9_]{0,60}$/));

export const Ride = z.strictObject({
  /** A caller that gives one may send the ride again; it is processed once. */
  rideId: z.optional(Id),
  from: text(200),
  to: text(200),
  durationMinutes: z.int().check(z.gte(0), z.lte(10_000)),
  distanceKm: z.number().check(z.gte(0), z.lte(10_000)),
  customer: Id,
  fare: Money,
  paymentToken: PaymentToken,
  process: z.optional(z.enum(processes)),
});
export type Ride = z.infer<typeof Ride>;

/** What travels between steps: an id. What a fare is about stays in its row. */
export const FareRef = z.object({ fareId: Id });
export const Refusal = z.object({ fareId: Id, reason: z._default(z.string(), "") });
export type Refusal = z.infer<typeof Refusal>;

export type Outcome = "completed" | "failed";
export type Status = "submitted" | "registered" | "failing" | Outcome;
export const isOver = (status: Status): status is Outcome => status === "completed" || status === "failed";

/** What interested parties are told, once a fare has come to its end. */
export interface FareNotice {
  readonly fareId: string;
  readonly customerId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly process: Process;
  readonly status: Outcome;
  readonly reason?: string;
}

/** Tells whether two rides of one id are the same ride. */
export const digestOf = (ride: Ride): string => createHash("sha256").update(JSON.stringify(ride)).digest("hex");

/**
 * Whether the sample refuses this step on purpose: `tok_fail_auth`, `tok_fail_charge`, `tok_fail_credit`, `tok_fail_refund`, or several
 * (`tok_fail_credit_refund`). Only where the stack allows test tokens.
 */
export function isToFail(step: "auth" | "charge" | "credit" | "refund", token: string, allowed: boolean): boolean {
  return allowed && token.startsWith("tok_fail_") && token.slice("tok_fail_".length).split("_").includes(step);
}
