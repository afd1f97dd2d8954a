/** Words put into lines as Textract does: a line ends where a wide gap follows, so that columns stay apart. */
import type { Box, Word } from "../reading/messages.ts";

export interface Line extends Box {
  readonly words: readonly Word[];
  readonly text: string;
}

/** A gap wider than this many heights of the line ends it. */
const WIDE = 1.1;

export function linesOf(words: readonly Word[]): Line[] {
  const lines: Word[][] = [];
  for (const word of [...words].sort((a, b) => a.left - b.left)) {
    const line = lines.filter((one) => follows(one, word)).sort((a, b) => gapTo(a, word) - gapTo(b, word))[0];
    if (line) line.push(word);
    else lines.push([word]);
  }
  return inReadingOrder(lines.map(lineOf));
}

const heightOf = ({ top, bottom }: Box): number => bottom - top;
const gapTo = (line: readonly Word[], word: Word): number => word.left - (line.at(-1)?.right ?? 0);

/** Compared with its neighbour only: a line on a sheet that lies askew climbs. */
function follows(line: readonly Word[], word: Word): boolean {
  const last = line.at(-1);
  if (!last) return false;
  const height = Math.max(heightOf(word), ...line.slice(-4).map(heightOf));
  const gap = gapTo(line, word);
  return gap < WIDE * height && gap > -height / 2 && isBeside(last, word);
}

/** Whether two things stand on one row: the lower of them lies by more than half beside the other. */
export function isBeside(a: Box, b: Box): boolean {
  const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return overlap > 0.5 * Math.min(heightOf(a), heightOf(b));
}

export function boxAround(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

export const lineOf = (words: readonly Word[]): Line => ({
  ...boxAround(words),
  words,
  text: words.map(({ text }) => text).join(" "),
});

/** Lines standing side by side make a row. Rows come from top to bottom, each from left to right. */
export function rowsOf<T extends Box>(things: readonly T[]): T[][] {
  const rows: T[][] = [];
  for (const thing of [...things].sort((a, b) => a.top - b.top)) {
    const row = rows.slice(-3).find((one) => one.some((other) => isBeside(other, thing)));
    if (row) row.push(thing);
    else rows.push([thing]);
  }
  return rows.map((row) => row.sort((a, b) => a.left - b.left));
}

const inReadingOrder = (lines: readonly Line[]): Line[] => rowsOf(lines).flat();
