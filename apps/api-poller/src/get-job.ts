/** GET /jobs/{jobId}: how far a job is. */
import * as z from "zod/mini";
import { NotFound } from "#shared/errors";
import { handleHttp } from "#shared/http";
import { JobId, type PageRow, summarise } from "./job.ts";
import { jobOf } from "./job-store.ts";

export class JobNotFound extends NotFound<{ jobId: string }> {}

const MOST_FAILURES = 20;

export const handler = handleHttp({ path: z.object({ jobId: JobId }) }, async ({ path: { jobId } }) => {
  const found = await jobOf(jobId);
  if (!found) throw new JobNotFound(`There is no job ${jobId}`, { jobId });
  const { job, pages } = found;
  return {
    jobId,
    status: job.Status,
    reason: job.Reason,
    ...summarise(pages),
    plannedPages: job.PlannedPages,
    totalRecords: job.TotalRecords,
    records: pages.reduce((sum, { records }) => sum + records, 0),
    acceptedAt: job.AcceptedAt,
    startedAt: job.StartedAt,
    finishedAt: job.FinishedAt,
    failures: pages
      .filter(hasFailed)
      .slice(0, MOST_FAILURES)
      .map(({ taskId, reason }) => ({ taskId, reason })),
  };
});

const hasFailed = ({ state }: PageRow): boolean => state === "FAILED";
