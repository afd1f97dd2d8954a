/** What an upload should say of itself, and does not. */
import type { IndexRow } from "./index-row.ts";

/** The required metadata that an object lacks, or has empty. Nothing is missing from what could not be asked, or was deleted. */
export function missingIn(
  { kind, isRead, metadata }: Pick<IndexRow, "kind" | "isRead" | "metadata">,
  required: readonly string[],
): string[] {
  return kind === "created" && isRead ? absent(metadata, required) : [];
}

export const absent = (metadata: Readonly<Record<string, string>>, required: readonly string[]): string[] =>
  required.filter((name) => !metadata[name]?.trim());
