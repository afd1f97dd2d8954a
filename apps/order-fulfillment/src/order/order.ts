/** An order as a shop hands it over: what is in it, what it costs, what it weighs. Amounts are whole minor units, weights whole grams. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { AppError, InputInvalid } from "#shared/errors";

/** The order's id was used before, for another order. */
export class OrderChanged extends AppError<{ orderId: string }> {}

const whole = (least: number, most: number) => z.int().check(z.gte(least), z.lte(most));
const text = (longest: number) => z.string().check(z.minLength(1), z.maxLength(longest));

/** Ids become parts of keys: letters, digits, `-` and `_`, beginning with a letter or digit. */
export const Id = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/));
export const Sku = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/));
export const Quantity = whole(1, 100_000);

export const Line = z.object({
  lineId: Id,
  sku: Sku,
  name: text(200),
  quantity: Quantity,
  unitPriceMinor: whole(0, 1_000_000_000),
  /** Of one unit. */
  weightGrams: whole(0, 10_000_000),
});
export type Line = z.infer<typeof Line>;

export const Order = z.object({
  orderId: Id,
  /** ISO 4217. */
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  /** What the payment provider has given the shop for the customer's card. */
  paymentToken: z.string().check(z.regex(/^[\w-]{1,200}$/)),
  shipTo: z.object({ name: text(200), street: text(200), postcode: text(20), city: text(200), country: text(100) }),
  orderItems: z.array(Line).check(z.minLength(1)),
});
export type Order = z.infer<typeof Order>;

/** A hundred times what anybody orders, and far below the integers that are exact. */
const MOST_MINOR = 1_000_000_000_000;

export const amountOf = ({ quantity, unitPriceMinor }: Line): number => quantity * unitPriceMinor;
export const weightOf = ({ quantity, weightGrams }: Line): number => quantity * weightGrams;
export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What the whole order costs. Throws InputInvalid for what no single line shows: too many lines, a line twice, an absurd total. */
export function totalOf({ orderItems }: Order, mostLines: number): number {
  if (orderItems.length > mostLines) throw invalid("orderItems", `more than ${mostLines} lines`);
  const seen = new Set<string>();
  for (const [index, { lineId }] of orderItems.entries()) {
    if (seen.has(lineId)) throw invalid(`orderItems[${index}].lineId`, "is there twice");
    seen.add(lineId);
  }
  const total = sum(orderItems.map(amountOf));
  if (total > MOST_MINOR) throw invalid("orderItems", `cost more than ${MOST_MINOR} minor units`);
  return total;
}

const invalid = (field: string, problem: string) => new InputInvalid([{ field, problem }]);

/** Tells whether two orders of one id are the same order. */
export const digestOf = (order: Order): string => createHash("sha256").update(JSON.stringify(order)).digest("hex");
