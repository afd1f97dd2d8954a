/** Looks whether all pages of a job have come to their end, and writes how it went. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { JobId, outcomeOf, summarise } from "./job.ts";
import { advanceWatermark, jobOf, recordOutcome } from "./stores/job-store.ts";
import { nextWatermark } from "./pages/watermark.ts";

const Input = z.object({
  jobId: JobId,
  startedAt: z.string(),
  /** What stopped the polling; empty when it came to its end. */
  failure: z.string(),
  isLastLook: z.boolean(),
});

export const handler = handle({ input: Input }, async ({ jobId, startedAt, failure, isLastLook }) => {
  const { job, pages } = await jobOf(jobId);
  const summary = summarise(pages);
  const outcome = outcomeOf(summary, failure, isLastLook);
  if (outcome.status === "COMPLETE" && job.WatermarkOf !== undefined) {
    const watermark = nextWatermark(
      pages.map(({ changedUntil }) => changedUntil),
      startedAt,
    );
    if (watermark !== undefined) await advanceWatermark(job.WatermarkOf, watermark);
  }
  await recordOutcome(jobId, outcome, summary, outcome.status === "PROCESSING" ? undefined : new Date());
  logger.info("job", { jobId, ...outcome, ...summary });
  return { ...outcome, summary };
});
