/** The difference of two texts: by lines, and within replaced blocks by words. */
import { diffWordsWithSpace } from "diff";
import { compareLines, type LineChange, linesOf } from "./lines.ts";

/** A run of text that stayed, came or went, as the `diff` package gives it. `count` is in words within a replaced block, in lines elsewhere. */
export interface TextChange {
  readonly value: string;
  readonly count: number;
  readonly added?: true;
  readonly removed?: true;
}

export interface TextDifference {
  readonly kind: "text";
  readonly linesAdded: number;
  readonly linesRemoved: number;
  readonly changes: readonly TextChange[];
  /** A unified patch that `patch` and `git apply` take. */
  readonly patch: string;
}

/** Replaced blocks beyond this many characters are shown as wholes: word comparison grows with edits times length. */
const LONGEST_WORD_BLOCK = 20_000;
const MOST_WORD_EDITS = 2_000;
const CONTEXT_LINES = 3;

export function compareText(name: string, before: string, after: string): TextDifference {
  const lines = compareLines(linesOf(before), linesOf(after));
  return {
    kind: "text",
    linesAdded: countOf(lines, "added"),
    linesRemoved: countOf(lines, "removed"),
    changes: lines.flatMap((change, index) => wordsOf(change, lines[index - 1], lines[index + 1])),
    patch: unifiedPatch(name, lines),
  };
}

const countOf = (changes: readonly LineChange[], kind: LineChange["kind"]): number =>
  changes.reduce((sum, change) => sum + (change.kind === kind ? change.lines.length : 0), 0);

/** A removal that an addition follows is one replacement, compared by words where it is short enough. */
function wordsOf(change: LineChange, previous: LineChange | undefined, next: LineChange | undefined): TextChange[] {
  if (change.kind === "added" && previous?.kind === "removed" && replacement(previous, change)) return [];
  const words = change.kind === "removed" && next?.kind === "added" ? replacement(change, next) : undefined;
  if (words) return words;
  const value = change.lines.join("");
  return [
    {
      value,
      count: change.lines.length,
      ...(change.kind === "same" ? {} : change.kind === "added" ? { added: true } : { removed: true }),
    },
  ];
}

function replacement(removed: LineChange, added: LineChange): TextChange[] | undefined {
  const before = removed.lines.join("");
  const after = added.lines.join("");
  if (before.length + after.length > LONGEST_WORD_BLOCK) return undefined;
  return diffWordsWithSpace(before, after, { maxEditLength: MOST_WORD_EDITS })?.map(
    ({ value, count, added: isAdded, removed: isRemoved }) => ({
      value,
      count,
      ...(isAdded ? { added: true as const } : {}),
      ...(isRemoved ? { removed: true as const } : {}),
    }),
  );
}

interface PatchLine {
  readonly mark: " " | "+" | "-";
  readonly text: string;
}

/** Unified format with three lines of context (GNU diffutils, "Detailed Description of Unified Format"). */
function unifiedPatch(name: string, changes: readonly LineChange[]): string {
  const marks = { same: " ", added: "+", removed: "-" } as const;
  const all: PatchLine[] = changes.flatMap(({ kind, lines }) => lines.map((text) => ({ mark: marks[kind], text })));
  const hunks = hunkRanges(all);
  if (hunks.length === 0) return "";
  const parts = [`--- a/${name}\n+++ b/${name}\n`];
  let [oldLine, newLine, position] = [1, 1, 0];
  for (const [start, end] of hunks) {
    for (; position < start; position++) {
      oldLine++;
      newLine++;
    }
    const body = all.slice(start, end);
    const [oldCount, newCount] = [
      body.filter(({ mark }) => mark !== "+").length,
      body.filter(({ mark }) => mark !== "-").length,
    ];
    parts.push(`@@ -${rangeOf(oldLine, oldCount)} +${rangeOf(newLine, newCount)} @@\n`);
    for (const { mark, text } of body)
      parts.push(mark, text.endsWith("\n") ? text : `${text}\n\\ No newline at end of file\n`);
    oldLine += oldCount;
    newLine += newCount;
    position = end;
  }
  return parts.join("");
}

/** An empty side is numbered by the line before it. */
const rangeOf = (line: number, count: number): string =>
  count === 1 ? String(line) : `${count === 0 ? line - 1 : line},${count}`;

/** Where changes are, with their context; ranges that touch are one. */
function hunkRanges(lines: readonly PatchLine[]): [start: number, end: number][] {
  const ranges: [number, number][] = [];
  for (const [index, { mark }] of lines.entries()) {
    if (mark === " ") continue;
    const start = Math.max(0, index - CONTEXT_LINES);
    const end = Math.min(lines.length, index + CONTEXT_LINES + 1);
    const last = ranges.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else ranges.push([start, end]);
  }
  return ranges;
}
