/** Colour, progress and tables: only on a terminal, and never when NO_COLOR is set. */
import { stripVTControlCharacters, styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

export const paint = (style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string =>
  styleText(style, text, { stream });

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) =>
    Math.max(...all.map((row) => stripVTControlCharacters(row[column] ?? "").length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - stripVTControlCharacters(cell).length))
      .join("  ")
      .trimEnd();
  return [paint("bold", line(head)), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}

export const milliseconds = (duration: number): string =>
  duration < 1000 ? `${Math.round(duration)} ms` : `${(duration / 1000).toFixed(1)} s`;

/** A span of time in the two largest units: `7 d 5 min`. */
export function span(duration: number): string {
  const parts: readonly (readonly [number, string])[] = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1_000, "s"],
  ];
  const shown: string[] = [];
  let rest = duration;
  for (const [size, unit] of parts) {
    if (rest >= size) shown.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return shown.length === 0 ? `${Math.round(duration)} ms` : shown.slice(0, 2).join(" ");
}

export interface Progress {
  say(text: string): void;
  /** Takes the moving line away. */
  clear(): void;
}

/** A line that moves on a terminal, plain lines elsewhere. Written to stderr, so that stdout holds results only. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let shown = false;
  return {
    say(text) {
      if (!stream.isTTY) {
        stream.write(`${text}\n`);
        return;
      }
      stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`);
      shown = true;
    },
    clear() {
      if (shown) stream.write("\r\u001b[2K");
      shown = false;
    },
  };
}
