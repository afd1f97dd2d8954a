/** Names the days whose files are to be merged, or whose merged sources are to be removed. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { fragmentedDays } from "./compaction/plan.ts";
import { compaction } from "./compaction/settings.ts";
import { compactionFiles, dataFiles, dayOfKey } from "./store/index-store.ts";

/** As many as the state of an execution holds with ease; the others are found by the next run. */
const MOST_DAYS = 1_000;

export const handler = handle({ input: z.object({}) }, async (): Promise<{ days: { day: string }[] }> => {
  const [files, compactions] = await Promise.all([dataFiles(), compactionFiles()]);
  const days = fragmentedDays(files, compactions, dayOfKey, { ...compaction, now: Date.now() });
  return { days: days.slice(0, MOST_DAYS).map((day) => ({ day })) };
});
