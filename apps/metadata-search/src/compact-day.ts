/** Merges the small files of one day, and removes those that were merged long enough ago. Doing it twice, or at once, harms nothing. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { type PendingCompaction, planCompaction } from "./compaction/plan.ts";
import { compaction } from "./compaction/settings.ts";
import { type IndexRow, withoutCopies } from "./rows/index-row.ts";
import {
  compactionFiles,
  dataFiles,
  inTurns,
  keepCompaction,
  readCompaction,
  readRows,
  removeFiles,
  writeRows,
} from "./store/index-store.ts";

const Input = z.object({ day: z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/)) });
const COMPACTED = "compacted-";

export const handler = handle({ input: Input }, async ({ day }) => {
  const pending = await pendingCompactions(day);
  // After the records: sources go before the record that names them, so those of a record that is gone are not in the list either.
  const files = await dataFiles(day);
  const plan = planCompaction(files, pending, { ...compaction, now: Date.now() });
  for (const sources of plan.merges) await merge(day, sources);
  // First the sources, then the record that names them: after a crash in between it is done again.
  await removeFiles(plan.removals);
  await removeFiles(plan.settled);
  const done = { day, merged: plan.merges.flat().length, into: plan.merges.length, removed: plan.removals.length };
  logger.info("day compacted", done);
  count("FilesMerged", done.merged);
  return done;
});

/** A record that another run has settled since the list was made is none. */
async function pendingCompactions(day: string): Promise<PendingCompaction[]> {
  const records = await Promise.all(
    (await compactionFiles(day)).map(async (record) => ({ record, compaction: await readCompaction(record.key) })),
  );
  return records.flatMap(({ record, compaction }) => (compaction ? { ...record, ...compaction } : []));
}

/** First the merged file, then the record by which its sources will go: a crash in between leaves copies, which count once. */
async function merge(day: string, sources: readonly string[]): Promise<void> {
  const rows: IndexRow[] = [];
  await inTurns(sources, async (key) => {
    for (const row of await readRows(key)) rows.push(row);
  });
  const output = await writeRows(day, withoutCopies(rows), COMPACTED);
  await keepCompaction(day, { output, sources: sources.filter((key) => key !== output) });
}
