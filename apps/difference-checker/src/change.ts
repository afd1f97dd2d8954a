/** One change: reads both versions, compares them, keeps the difference. */
import { type Change, keepDifference } from "./change-log.ts";
import { compareContents, type Difference, summaryOf } from "./difference.ts";
import type { Pair } from "./versions.ts";
import { contentOf } from "./version-store.ts";

export interface Limits {
  /** Longer versions are compared by size only. */
  readonly longestBytes: number;
  /** Characters of a difference that go to the log; 0 logs none. */
  readonly longestLogged: number;
}

interface Compared {
  readonly change: Change;
  /** The part of the difference that is logged: text or a list of values. */
  readonly logged: unknown;
}

export async function describeChange(
  pair: Pair & { readonly bucket: string; readonly key: string },
  at: Pick<Change, "changedAt" | "sequencer">,
  limits: Limits,
): Promise<Compared> {
  const { bucket, key, current, previous } = pair;
  const base = { bucket, key, versionId: current.versionId, versionNumber: current.number, ...at };
  if (!previous)
    return { change: { ...base, kind: "first", summary: `first version, ${current.size} bytes` }, logged: undefined };
  const change = { ...base, previousVersionId: previous.versionId };
  if (Math.max(current.size, previous.size) > limits.longestBytes) {
    const summary = `${previous.size} bytes before, ${current.size} after, too large to compare`;
    return { change: { ...change, kind: "tooLarge", summary }, logged: undefined };
  }
  const [before, after] = await Promise.all([
    contentOf(bucket, key, previous.versionId),
    contentOf(bucket, key, current.versionId),
  ]);
  const difference = compareContents(key, before, after);
  const differenceKey = await keep(change, difference);
  return {
    change: {
      ...change,
      kind: difference.kind,
      summary: summaryOf(difference),
      ...(differenceKey === undefined ? {} : { differenceKey }),
    },
    logged: excerpt(difference, limits.longestLogged),
  };
}

/** Text as a patch, values as JSON. A binary difference says all in its summary. */
async function keep(change: Pick<Change, "key" | "versionId">, difference: Difference): Promise<string | undefined> {
  if (difference.kind === "binary") return undefined;
  const [body, type] =
    difference.kind === "text"
      ? [difference.patch, "text/x-diff"]
      : [JSON.stringify(difference, undefined, 2), "application/json"];
  return keepDifference(change, body, type);
}

/** Changes as far as they fit; what stayed the same is left out of a text's changes. */
function excerpt(difference: Difference, longest: number): unknown {
  if (difference.kind === "binary" || longest === 0) return undefined;
  const kept: unknown[] = [];
  let length = 0;
  for (const change of difference.changes) {
    if ("value" in change && !change.added && !change.removed) continue;
    length += JSON.stringify(change).length;
    if (length > longest) return [...kept, "…"];
    kept.push(change);
  }
  return kept;
}
