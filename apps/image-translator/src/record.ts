/** What is kept of a picture: one record with all its translations. */
import type { KeptText } from "./picture.ts";

export interface Translation {
  readonly language: string;
  readonly outcome: "TRANSLATED" | "SAME_LANGUAGE" | "FAILED";
  readonly text?: KeptText | undefined;
  readonly reason?: string | undefined;
}

export type Status = "TRANSLATED" | "PARTIAL" | "FAILED";

/** PARTIAL: what succeeded counts, whatever became of the others. */
export function statusOf(translations: readonly Translation[]): Status {
  const failed = translations.filter(({ outcome }) => outcome === "FAILED").length;
  if (failed === 0) return "TRANSLATED";
  return failed === translations.length ? "FAILED" : "PARTIAL";
}

/** An item of DynamoDB holds 400 KB, names included (Quotas in Amazon DynamoDB); the rest of the record needs some of it. */
const MOST_TEXT_BYTES = 350_000;

/** Whether all texts of a picture fit into its record; else it only says where they are. */
export function fitsIntoRecord(source: KeptText, translations: readonly Translation[]): boolean {
  const bytes = translations.reduce((sum, { text }) => sum + (text?.bytes ?? 0), source.bytes);
  return bytes <= MOST_TEXT_BYTES;
}

export interface Entry {
  readonly outcome: Translation["outcome"];
  readonly textKey?: string | undefined;
  readonly text?: string | undefined;
  readonly reason?: string | undefined;
}

/** The entries of a record by language. `texts` has the texts that go into it, by key. */
export function entriesOf(
  translations: readonly Translation[],
  texts: ReadonlyMap<string, string>,
): Readonly<Record<string, Entry>> {
  return Object.fromEntries(
    translations.map(({ language, outcome, text, reason }) => [
      language,
      { outcome, textKey: text?.key, text: text && texts.get(text.key), reason },
    ]),
  );
}
