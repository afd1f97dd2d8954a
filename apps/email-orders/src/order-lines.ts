/**
 * Reads an order out of a mail's own words. A line orders an item: `2 x Blue widget`. In the short form the subject is the item and
 * the mail says nothing but how many. Lines that look like neither are remarks; one that looks like an order and is none refuses the
 * whole mail, since half an order is worse than a question.
 */
import { ownWords, type Line } from "./own-words.ts";

export interface Item {
  readonly itemname: string;
  readonly quantity: number;
}

export interface Problem {
  /** The line of the mail, 1 is the first; 0 is the mail as a whole. */
  readonly line: number;
  readonly says: string;
  /** The beginning of the line, for the sender to find it. */
  readonly quote?: string;
}

export interface Limits {
  readonly mostItems: number;
  readonly largestQuantity: number;
}

export type Reading =
  { readonly items: readonly Item[]; readonly remarks: number } | { readonly problems: readonly Problem[] };

const LONGEST_NAME = 100;
const LONGEST_TEXT = 20_000;
const MOST_PROBLEMS = 10;
const QUOTED = 60;

const BULLET = /^[-*•]\s+/;
const ITEM = /^([+-]?[\d.,]{1,40})\s*[x×*](?:\s+|(?=[^\s\w]))(.*)$/i;
const BARE_NUMBER = /^[+-]?\d[\d.,]{0,40}$/;
/** A number in front, or something before an x: `two x Red widget`. */
const LOOKS_LIKE_ITEM = /^(?:[+-]?[.,]?\d|[^\s:]{1,20}\s+[x×]\s+\S)/i;
export const EXAMPLE = "2 x Blue widget";

/** Answers the items in the order of their lines, or everything that keeps the mail from being an order. */
export function readOrder(subject: string, text: string, limits: Limits): Reading {
  if (text.length > LONGEST_TEXT)
    return refuse([{ line: 0, says: `the text is longer than ${LONGEST_TEXT} characters` }]);
  const lines = ownWords(text).map(({ number, text: line }) => ({ number, text: line.replace(BULLET, "") }));
  const candidates = lines.filter(({ text: line }) => LOOKS_LIKE_ITEM.test(line));
  const [first] = lines;
  const [only, ...others] = candidates;
  if (first && only === first && others.length === 0 && BARE_NUMBER.test(first.text))
    return shortForm(subject, first, lines.length - 1, limits);

  if (candidates.length === 0) return refuse([{ line: 0, says: `there is no line such as "${EXAMPLE}"` }]);
  if (candidates.length > limits.mostItems)
    return refuse([{ line: 0, says: `an order has at most ${limits.mostItems} lines, not ${candidates.length}` }]);
  const read = candidates.map((line) => readLine(line, limits));
  const problems = read.filter((result) => "says" in result);
  if (problems.length > 0) return refuse(problems);
  return { items: read.filter((result) => "itemname" in result), remarks: lines.length - candidates.length };
}

function shortForm(subject: string, line: Line, remarks: number, limits: Limits): Reading {
  const itemname = nameIn(subject.replace(/^(?:\s*(?:re|fwd?|aw|wg|tr)\s*:)+/i, ""));
  const wrongName = problemOfName(itemname);
  const wrongQuantity = problemOfQuantity(line.text, limits);
  if (wrongName === undefined && wrongQuantity === undefined)
    return { items: [{ itemname, quantity: Number(line.text) }], remarks };
  return refuse([
    ...(wrongName === undefined ? [] : [{ line: 0, says: `the subject is the item in the short form: ${wrongName}` }]),
    ...(wrongQuantity === undefined ? [] : [{ line: line.number, says: wrongQuantity, quote: quote(line.text) }]),
  ]);
}

function readLine({ number, text }: Line, limits: Limits): Item | Problem {
  const [, quantity, rest] = ITEM.exec(text) ?? [];
  const itemname = nameIn(rest ?? "");
  const says =
    quantity === undefined
      ? `write the quantity as a number, an x and the item, such as "${EXAMPLE}"`
      : (problemOfQuantity(quantity, limits) ?? problemOfName(itemname));
  return says === undefined ? { itemname, quantity: Number(quantity) } : { line: number, says, quote: quote(text) };
}

const problemOfQuantity = (text: string, { largestQuantity }: Limits): string | undefined =>
  /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= largestQuantity
    ? undefined
    : `the quantity must be a whole number from 1 to ${largestQuantity}, written without signs, points and commas`;

function problemOfName(name: string): string | undefined {
  if (name === "") return "the item has no name";
  return name.length > LONGEST_NAME ? `the name of an item has at most ${LONGEST_NAME} characters` : undefined;
}

/** One line of visible characters: what could not be decoded and what cannot be seen is left out. */
const nameIn = (text: string): string =>
  text
    .replace(/[\p{Zs}\p{Zl}\p{Zp}\t\r\n]+/gu, " ")
    .replace(/[\p{C}\uFFFD]/gu, "")
    .trim();

const quote = (text: string): string => {
  const name = nameIn(text);
  return name.length > QUOTED ? `${name.slice(0, QUOTED)}…` : name;
};

const refuse = (problems: readonly Problem[]): Reading => ({ problems: problems.slice(0, MOST_PROBLEMS) });
