/**
 * Rows of a text, one after the other, out of a stream of any size: what is kept goes on as it came, in ranges and uncopied. Memory is
 * one chunk and the longest row, whatever the size of the object.
 */
import { AppError } from "#shared/errors";

/** What becomes of a row. A blank one leaves its line, so that the numbers of the rows behind it stay. */
export type Verdict = "keep" | "blank" | "drop";

/** Judges one row, by its number from zero and its bytes without the line end. */
export type Judge = (row: number, bytes: Buffer, start: number, end: number) => Verdict;

export interface RowSyntax {
  /** Whether a line end within double quotes belongs to the row (CSV, RFC 4180). */
  readonly isQuoted: boolean;
  /** What a blank row reads. */
  readonly blank: string;
}

export const NDJSON: RowSyntax = { isQuoted: false, blank: "{}" };
export const CSV: RowSyntax = { isQuoted: true, blank: "" };

/** A row has no end within a reasonable length: the object is none of rows, or a quote is never closed. */
export class RowTooLong extends AppError<{ row: number; limit: number }> {}

const LONGEST_ROW = 16 * 1024 * 1024;
const LINE_END = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** The rows after judgement. Throws RowTooLong, and what the source throws. */
export async function* editRows(
  source: AsyncIterable<Buffer>,
  { isQuoted, blank }: RowSyntax,
  judge: Judge,
  longestRow = LONGEST_ROW,
): AsyncGenerator<Buffer> {
  const blankBytes = Buffer.from(blank);
  const ends = new RowEnds(isQuoted);
  let rest: Buffer = Buffer.alloc(0);
  let row = 0;
  for await (const chunk of source) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    ends.look(bytes, rest.length);
    let start = 0;
    let kept = 0;
    for (let end = ends.next(); end >= 0; end = ends.next()) {
      const contentEnd = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
      const verdict = judge(row, bytes, start, contentEnd);
      if (verdict !== "keep") {
        if (start > kept) yield bytes.subarray(kept, start);
        if (verdict === "blank" && blankBytes.length > 0) yield blankBytes;
        kept = verdict === "blank" ? contentEnd : end + 1;
      }
      row += 1;
      start = end + 1;
    }
    if (start > kept) yield bytes.subarray(kept, start);
    rest = bytes.subarray(start);
    if (rest.length > longestRow) {
      throw new RowTooLong(`Row ${row} is longer than ${longestRow} bytes`, { row, limit: longestRow });
    }
  }
  if (rest.length === 0) return;
  const verdict = judge(row, rest, 0, rest.length);
  if (verdict === "keep") yield rest;
  if (verdict === "blank" && blankBytes.length > 0) yield blankBytes;
}

/** Looks at all rows; `afterPiece` runs between two pieces of the source, so that what was gathered can be put away. */
export async function readRows(
  source: AsyncIterable<Buffer>,
  syntax: RowSyntax,
  look: (row: number, bytes: Buffer, start: number, end: number) => void,
  afterPiece: () => Promise<void> | void = () => {},
): Promise<void> {
  const judge: Judge = (row, bytes, start, end) => {
    look(row, bytes, start, end);
    return "keep";
  };
  for await (const _ of editRows(source, syntax, judge)) await afterPiece();
}

/** Finds the ends of rows in one chunk after another, each byte looked at once. */
class RowEnds {
  readonly #isQuoted: boolean;
  #bytes: Buffer = Buffer.alloc(0);
  #from = 0;
  #isOpen = false;
  /** The next quote at or behind `#from`; -1 where there is none. */
  #quote = -1;

  constructor(isQuoted: boolean) {
    this.#isQuoted = isQuoted;
  }

  /** Goes on in these bytes, of which so many were looked at before. */
  look(bytes: Buffer, seen: number): void {
    this.#bytes = bytes;
    this.#from = seen;
    this.#quote = this.#isQuoted ? bytes.indexOf(QUOTE, seen) : -1;
  }

  /** Where the next row ends, -1 when it does not end in these bytes. */
  next(): number {
    for (;;) {
      const bytes = this.#bytes;
      if (this.#isOpen) {
        if (this.#quote < 0) return -1;
        this.#passQuote();
        continue;
      }
      const end = bytes.indexOf(LINE_END, this.#from);
      // A doubled quote closes and opens again: the state behind it is the same.
      if (this.#quote >= 0 && (end < 0 || this.#quote < end)) {
        this.#passQuote();
        continue;
      }
      if (end >= 0) this.#from = end + 1;
      return end;
    }
  }

  #passQuote(): void {
    this.#isOpen = !this.#isOpen;
    this.#from = this.#quote + 1;
    this.#quote = this.#bytes.indexOf(QUOTE, this.#from);
  }
}
