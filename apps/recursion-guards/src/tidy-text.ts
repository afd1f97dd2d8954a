/** What processing means here: a text is tidied. Tidying twice changes nothing more. */

/**
 * The text without byte order mark and control characters, in composed Unicode (NFC), with lines that end in `\n` and without
 * blanks at their ends, at most one empty line in a row, and exactly one newline at the end. An empty text stays empty.
 */
export function tidyText(text: string): string {
  const lines = text
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replaceAll(/\uFEFF|(?![\n\t])\p{Cc}/gu, "")
    .normalize("NFC")
    .split("\n")
    // Not by `/\s+$/`, which takes quadratic time on a line full of blanks.
    .map((line) => line.trimEnd());
  const kept = lines.filter((line, index) => line !== "" || (index > 0 && lines[index - 1] !== ""));
  while (kept.at(-1) === "") kept.pop();
  return kept.length === 0 ? "" : `${kept.join("\n")}\n`;
}

/** The text of an object, undefined where its bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
