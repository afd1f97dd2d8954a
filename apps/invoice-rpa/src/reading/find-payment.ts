/** Finds the payment in what was read: label by label in their order, in fields first, then in lines. */
import type { Found, Problem } from "../payment.ts";
import type { Reading, Text } from "./analysis.ts";
import { type DateOrder, parseDate } from "./dates.ts";
import { labelOf, type Labels } from "./labels.ts";
import { type Money, parseMoney } from "./money.ts";

export interface Settings {
  readonly labels: Labels;
  readonly dateOrder: DateOrder;
  /** ISO 4217: where an invoice names none. */
  readonly currency: string;
  /** 0 to 100: what is read less surely than this is for a person. */
  readonly leastConfidence: number;
}

const LONGEST_PAYEE = 200;
const LONGEST_NUMBER = 60;

interface Candidate<T> {
  readonly value: T;
  readonly confidence: number;
}

/** Answers what was found and what speaks against paying it unseen. */
export function findPayment(reading: Reading, settings: Settings): { found: Found; problems: readonly Problem[] } {
  const { labels, dateOrder, currency, leastConfidence } = settings;
  const payees = payeesIn(reading, labels.payee);
  const amounts = firstLabelled(reading, labels.amount, (text) => parseMoney(text, currency));
  const dates = firstLabelled(reading, labels.dueDate, (text) => parseDate(text, dateOrder));
  // A heading such as "Invoice" has anything below it.
  const beside = [inFields, behindLabel];
  const numbers = firstLabelled(reading, labels.invoiceNumber, numberIn, beside);
  const accounts = firstLabelled(reading, labels.account, numberIn, beside);
  const problems: Problem[] = [];

  const [payee] = payees;
  if (!payee) problems.push("payee missing");
  const amount = onlyOne(amounts, ({ minor, currency: unit }: Money) => `${minor} ${unit}`);
  if (amounts.length === 0) problems.push("amount missing");
  else if (!amount) problems.push("amount ambiguous");
  else if (amount.value.minor <= 0) problems.push("amount not positive");
  const dueDate = onlyOne(dates, (date) => date);
  if (dates.length === 0) problems.push("due date missing");
  else if (!dueDate) problems.push("due date ambiguous");

  if (payee && payee.confidence < leastConfidence) problems.push("payee uncertain");
  if (amount && amount.confidence < leastConfidence) problems.push("amount uncertain");
  if (dueDate && dueDate.confidence < leastConfidence) problems.push("due date uncertain");
  return {
    found: {
      payee: payee?.value,
      amount: amount?.value,
      dueDate: dueDate?.value,
      invoiceNumber: numbers[0]?.value,
      account: accounts[0]?.value,
    },
    problems,
  };
}

/** The surest of several readings of one value; undefined where they differ. */
function onlyOne<T>(candidates: readonly Candidate<T>[], keyOf: (value: T) => string): Candidate<T> | undefined {
  if (new Set(candidates.map(({ value }) => keyOf(value))).size !== 1) return undefined;
  return [...candidates].sort((a, b) => b.confidence - a.confidence)[0];
}

/** All values of the first label that has any: of fields with this label, else of lines with it. */
function firstLabelled<T>(
  reading: Reading,
  labels: readonly string[],
  parse: (text: string) => T | undefined,
  from: readonly ((reading: Reading, label: string) => Text[])[] = [inFields, behindLabel, belowLabel],
): Candidate<T>[] {
  for (const label of labels) {
    for (const textsOf of from) {
      const candidates = textsOf(reading, label).flatMap(({ text, confidence }): Candidate<T>[] => {
        const value = parse(text);
        return value === undefined ? [] : [{ value, confidence }];
      });
      if (candidates.length > 0) return candidates;
    }
  }
  return [];
}

const inFields = ({ fields }: Reading, label: string): Text[] =>
  fields.filter((field) => labelOf(field.label) === label).map(({ value }) => value);

/** What follows the label on its line. */
function behindLabel({ lines }: Reading, label: string): Text[] {
  return lines.flatMap(({ text, confidence }): Text[] => {
    const words = text.split(/\s+/);
    // The longest beginning that is the label: "Invoice #" before "Invoice".
    const end = words.findLastIndex((_, count) => count > 0 && labelOf(words.slice(0, count).join(" ")) === label);
    return end < 0
      ? []
      : [
          {
            text: words
              .slice(end)
              .join(" ")
              .replace(/^[:\s]+/, ""),
            confidence,
          },
        ];
  });
}

/** The line below a line that is the label. */
function belowLabel({ lines }: Reading, label: string): Text[] {
  return lines.flatMap((line, index): Text[] => {
    const next = lines[index + 1];
    return next && labelOf(line.text) === label ? [both(line, next)] : [];
  });
}

const both = (label: Text, value: Text): Text => ({
  text: value.text,
  confidence: Math.min(label.confidence, value.confidence),
});

/** After the label, wherever in its line it stands; else the line below. A field says for certain what belongs to it and comes first. */
function payeesIn(reading: Reading, labels: readonly string[]): Candidate<string>[] {
  const fields = labels.flatMap((label) => inFields(reading, label));
  const lines = labels.flatMap((label) =>
    reading.lines.flatMap((line, index): Text[] => {
      const at = phraseIn(line.text, label);
      if (at === undefined) return [];
      const rest = line.text.slice(at).replace(/^[\s:]+/, "");
      const next = reading.lines[index + 1];
      return rest !== "" ? [{ ...line, text: rest }] : next ? [both(line, next)] : [];
    }),
  );
  return [...fields, ...lines].flatMap(({ text, confidence }) => {
    const value = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
    return /\p{L}/u.test(value) && value.length <= LONGEST_PAYEE ? [{ value, confidence }] : [];
  });
}

/** Where a phrase of whole words ends in a text. Phrases are plain text, not patterns. */
function phraseIn(text: string, phrase: string): number | undefined {
  const lower = text.toLowerCase();
  const at = lower.length === text.length ? lower.indexOf(phrase) : -1;
  const isLetter = (index: number) => /[\p{L}\p{N}]/u.test(text[index] ?? "");
  return at < 0 || isLetter(at - 1) || isLetter(at + phrase.length) ? undefined : at + phrase.length;
}

/** A number of an invoice or account has figures, and is one word or few. */
function numberIn(text: string): string | undefined {
  const value = text
    .replace(/^[#:.\s]+/, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return /^[\p{L}\p{N}][\p{L}\p{N} ./_-]*$/u.test(value) &&
    /\d/.test(value) &&
    value.length <= LONGEST_NUMBER &&
    value.split(" ").length <= 4
    ? value
    : undefined;
}
