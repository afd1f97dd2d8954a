/** What kind of rows an object holds, and whose each of them is. */
import { AppError } from "#shared/errors";
import { fieldsOf } from "./csv-record.ts";
import { CSV, NDJSON, type RowSyntax } from "./edit-rows.ts";

export interface Format {
  readonly kind: "ndjson" | "csv" | "parquet";
  readonly isCompressed: boolean;
}

/** An object whose rows nobody can tell apart: it can be neither indexed nor erased from. */
export class FormatUnknown extends AppError {}

/** A row, or the object, is not what its name says. Names the row, never what is in it. */
export class RowsUnreadable extends AppError<{ row?: number }> {}

const KINDS: ReadonlyMap<string, Format["kind"]> = new Map([
  ["ndjson", "ndjson"],
  ["jsonl", "ndjson"],
  ["json", "ndjson"],
  ["csv", "csv"],
  ["parquet", "parquet"],
]);

/** By the name: `a.ndjson`, `a.jsonl.gz`, `a.csv`, `a.parquet`. Throws FormatUnknown. */
export function formatOf(key: string, contentEncoding?: string): Format {
  const [, suffix = "", gz] = /\.([a-z]+)(\.gz)?$/i.exec(key) ?? [];
  const kind = KINDS.get(suffix.toLowerCase());
  if (!kind || (kind === "parquet" && gz)) {
    throw new FormatUnknown("The name does not end in .ndjson, .jsonl, .json, .csv (with .gz or not) or .parquet");
  }
  return { kind, isCompressed: gz !== undefined || contentEncoding === "gzip" };
}

export interface RowReader {
  readonly syntax: RowSyntax;
  /** The user whose row this is, undefined for one of nobody. Throws RowsUnreadable. */
  userOf(row: number, bytes: Buffer, start: number, end: number): string | undefined;
  /** Whether the row was made blank before. */
  isBlank(row: number, bytes: Buffer, start: number, end: number): boolean;
}

/** For one object: a CSV file's header is remembered. */
export const rowReader = (kind: "ndjson" | "csv", userField: string): RowReader =>
  kind === "ndjson" ? new NdjsonReader(userField) : new CsvReader(userField);

const MARK = "\uFEFF";

class NdjsonReader implements RowReader {
  readonly syntax = NDJSON;
  readonly #field: string;

  constructor(field: string) {
    this.#field = field;
  }

  userOf(row: number, bytes: Buffer, start: number, end: number): string | undefined {
    const text = bytes.toString("utf8", start, end);
    const json = row === 0 && text.startsWith(MARK) ? text.slice(1) : text;
    if (json.trim() === "") return undefined;
    let content: unknown;
    try {
      content = JSON.parse(json);
    } catch {
      throw new RowsUnreadable(`Row ${row} is not JSON`, { row });
    }
    if (typeof content !== "object" || content === null || Array.isArray(content)) {
      throw new RowsUnreadable(`Row ${row} is not a JSON object`, { row });
    }
    const user: unknown = Object.hasOwn(content, this.#field)
      ? (content as Record<string, unknown>)[this.#field]
      : undefined;
    if (typeof user === "string") return user.trim() || undefined;
    if (typeof user !== "number") return undefined;
    return Number.isSafeInteger(user) ? String(user) : this.#written(json);
  }

  /** A number with more digits than JavaScript's numbers have, as it is written. */
  #written(json: string): string | undefined {
    let found: string | undefined;
    const field = this.#field;
    JSON.parse(json, function (this: unknown, key: string, value: unknown, ...more: readonly { source?: string }[]) {
      const [context] = more;
      if (key === field && typeof value === "number") found = context?.source;
      return value;
    });
    return found;
  }

  isBlank(_row: number, bytes: Buffer, start: number, end: number): boolean {
    return end - start === 2 && bytes[start] === 0x7b && bytes[start + 1] === 0x7d;
  }
}

class CsvReader implements RowReader {
  readonly syntax = CSV;
  readonly #field: string;
  #column = -1;

  constructor(field: string) {
    this.#field = field;
  }

  userOf(row: number, bytes: Buffer, start: number, end: number): string | undefined {
    const text = bytes.toString("utf8", start, end);
    if (row === 0) {
      const header = fieldsOf(text.startsWith(MARK) ? text.slice(1) : text);
      this.#column = header.findIndex((name) => name.trim() === this.#field);
      if (this.#column < 0) throw new RowsUnreadable(`The header has no column ${this.#field}`, { row });
      return undefined;
    }
    if (text === "") return undefined;
    const fields = fieldsOf(text);
    if (fields.length <= this.#column) {
      throw new RowsUnreadable(`Row ${row} has no column ${this.#column + 1}`, { row });
    }
    return fields[this.#column]?.trim() || undefined;
  }

  isBlank(row: number, _bytes: Buffer, start: number, end: number): boolean {
    return row > 0 && start === end;
  }
}
