/** Fetches one page and stores it. The state machine gets to know where it is, and in a chain which page is next. */
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { count } from "#shared/observability/metrics";
import { fetchAnswer } from "./partner/fetch-answer.ts";
import { Job, JobId } from "./job.ts";
import { Page, readPage } from "./pages/page.ts";
import { savePage } from "./stores/page-store.ts";
import { latestChange } from "./pages/watermark.ts";

const Input = z.object({
  jobId: JobId,
  job: Job,
  page: Page,
  waitSeconds: z.number().check(z.minimum(0), z.maximum(10)),
});

export const handler = handle({ input: Input }, async ({ jobId, job, page, waitSeconds }) => {
  if (waitSeconds > 0) await sleep(waitSeconds * 1_000);
  const answer = await fetchAnswer(page.url);
  const { records, next } = readPage(answer, page, job.pagination);
  const changedUntil = job.incremental && latestChange(records, job.incremental.field);
  const payloadLocation = await savePage(jobId, page.taskId, records);
  count("PagesFetched");
  return { payloadLocation, records: records.length, changedUntil: changedUntil ?? "", next: next ?? null };
});
