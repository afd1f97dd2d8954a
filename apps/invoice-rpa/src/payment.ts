/** What is to be paid, and when two invoices are the same one. */
import type { Money } from "./reading/money.ts";

export interface Payment {
  readonly payee: string;
  readonly amount: Money;
  /** ISO 8601, a day. */
  readonly dueDate: string;
  readonly invoiceNumber?: string | undefined;
  readonly account?: string | undefined;
}

/** What was found of a payment so far. */
export type Found = { readonly [Name in keyof Payment]?: Payment[Name] | undefined };

export type Problem =
  | "payee missing"
  | "amount missing"
  | "amount ambiguous"
  | "amount not positive"
  | "due date missing"
  | "due date ambiguous"
  | "payee uncertain"
  | "amount uncertain"
  | "due date uncertain"
  | "pages unread"
  | "paid before";

export const isComplete = (found: Found): found is Payment =>
  found.payee !== undefined &&
  found.payee !== "" &&
  found.amount !== undefined &&
  found.amount.minor > 0 &&
  found.dueDate !== undefined;

export const memoOf = ({ account }: Found): string | undefined =>
  account === undefined ? undefined : `Account Number: ${account}`;

const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");

/**
 * What two invoices that must not both be paid have in common, surest first: the document, byte by byte; the payee's number for it; payee, day and amount.
 * The last one alone may be chance, and a person may say so.
 */
export function identitiesOf({ payee, amount, dueDate, invoiceNumber }: Payment, documentHash: string) {
  const sum = `${amount.minor}|${amount.currency}`;
  return {
    document: `document|${documentHash}`,
    ...(invoiceNumber === undefined || plain(invoiceNumber) === ""
      ? {}
      : { number: `number|${plain(payee)}|${plain(invoiceNumber)}|${sum}` }),
    day: `day|${plain(payee)}|${dueDate}|${sum}`,
  };
}
