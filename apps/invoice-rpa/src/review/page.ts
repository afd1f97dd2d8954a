/** The page of a review, as HTML that asks for nothing from elsewhere. */
import { reply } from "#shared/http";
import { formatMoney } from "../reading/money.ts";
import type { Invoice } from "../stores/invoice-store.ts";
import type { Form } from "./decision.ts";

interface Shown {
  readonly invoice: Invoice;
  readonly state: "open" | "expired" | "approved" | "rejected";
  readonly form: Form;
  /** Where the document can be looked at, for a quarter of an hour. */
  readonly document?: string | undefined;
  readonly faults?: readonly string[];
}

/** The page must not be framed, kept, or named to whom the links on it lead: its address is a key. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

export const pageAnswer = (status: number, html: string) => reply(status, html, HEADERS);

export function formOf(invoice: Invoice): Form {
  const { amount: minor, currency } = invoice;
  return {
    payee: invoice.payee_name ?? "",
    amount: minor === undefined || currency === undefined ? "" : formatMoney({ minor, currency }),
    dueDate: invoice.due_date ?? "",
    invoiceNumber: invoice.invoice_number ?? "",
    account: invoice.account_number ?? "",
  };
}

const OVER = {
  approved: "This invoice is approved for payment. There is nothing left to do.",
  rejected: "This invoice is rejected. There is nothing left to do.",
  expired: "The time for this review is over. Upload the document again to have it looked at again.",
};

const FIELDS: readonly (readonly [keyof Form, string])[] = [
  ["payee", "Payee"],
  ["amount", "Amount, with its currency"],
  ["dueDate", "Due date"],
  ["invoiceNumber", "Invoice number"],
  ["account", "Account number"],
];

export function reviewPage({ invoice, state, form, document, faults = [] }: Shown): string {
  const content =
    state === "open"
      ? [
          list("Why it waits for you", invoice.problems),
          list("Please mend this", faults),
          document === undefined
            ? ""
            : `<p><a href="${escaped(document)}" rel="noreferrer" target="_blank">Look at the document</a></p>`,
          `<form method="post" autocomplete="off">`,
          ...FIELDS.map(
            ([name, label]) =>
              `<label>${label}<input name="${name}" value="${escaped(form[name])}" maxlength="200"></label>`,
          ),
          `<label class="box"><input type="checkbox" name="isSure" value="yes"> It is another invoice than the one with the same payee, day and amount</label>`,
          `<button name="decision" value="approve">Approve the payment</button> <button name="decision" value="reject">Reject</button></form>`,
        ]
      : [`<p>${OVER[state]}</p>`];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Invoice review</title>
<style>:root{color-scheme:light dark}*{box-sizing:border-box}body{font:16px/1.5 system-ui;max-width:36rem;margin:2rem auto;padding:0 1rem}label{display:block;margin:.7rem 0}input:not([type=checkbox]){display:block;width:100%;font:inherit;padding:.4rem;border:1px solid #888;border-radius:.3rem}button{font:inherit;padding:.5rem 1.2rem;margin:.5rem .5rem 0 0;border:1px solid #888;border-radius:.3rem}button[value=approve]{background:#0b5f6b;border-color:#0b5f6b;color:#fff}</style></head>
<body><h1>Invoice review</h1><p>${escaped(invoice.invoice_key)}</p>
${content.filter((part) => part !== "").join("\n")}
</body></html>`;
}

const list = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `<h2>${title}</h2><ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Whatever stands on a document or in a key is text here. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
