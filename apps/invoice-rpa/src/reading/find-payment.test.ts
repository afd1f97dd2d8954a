import { describe, expect, it } from "vitest";
import type { Reading } from "./analysis.ts";
import { findPayment, type Settings } from "./find-payment.ts";
import { labelOf, withBuiltIn } from "./labels.ts";

const none = { payee: [], amount: [], dueDate: [], invoiceNumber: [], account: [] };
const settings: Settings = { labels: withBuiltIn(none), dateOrder: "MDY", currency: "USD", leastConfidence: 80 };

type Labelled = readonly [label: string, text: string, confidence?: number];
const reading = (fields: readonly Labelled[], lines: readonly string[] = []): Reading => ({
  fields: fields.map(([label, text, confidence = 99]) => ({ label, value: { text, confidence } })),
  lines: lines.map((text) => ({ text, confidence: 99 })),
});
const good: Labelled[] = [
  ["Payable to:", "Acme"],
  ["Total Due", "$5.00"],
  ["Payment Due Date", "06/17/2026"],
];
const found = (fields: readonly Labelled[], lines: readonly string[] = []) =>
  findPayment(reading(fields, lines), settings);

describe("a payment", () => {
  it("is found in fields", () => {
    expect(found(good)).toEqual({
      found: {
        payee: "Acme",
        amount: { minor: 500, currency: "USD" },
        dueDate: "2026-06-17",
        invoiceNumber: undefined,
        account: undefined,
      },
      problems: [],
    });
  });

  it("is found in lines: behind a label, and below one", () => {
    const lines = [
      "Please make your check PAYABLE TO: Acme",
      "please pay $5.00",
      "Pay on or before",
      "June 17, 2026",
      "Account Number 12-3",
    ];
    expect(found([], lines)).toMatchObject({
      found: { payee: "Acme", amount: { minor: 500 }, dueDate: "2026-06-17", account: "12-3" },
      problems: [],
    });
  });

  it("has the payee of the line below a label that stands alone, and none below the last line", () => {
    expect(found([], ["Payable to:", "Acme"]).found.payee).toBe("Acme");
    expect(found([], ["Payable to:"])).toMatchObject({ problems: expect.arrayContaining(["payee missing"]) });
  });

  it("is of the label that comes first in their order, not on the page", () => {
    expect(
      found([
        ["Please pay", "$1.00"],
        ["New balance total", "$2.00"],
        ["Total due", "$3.00"],
      ]).found.amount?.minor,
    ).toBe(300);
    expect(
      found([
        ["Please pay", "$1.00"],
        ["Total due", "see below"],
      ]).found.amount?.minor,
    ).toBe(100);
  });

  it.each(["Total Minimum Payment Due", "Current Payment Due", "Payment Due Soon", "Past Due Date"])(
    "is not due by %j",
    (label) => {
      expect(found([...good.slice(0, 2), [label, "06/17/2026"]]).problems).toEqual(["due date missing"]);
      expect(found(good.slice(0, 2), [`${label} 06/17/2026`]).problems).toEqual(["due date missing"]);
    },
  );

  it("keeps all values of a label: the same is one, different ones are for a person", () => {
    expect(found([...good, ["TOTAL DUE:", "5.00 USD"]]).problems).toEqual([]);
    expect(found([...good, ["Total due", "$6.00"]]).problems).toEqual(["amount ambiguous"]);
    expect(found([...good, ["Payment due date", "06/18/2026"]]).problems).toEqual(["due date ambiguous"]);
  });

  it.each(["payee", "amount", "due date"])("whose %s is uncertain is for a person", (name) => {
    const index = ["payee", "amount", "due date"].indexOf(name);
    const at = (confidence: number) =>
      good.map(([label, text], other): Labelled => [label, text, other === index ? confidence : 99]);
    expect(found(at(79.9)).problems).toEqual([`${name} uncertain`]);
    expect(found(at(80)).problems).toEqual([]);
  });

  it("is nothing on a blank page", () => {
    expect(found([]).problems).toEqual(["payee missing", "amount missing", "due date missing"]);
  });

  it("has an invoice number with figures, and none from below a heading", () => {
    expect(found([], ["INVOICE", "12 Main Street"]).found.invoiceNumber).toBeUndefined();
    expect(found([], ["Invoice # 4711"]).found.invoiceNumber).toBe("4711");
    expect(found([["Invoice Number", "to follow"]]).found.invoiceNumber).toBeUndefined();
  });
});

describe("a label", () => {
  it.each([
    ["Total Due (USD):", "total due"],
    ["  YOUR Account   Number ", "account number"],
    ["Amount due $", "amount due"],
    ["Invoice #:", "invoice #"],
    ["Fällig am", "fällig am"],
  ])("%j is compared as %j", (text, label) => {
    expect(labelOf(text)).toBe(label);
  });

  it("that was added comes first", () => {
    const labels = withBuiltIn({ ...none, amount: ["Te betalen"] });
    const both = reading([
      ["Total due", "$1.00"],
      ["Te betalen:", "2,00 EUR"],
    ]);
    expect(findPayment(both, { ...settings, labels }).found.amount).toEqual({ minor: 200, currency: "EUR" });
  });
});
