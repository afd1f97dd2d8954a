/** What becomes of a mail. Each ends in exactly one of these ways; the fifth, a duplicate, only the table of orders can tell. */
import { createHash } from "node:crypto";
import { automaticBecause } from "./automatic.ts";
import type { Letter } from "./letter.ts";
import { type Item, type Limits, type Problem, readOrder } from "./order-lines.ts";
import { type Gate, isAligned } from "./verdicts.ts";

export interface Parked {
  readonly kind: "parked";
  /** For a person; holds no words and no addresses of the mail. */
  readonly reason: string;
}

interface Decided {
  readonly email: string;
  readonly orderId: string;
  /** What the mail called itself, for the answer to refer to. */
  readonly messageId: string | undefined;
}

export interface Accepted extends Decided {
  readonly kind: "accepted";
  readonly items: readonly Item[];
  /** Lines that were taken for remarks. */
  readonly remarks: number;
  /** Undefined when the order is not to be answered. */
  readonly answerTo: string | undefined;
}

export interface Rejected extends Decided {
  readonly kind: "rejected";
  readonly problems: readonly Problem[];
  readonly answerTo: string;
}

export interface Envelope {
  /** The id that SES gave this mail. */
  readonly mailId: string;
  readonly source: string;
}

export function decide(
  envelope: Envelope,
  gate: Extract<Gate, { kind: "open" }>,
  letter: Letter,
  ownAddress: string,
  limits: Limits,
): Parked | Accepted | Rejected {
  const { from, messageId } = letter;
  const source = envelope.source.replace(/^<|>$/g, "");
  if (gate.needsAlignment && !isAligned(source, from))
    return parked("dmarc verdict GRAY, and From is of another domain than the envelope's sender");
  const automatic = automaticBecause(letter, source, ownAddress);
  if (automatic?.isNeverAnOrder) return parked(`not an order: ${automatic.reason}`);

  const silence = automatic?.reason ?? (source.toLowerCase() === from ? undefined : "the envelope has another sender");
  const decided = { email: from, orderId: orderIdOf(from, messageId ?? envelope.mailId), messageId };
  const reading = readOrder(letter.subject, letter.text, limits);
  if ("items" in reading)
    return { kind: "accepted", ...decided, ...reading, answerTo: silence === undefined ? from : undefined };
  const whyNot = silence ?? (repliesToUs(letter) ? "it replies to an answer of ours" : undefined);
  if (whyNot === undefined) return { kind: "rejected", ...decided, ...reading, answerTo: from };
  const problems = reading.problems.map(({ line, says }) => (line === 0 ? says : `line ${line}: ${says}`));
  return parked(`no order, and not to be answered since ${whyNot}; ${problems.join("; ")}`);
}

/**
 * A reply that is no order ("thank you", or a responder that does not say that it is one) is not told so: a second program that
 * answers everything would make a loop of it. Such replies name the Message-ID that SES gave our answer, or carry its subject.
 */
const repliesToUs = ({ subject, header }: Letter): boolean =>
  ORDER_ID.test(subject) ||
  [...header("in-reply-to"), ...header("references")].some((ids) => ids.toLowerCase().includes("amazonses.com>"));

const parked = (reason: string): Parked => ({ kind: "parked", reason: reason.slice(0, 1_000) });

/** Letters and digits that are not mistaken for one another (Crockford's base 32). */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const ORDER_ID = /\bEO-[0-9A-HJKMNP-TV-Z]{10}\b/;

/** The same mail of the same sender has the same number, however often it comes; nobody can take another sender's. */
export function orderIdOf(email: string, messageId: string): string {
  const hash = createHash("sha256").update(`${email}\n${messageId}`).digest();
  return `EO-${[...hash.subarray(0, 10)].map((byte) => DIGITS[byte % 32]).join("")}`;
}
