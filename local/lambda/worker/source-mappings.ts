/**
 * Looks places up in a source map (ECMA-426). `SourceMap` of node:module makes an object of each of a bundle's 100,000 mappings for the
 * handful that stack traces ask for, in every worker anew; here one pass notes where each line begins, and only lines asked for are read.
 */

/** As JSON gives it. */
export interface SourceMapText {
  readonly sources: readonly (string | null)[];
  readonly sourceRoot?: string;
  readonly mappings: string;
}

/** Lines and columns from 0. */
export interface SourcePlace {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

const DIGITS = new Uint8Array(128);
for (const [value, digit] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries())
  DIGITS[digit.charCodeAt(0)] = value;
const COMMA = 44;
const SEMICOLON = 59;

/** Walks through the mappings, one at a time. Columns count within their line, all else from mapping to mapping through the whole text. */
class Cursor {
  readonly #text: string;
  at = 0;
  column = 0;
  source = 0;
  line = 0;
  sourceColumn = 0;
  /** Whether the mapping says where its code comes from. */
  hasSource = false;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#text.length;
  }

  get isAtEndOfLine(): boolean {
    return this.isAtEnd || this.#text.charCodeAt(this.at) === SEMICOLON;
  }

  startLine(): void {
    this.at++;
    this.column = 0;
  }

  step(): void {
    if (this.#text.charCodeAt(this.at) === COMMA) this.at++;
    this.column += this.#number();
    this.hasSource = this.#hasNumber;
    if (!this.hasSource) return;
    this.source += this.#number();
    this.line += this.#number();
    this.sourceColumn += this.#number();
    // The name, where there is one.
    if (this.#hasNumber) this.#number();
  }

  get #hasNumber(): boolean {
    return !this.isAtEndOfLine && this.#text.charCodeAt(this.at) !== COMMA;
  }

  /** Base 64, five bits a digit, the lowest first; the sixth bit says that more follow, the very first is the sign. */
  #number(): number {
    let value = 0;
    let digit: number;
    let shift = 0;
    do {
      digit = DIGITS[this.#text.charCodeAt(this.at++)] ?? 0;
      value |= (digit & 31) << shift;
      shift += 5;
    } while (digit & 32);
    return value & 1 ? -(value >>> 1) : value >>> 1;
  }
}

type LineStart = readonly [at: number, source: number, line: number, sourceColumn: number];

export class SourceMappings {
  readonly #map: SourceMapText;
  #starts: readonly LineStart[] | undefined;

  constructor(map: SourceMapText) {
    this.#map = map;
  }

  /** Where the code at a place, line and column from 0, comes from: what the last mapping at or before it on its line says. */
  find(line: number, column: number): SourcePlace | undefined {
    this.#starts ??= startsOf(this.#map.mappings);
    const start = this.#starts[line];
    if (!start) return undefined;
    const cursor = new Cursor(this.#map.mappings);
    [cursor.at, cursor.source, cursor.line, cursor.sourceColumn] = start;
    let found: SourcePlace | undefined;
    while (!cursor.isAtEndOfLine) {
      cursor.step();
      if (cursor.column > column) break;
      found = cursor.hasSource ? this.#placeAt(cursor) : undefined;
    }
    return found;
  }

  #placeAt({ source: index, line, sourceColumn: column }: Cursor): SourcePlace | undefined {
    const source = this.#map.sources[index];
    return typeof source === "string" ? { source: (this.#map.sourceRoot ?? "") + source, line, column } : undefined;
  }
}

function startsOf(mappings: string): LineStart[] {
  const cursor = new Cursor(mappings);
  const starts: LineStart[] = [];
  for (;;) {
    starts.push([cursor.at, cursor.source, cursor.line, cursor.sourceColumn]);
    while (!cursor.isAtEndOfLine) cursor.step();
    if (cursor.isAtEnd) return starts;
    cursor.startLine();
  }
}
