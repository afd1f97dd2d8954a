/** GET /jobs/{jobId}: how far a job is. */
import * as z from "zod/mini";
import { handleHttp } from "#shared/http";
import { JobId, type PageRow, summarise } from "./job.ts";
import { jobOf } from "./stores/job-store.ts";

const MOST_FAILURES = 20;

export const handler = handleHttp({ path: z.object({ jobId: JobId }) }, async ({ path: { jobId } }) => {
  const { job, pages } = await jobOf(jobId);
  return {
    jobId,
    status: job.Status,
    reason: job.Reason,
    ...summarise(pages),
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
