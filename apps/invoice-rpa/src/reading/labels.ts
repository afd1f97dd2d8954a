/** What fields are called on invoices: built in, and added by whoever runs the app, without code. */
import * as z from "zod/mini";
import builtIn from "./labels.json" with { type: "json" };

const Phrases = z._default(z.array(z.string().check(z.minLength(2), z.maxLength(100))).check(z.maxLength(100)), []);

/** More labels, by field, in the order in which they are tried. */
export const MoreLabels = z.strictObject({
  payee: Phrases,
  amount: Phrases,
  dueDate: Phrases,
  invoiceNumber: Phrases,
  account: Phrases,
});

export type Labels = Readonly<Record<keyof z.infer<typeof MoreLabels>, readonly string[]>>;

/** Labels that were added come before the built-in ones. */
export function withBuiltIn(more: Labels): Labels {
  const both = (field: keyof Labels) => [...more[field], ...builtIn[field]].map(labelOf);
  return {
    payee: both("payee"),
    amount: both("amount"),
    dueDate: both("dueDate"),
    invoiceNumber: both("invoiceNumber"),
    account: both("account"),
  };
}

/**
 * A label as it is compared: as a whole, without case, colons, what stands in brackets, and a leading "the", "your" or "our". Compared in part,
 * "payment due" would be found in "Total Minimum Payment Due".
 */
export function labelOf(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/\([^)]{0,40}\)/g, " ")
    .replaceAll(/[^\p{L}\p{N}#$€£]+/gu, " ")
    .trim()
    .replace(/^(the|your|our) /, "")
    .replace(/ (usd|eur|gbp|[$€£])$/, "");
}
