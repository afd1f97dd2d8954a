/**
 * Compares two lists of lines by patience: lines that occur once on both sides anchor the comparison, and only what lies
 * between two anchors is compared line by line. Time stays near linear where a plain edit script takes edits times length.
 */
import { diffArrays } from "diff";

export interface LineChange {
  readonly kind: "same" | "added" | "removed";
  readonly lines: readonly string[];
}

/** Edits within one gap; beyond it the gap counts as replaced. Keeps the worst case bounded. */
const MOST_EDITS = 400;

/** The changes in order; neighbours differ in kind, and within a replacement the removed lines come first. */
export function compareLines(before: readonly string[], after: readonly string[]): LineChange[] {
  const changes: LineChange[] = [];
  const push = (kind: LineChange["kind"], lines: readonly string[]) => {
    const last = changes.at(-1);
    if (lines.length === 0) return;
    if (last?.kind === kind) changes[changes.length - 1] = { kind, lines: [...last.lines, ...lines] };
    else changes.push({ kind, lines });
  };
  let left = 0;
  let right = 0;
  for (const [from, to] of [...anchors(before, after), [before.length, after.length] as const]) {
    for (const { kind, lines } of compareGap(before.slice(left, from), after.slice(right, to))) push(kind, lines);
    if (from < before.length) push("same", before.slice(from, from + 1));
    left = from + 1;
    right = to + 1;
  }
  return changes;
}

/** Splits a text into lines that keep their line ends, so that joining them gives the text again. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function* compareGap(before: readonly string[], after: readonly string[]): Iterable<LineChange> {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  yield { kind: "same", lines: before.slice(0, start) };
  yield* compareRest(before.slice(start, before.length - end), after.slice(start, after.length - end));
  yield { kind: "same", lines: before.slice(before.length - end) };
}

function* compareRest(before: readonly string[], after: readonly string[]): Iterable<LineChange> {
  const isTrivial = before.length === 0 || after.length === 0;
  const script = isTrivial ? undefined : diffArrays([...before], [...after], { maxEditLength: MOST_EDITS });
  if (!script) {
    yield { kind: "removed", lines: before };
    yield { kind: "added", lines: after };
    return;
  }
  for (const { value, added, removed } of script)
    yield { kind: added ? "added" : removed ? "removed" : "same", lines: value };
}

/** Pairs of equal lines, unique on both sides, in the longest order that both sides share. */
function anchors(before: readonly string[], after: readonly string[]): (readonly [from: number, to: number])[] {
  const places = uniquePlaces(after);
  const pairs = [...uniquePlaces(before)].flatMap(([line, from]) => {
    const to = places.get(line);
    return to === undefined ? [] : [[from, to] as const];
  });
  return longestIncreasing(pairs);
}

function uniquePlaces(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (places.has(line)) repeated.add(line);
    else places.set(line, index);
  }
  for (const line of repeated) places.delete(line);
  return places;
}

/** The longest subsequence whose second members increase; pairs come sorted by the first (patience sorting). */
function longestIncreasing(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const tops: number[] = [];
  const previous: number[] = [];
  for (const [index, [, to]] of pairs.entries()) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < to) low = middle + 1;
      else high = middle;
    }
    previous[index] = tops[low - 1] ?? -1;
    tops[low] = index;
  }
  const found: (readonly [number, number])[] = [];
  for (let index = tops.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const pair = pairs[index];
    if (pair) found.push(pair);
  }
  return found.reverse();
}
