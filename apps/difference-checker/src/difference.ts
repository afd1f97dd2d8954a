/** What changed between two versions of an object. */
import { decodeText } from "./decode-text.ts";
import { compareJson, type Json, type JsonDifference } from "./json-difference.ts";
import { compareText, type TextDifference } from "./text-difference.ts";

export type Difference =
  | TextDifference
  | JsonDifference
  /** At least one side is no text; only sizes are told. */
  | { readonly kind: "binary"; readonly bytesBefore: number; readonly bytesAfter: number };

/** Compares by structure where the name says JSON and both sides are, by text where both sides are text. */
export function compareContents(key: string, before: Uint8Array, after: Uint8Array): Difference {
  const [old, now] = [decodeText(before), decodeText(after)];
  if (old === undefined || now === undefined)
    return { kind: "binary", bytesBefore: before.length, bytesAfter: after.length };
  if (key.toLowerCase().endsWith(".json")) {
    const documents = [parsed(old), parsed(now)] as const;
    if (documents[0] !== undefined && documents[1] !== undefined) return compareJson(documents[0], documents[1]);
  }
  return compareText(key, old, now);
}

/** How much changed, in one line for people. */
export function summaryOf(difference: Difference): string {
  switch (difference.kind) {
    case "text":
      return `${inWords(difference.linesAdded, "line")} added, ${difference.linesRemoved} removed`;
    case "json":
      return difference.isCut
        ? `more than ${difference.changes.length} values changed`
        : `${inWords(difference.changes.length, "value")} changed`;
    case "binary":
      return `${difference.bytesBefore} bytes before, ${difference.bytesAfter} after, not text`;
  }
}

const inWords = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

/** Broken JSON is compared as text. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
