/** CSV as RFC 4180 has it: quoted fields may hold delimiters, line ends and doubled quotes. */
import { put, type Json, type JsonObject } from "../json.ts";

export interface CsvOptions {
  readonly delimiter: string;
  /** Undefined: the first row names the columns. */
  readonly headers: readonly string[] | undefined;
}

/** One object a row, all values strings. Missing fields are empty, surplus ones are left out; blank lines are skipped. */
export function parseCsv(text: string, { delimiter, headers }: CsvOptions): JsonObject[] {
  const rows = readRows(text.startsWith("\uFEFF") ? text.slice(1) : text, delimiter);
  const columns = headers ?? rows.shift() ?? [];
  return rows.map((row) => {
    const item: Record<string, Json> = {};
    columns.forEach((column, index) => put(item, column, row[index] ?? ""));
    return item;
  });
}

function readRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const field = text[at] === '"' ? quotedField(text, at + 1) : plainField(text, at, delimiter);
    row.push(field.value);
    at = field.end;
    if (text[at] === delimiter) {
      at++;
      // A delimiter at the very end of the text is followed by an empty field.
      if (at === text.length) row.push("");
      else continue;
    }
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
  }
  return rows;
}

function plainField(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return { value: text.slice(start, end), end };
}

function quotedField(text: string, start: number): { value: string; end: number } {
  let value = "";
  let from = start;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return { value: value + text.slice(from), end: text.length };
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}
