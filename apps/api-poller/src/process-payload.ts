/** Works on pages: keeps their records, removes the page, marks it COMPLETE. What a business does with records belongs here. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { count } from "#shared/observability/metrics";
import { JobId } from "./job.ts";
import { endPage } from "./stores/job-store.ts";
import { areRecordsKept, keepRecords, loadPage, PageUnreadable, removePage } from "./stores/page-store.ts";

const Pointer = z.object({
  jobId: JobId,
  taskId: z.string().check(z.minLength(1)),
  payloadLocation: z.object({ key: z.string().check(z.minLength(1)) }),
});

const putAside = sendToDeadLetters(env.text("FAILED_PAGES_URL"));

export const handler = handleSqs({ body: Pointer, putAside }, async ({ jobId, taskId, payloadLocation: { key } }) => {
  const records = await loadPage(key);
  if (records) {
    await keepRecords(jobId, taskId, records);
    await removePage(key);
  } else if (!(await areRecordsKept(jobId, taskId))) {
    throw new PageUnreadable("The page is gone, and its records were never kept", { key });
  }
  if (await endPage(jobId, taskId, { state: "COMPLETE" }, new Date())) {
    count("PagesCompleted");
    count("RecordsKept", records?.length ?? 0);
  }
});
