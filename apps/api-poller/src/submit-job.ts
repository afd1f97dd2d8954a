/** POST /jobs: checks what is asked for and puts the event that starts the job. Its id is the job's. */
import { env } from "#shared/environment";
import { handleHttp, reply } from "#shared/http";
import { logger } from "#shared/observability/logger";
import { putEvents } from "#shared/writes/put-events";
import { allowedSources } from "./partner/allowed-sources.ts";
import { Job } from "./job.ts";
import { acceptJob } from "./stores/job-store.ts";
import { sourceOf } from "./partner/source.ts";

export const handler = handleHttp({ body: Job }, async ({ body: job }) => {
  const { url } = sourceOf(job.url, allowedSources);
  const [jobId = ""] = await putEvents([
    { bus: env.text("EVENT_BUS"), source: "source.events", detailType: "api.event", detail: job },
  ]);
  logger.info("job accepted", { jobId, host: url.hostname, pagination: job.pagination.type });
  try {
    await acceptJob(jobId, new Date());
  } catch (error) {
    // The job runs, and its workflow writes the row as well: an error would make the caller ask for a second one.
    logger.warn("the row of the job is left to its workflow", { jobId, error: error instanceof Error ? error : {} });
  }
  return reply(202, { jobId, status: "ACCEPTED" }, { location: `/jobs/${jobId}` });
});
