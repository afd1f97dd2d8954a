/** Marks pages FAILED whose processing failed for good. They come with their reason, or without one after their last receive. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { count } from "#shared/observability/metrics";
import { JobId } from "./job.ts";
import { endPage } from "./stores/job-store.ts";

const Pointer = z.object({ jobId: JobId, taskId: z.string().check(z.minLength(1)) });

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleSqs({ body: Pointer, putAside }, async ({ jobId, taskId }, { attributes }) => {
  const [error, why] = [attributes.get("error"), attributes.get("reason")];
  const reason =
    error === undefined ? "It could not be processed in as many tries as it gets" : `${error}: ${why ?? ""}`;
  if (await endPage(jobId, taskId, { state: "FAILED", reason }, new Date())) count("PagesFailed");
});
