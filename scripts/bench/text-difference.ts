/** Text differences by anchors against the word and line differences of the `diff` package, in one run, the sides in turn. */
import { diffLines, diffWordsWithSpace } from "diff";
import { compareText } from "../../apps/difference-checker/src/text-difference.ts";

export interface Comparison {
  readonly input: string;
  readonly ownMs: number;
  /** Time of the other over ours; undefined when the other did not end within its limit. */
  readonly againstWords: number | undefined;
  readonly againstLines: number | undefined;
}

const ROUNDS = 3;
const LIMIT_MS = 10_000;

/** A text of about this many characters, and the same with one word in a hundred replaced. */
function texts(characters: number): readonly [before: string, after: string] {
  // A fixed sequence of words, so that runs can be compared.
  let state = 7;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  const words: string[] = [];
  for (let length = 0; length < characters; length += 6)
    words.push(`${(next() % 60_000).toString(36)}${next() % 10 === 0 ? "\n" : " "}`);
  return [words.join(""), words.map((word) => (next() % 100 === 0 ? `new${word}` : word)).join("")];
}

function time(work: () => unknown): { ms: number; ended: boolean } {
  const began = performance.now();
  const result = work();
  return { ms: performance.now() - began, ended: result !== undefined };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

export function measureTextDifference(): readonly Comparison[] {
  return [10_000, 100_000, 1_000_000].map((characters) => {
    const [before, after] = texts(characters);
    const rounds = Array.from({ length: ROUNDS }, () => ({
      own: time(() => compareText("f", before, after)),
      words: time(() => diffWordsWithSpace(before, after, { timeout: LIMIT_MS })),
      lines: time(() => diffLines(before, after, { timeout: LIMIT_MS })),
    }));
    const ratio = (side: "words" | "lines") =>
      rounds.every((round) => round[side].ended)
        ? median(rounds.map((round) => round[side].ms / round.own.ms))
        : undefined;
    return {
      input: `${characters / 1000} kB, 1 % of the words changed`,
      ownMs: median(rounds.map(({ own }) => own.ms)),
      againstWords: ratio("words"),
      againstLines: ratio("lines"),
    };
  });
}
