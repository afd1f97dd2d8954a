/** What a person has filled into the form of the review, checked as strictly as what was read from the document. */
import { isComplete, type Payment } from "../payment.ts";
import { type DateOrder, parseDate } from "../reading/dates.ts";
import { parseMoney } from "../reading/money.ts";

export interface Form {
  readonly payee: string;
  readonly amount: string;
  readonly dueDate: string;
  readonly invoiceNumber: string;
  readonly account: string;
}

export interface Decision {
  readonly decision: "approved" | "rejected" | undefined;
  /** There when the decision is to approve and nothing is wrong. */
  readonly payment: Payment | undefined;
  /** Whether the person says that it is another invoice than the one that looks the same. */
  readonly isSure: boolean;
  readonly form: Form;
  /** What is wrong, in sentences. */
  readonly faults: readonly string[];
}

const LONGEST = 200;

export function readDecision(
  body: string,
  { currency, dateOrder }: { currency: string; dateOrder: DateOrder },
): Decision {
  const given = new URLSearchParams(body);
  const field = (name: string) =>
    (given.get(name) ?? "")
      .replaceAll(/[\s\p{Cc}]+/gu, " ")
      .trim()
      .slice(0, LONGEST);
  const form = {
    payee: field("payee"),
    amount: field("amount"),
    dueDate: field("dueDate"),
    invoiceNumber: field("invoiceNumber"),
    account: field("account"),
  };
  const wanted = given.get("decision");
  const isSure = given.get("isSure") === "yes";
  if (wanted === "reject") return { decision: "rejected", payment: undefined, isSure, form, faults: [] };
  if (wanted !== "approve")
    return { decision: undefined, payment: undefined, isSure, form, faults: ["Choose to approve or to reject."] };

  const found = {
    payee: form.payee,
    amount: parseMoney(form.amount, currency),
    dueDate: parseDate(form.dueDate, dateOrder),
    invoiceNumber: form.invoiceNumber || undefined,
    account: form.account || undefined,
  };
  const faults = [
    ...(found.payee === "" ? ["Who is to be paid?"] : []),
    ...(found.amount === undefined ? ["The amount is no amount, such as 1,234.56 USD."] : []),
    ...(found.amount !== undefined && found.amount.minor <= 0 ? ["Only an amount above zero can be paid."] : []),
    ...(found.dueDate === undefined ? ["The due date is no date, such as 2026-06-17."] : []),
  ];
  return { decision: "approved", payment: isComplete(found) ? found : undefined, isSure, form, faults };
}
