/**
 * Fields of a form, found by how forms are laid out: `Label: value` on one line, a label with its value to the right of it or below it, a box
 * that is ticked with its label behind it.
 */
import type { Word } from "../reading/messages.ts";
import { boxAround, isBeside, type Line } from "./lines.ts";

export interface Field {
  readonly key: readonly Word[];
  /** Empty when nothing was filled in. */
  readonly value: readonly Word[];
  /** Whether the value is a box that is ticked (true) or not (false). */
  readonly isTicked?: boolean;
  /** 0 to 1: how certain it is that the value belongs to the label. */
  readonly certainty: number;
}

const MOST_LABEL_WORDS = 6;
const ON_ONE_LINE = 0.99;
const SIDE_BY_SIDE = 0.97;
const BELOW = 0.92;
const ALONE = 0.9;

/** @param isInTable lines of a table are no labels above values. */
export function fieldsOf(lines: readonly Line[], isInTable: (line: Line) => boolean): Field[] {
  const fields: Field[] = [];
  const values = new Set<Line>();
  const labels = new Set<Line>();
  const rightOf = (label: Line) => nearestRight(label, lines, values);
  const below = (label: Line) => nearestBelow(label, lines, values);

  for (const line of lines) {
    if (values.has(line)) continue;
    const ticked = tickedFields(line.words);
    if (ticked.length > 0) {
      fields.push(...ticked);
      labels.add(line);
      continue;
    }
    const pieces = pieceByColons(line.words);
    if (pieces.length > 0) labels.add(line);
    for (const { key, value } of pieces) {
      if (value.length > 0) {
        fields.push({ key, value, certainty: ON_ONE_LINE });
        continue;
      }
      const beside = rightOf(line);
      const found = beside && !endsWithColon(beside) ? beside : below(line);
      if (found && !endsWithColon(found)) {
        values.add(found);
        fields.push({ key, value: found.words, certainty: found === beside ? SIDE_BY_SIDE : BELOW });
      } else fields.push({ key, value: [], certainty: ALONE });
    }
  }
  for (const line of lines) {
    if (labels.has(line) || values.has(line) || !isLabel(line)) continue;
    const beside = rightOf(line);
    if (beside && isValue(beside) && !labels.has(beside)) {
      values.add(beside);
      fields.push({ key: line.words, value: beside.words, certainty: SIDE_BY_SIDE });
      continue;
    }
    const found = isInTable(line) ? undefined : below(line);
    if (found && isValue(found) && !labels.has(found)) {
      values.add(found);
      fields.push({ key: line.words, value: found.words, certainty: BELOW });
    }
  }
  return fields;
}

const endsWithColon = ({ text }: { readonly text: string }): boolean => text.endsWith(":");
const hasDigit = (text: string): boolean => /\d/.test(text);
/** A label says what something is: few words, none with a figure. */
const isLabel = ({ words, text }: Line): boolean =>
  words.length <= MOST_LABEL_WORDS && /^\p{L}/u.test(text) && !hasDigit(text) && !/[.!?]$/.test(text);
/** Without a colon only figures (amounts, dates, numbers) are certain to be what a label names. */
const isValue = ({ text }: Line): boolean => hasDigit(text) && !endsWithColon({ text });

/** `Invoice No: 12 Date: 5 May` is two fields; times and links have no label. */
function pieceByColons(words: readonly Word[]): { key: readonly Word[]; value: readonly Word[] }[] {
  const pieces: { key: readonly Word[]; value: readonly Word[] }[] = [];
  let start = 0;
  let colon = words.findIndex(endsWithColon);
  while (colon >= 0) {
    const next = words.findIndex((word, index) => index > colon && endsWithColon(word));
    const labelStart = next < 0 ? words.length : Math.max(colon + 1, startOfLabel(words, colon + 2, next));
    const key = words.slice(start, colon + 1);
    if (key.length <= MOST_LABEL_WORDS) pieces.push({ key, value: words.slice(colon + 1, labelStart) });
    start = labelStart;
    colon = next;
  }
  return pieces;
}

/** The label before a second colon: its word, and the one before it when both are written with a capital. */
function startOfLabel(words: readonly Word[], earliest: number, colon: number): number {
  const isCapital = (index: number) => /^\p{Lu}/u.test(words[index]?.text ?? "");
  return colon - 1 >= earliest && isCapital(colon - 1) && isCapital(colon) ? colon - 1 : colon;
}

function nearestRight(label: Line, lines: readonly Line[], taken: ReadonlySet<Line>): Line | undefined {
  const [nearest] = lines
    .filter((line) => line !== label && line.left >= label.right - 1 && isBeside(line, label))
    .sort((a, b) => a.left - b.left);
  return nearest && !taken.has(nearest) ? nearest : undefined;
}

function nearestBelow(label: Line, lines: readonly Line[], taken: ReadonlySet<Line>): Line | undefined {
  const height = label.bottom - label.top;
  const [nearest] = lines
    .filter(({ left, right, top }) => {
      const distance = top - label.bottom;
      const isUnder = left < label.right && right > label.left;
      return isUnder && distance > -height / 2 && distance < 1.6 * height;
    })
    .filter((line) => line !== label)
    .sort((a, b) => a.top - b.top);
  return nearest && !taken.has(nearest) ? nearest : undefined;
}

const TICKED = /^(\[[xX✓]\]|☒|☑)$/;
const EMPTY = /^(\[\]|☐|□)$/;

/** `[x] Paid [ ] Open`: each box with the words behind it. */
function tickedFields(words: readonly Word[]): Field[] {
  const joined = joinBoxes(words);
  const marks = joined.flatMap(({ text }, index) => (TICKED.test(text) || EMPTY.test(text) ? [index] : []));
  return marks.flatMap((mark, index) => {
    const box = joined[mark];
    const key = joined.slice(mark + 1, marks[index + 1]);
    if (!box || key.length === 0) return [];
    return [{ key, value: [box], isTicked: TICKED.test(box.text), certainty: SIDE_BY_SIDE }];
  });
}

/** An empty `[ ]` is read as two words. */
function joinBoxes(words: readonly Word[]): Word[] {
  return words.flatMap((word, index): Word[] => {
    const next = words[index + 1];
    if (word.text === "]" && words[index - 1]?.text === "[") return [];
    if (word.text !== "[" || next?.text !== "]") return [word];
    return [{ ...boxAround([word, next]), text: "[]", confidence: Math.min(word.confidence, next.confidence) }];
  });
}
