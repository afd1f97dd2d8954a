/** What stands on the sample invoices, and how well it was read: precision and recall by field. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Expected {
  readonly file: string;
  readonly kind: "digital" | "scan";
  readonly payee?: string;
  readonly minor?: number;
  readonly currency?: string;
  readonly dueDate?: string;
  readonly invoiceNumber?: string;
  readonly account?: string;
  readonly status: "Approved for Payment" | "Pending Review";
}

export const FIELDS = ["payee", "amount", "due date", "invoice number", "account"] as const;
export type FieldName = (typeof FIELDS)[number];
/** The fields of one invoice as text, to compare them; undefined where there is none. */
export type Fields = Readonly<Record<FieldName, string | undefined>>;

export const expectedInvoices = (): Expected[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, "expected.json"), "utf8")) as Expected[]; // as make-invoices.ts wrote it

export const sampleBytes = (file: string): Buffer => readFileSync(join(import.meta.dirname, file));

export const fieldsOf = ({ payee, minor, currency, dueDate, invoiceNumber, account }: Expected): Fields => ({
  payee,
  amount: minor === undefined ? undefined : `${minor} ${currency}`,
  "due date": dueDate,
  "invoice number": invoiceNumber,
  account,
});

export interface Score {
  readonly field: FieldName;
  /** Of what was found, the share that is right; 1 where nothing was found. */
  readonly precision: number;
  /** Of what is there, the share that was found and is right; 1 where nothing is there. */
  readonly recall: number;
}

export function scoresOf(pairs: readonly { readonly expected: Fields; readonly found: Fields }[]): Score[] {
  return FIELDS.map((field) => {
    const right = pairs.filter(
      ({ expected, found }) => expected[field] !== undefined && expected[field] === found[field],
    );
    const found = pairs.filter((pair) => pair.found[field] !== undefined);
    const there = pairs.filter(({ expected }) => expected[field] !== undefined);
    const share = (of: number) => (of === 0 ? 1 : right.length / of);
    return { field, precision: share(found.length), recall: share(there.length) };
  });
}
