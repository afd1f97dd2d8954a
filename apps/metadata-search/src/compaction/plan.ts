/** Which small files of a day become one, and which files that were merged before may go. */
import type { StoredFile } from "../store/index-store.ts";

export interface PendingCompaction {
  /** Key of the record itself. */
  readonly key: string;
  readonly writtenAt: number;
  readonly output: string;
  readonly sources: readonly string[];
}

export interface Plan {
  /** Groups of files that are merged into one each. */
  readonly merges: readonly (readonly string[])[];
  /** Files whose rows are in a merged file for long enough that no running query reads them. */
  readonly removals: readonly string[];
  /** Records of compactions that are over. */
  readonly settled: readonly string[];
}

/**
 * What is to be done for one day. Sources stay for `graceMs` after their merged file was written: queries that began before still read
 * them, and copies of a row count once. They go only while the merged file is there, so that no row is ever in none.
 */
export function planCompaction(
  files: readonly StoredFile[],
  pending: readonly PendingCompaction[],
  { targetBytes, graceMs, now }: { readonly targetBytes: number; readonly graceMs: number; readonly now: number },
): Plan {
  const present = new Set(files.map(({ key }) => key));
  const due = pending.filter(({ writtenAt }) => now - writtenAt >= graceMs);
  const merged = new Set(pending.filter(({ output }) => present.has(output)).flatMap(({ sources }) => sources));
  const removals = due.filter(({ output }) => present.has(output)).flatMap(({ sources }) => sources);
  const open = files.filter(({ key, size }) => size < targetBytes && !merged.has(key));
  return {
    merges: groupsOf(open, targetBytes).filter((group) => group.length > 1),
    removals: [...new Set(removals)].filter((key) => present.has(key)),
    settled: due.map(({ key }) => key),
  };
}

/** Groups of files, in the order of their keys, of which each but the last one is about as large as the target. */
function groupsOf(files: readonly StoredFile[], targetBytes: number): string[][] {
  const groups: string[][] = [];
  let size = Infinity;
  for (const file of files.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    if (size + file.size > targetBytes) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(file.key);
    size += file.size;
  }
  return groups;
}

/** The days on which there is something to merge or to remove, oldest first. */
export function fragmentedDays(
  files: readonly StoredFile[],
  compactions: readonly Pick<StoredFile, "key" | "writtenAt">[],
  dayOf: (key: string) => string | undefined,
  { targetBytes, graceMs, now }: { readonly targetBytes: number; readonly graceMs: number; readonly now: number },
): string[] {
  const small = Map.groupBy(
    files.filter(({ size }) => size < targetBytes),
    ({ key }) => dayOf(key),
  );
  const fragmented = [...small].flatMap(([day, ofDay]) => (day !== undefined && ofDay.length > 1 ? [day] : []));
  const due = compactions.flatMap(({ key, writtenAt }) => (now - writtenAt >= graceMs ? (dayOf(key) ?? []) : []));
  return [...new Set([...fragmented, ...due])].sort();
}
