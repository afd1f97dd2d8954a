/** A job: what it is asked to do, and how far it is. */
import * as z from "zod/mini";
import { Pagination } from "./pages/pagination.ts";

export const Job = z.strictObject({
  /** Where the records are, with whatever query the partner needs beside the page. */
  url: z.url().check(z.maxLength(2_000)),
  pagination: z.prefault(Pagination, { type: "offset" }),
  /** What the partner allows; without it only the number of pages at a time is limited. */
  requestsPerSecond: z.optional(z.number().check(z.minimum(0.1), z.maximum(1_000))),
  /** Asks only for records changed since the last complete job of this source. */
  incremental: z.optional(
    z.strictObject({
      /** The query parameter that takes the moment. */
      parameter: z.string().check(z.regex(/^[\w.[\]$-]{1,64}$/)),
      /** The field of each record that says when it changed, ISO 8601. */
      field: z.string().check(z.regex(/^\w[\w-]*(\.\w[\w-]*)*$/)),
    }),
  ),
});
export type Job = z.infer<typeof Job>;

/** The id of the event that asked for the job. */
export const JobId = z.string().check(z.regex(/^[\w-]{1,64}$/));

/** In this order, and never back. The last two are final. */
export const PAGE_STATES = ["STARTED", "PAYLOADSAVED", "ENQUEUED", "COMPLETE", "FAILED"] as const;
export type PageState = (typeof PAGE_STATES)[number];

export interface PageRow {
  readonly taskId: string;
  readonly state: PageState;
  readonly records: number;
  readonly reason?: string;
  /** The latest moment of change among its records, ISO 8601. */
  readonly changedUntil?: string;
}

export interface Summary {
  readonly Started: number;
  readonly PayloadSaved: number;
  readonly Enqueued: number;
  readonly SuccessfullyCompleted: number;
  readonly FailedToComplete: number;
  readonly Total: number;
}

export function summarise(pages: readonly PageRow[]): Summary {
  const counts = { STARTED: 0, PAYLOADSAVED: 0, ENQUEUED: 0, COMPLETE: 0, FAILED: 0 };
  for (const { state } of pages) counts[state]++;
  return {
    Started: counts.STARTED,
    PayloadSaved: counts.PAYLOADSAVED,
    Enqueued: counts.ENQUEUED,
    SuccessfullyCompleted: counts.COMPLETE,
    FailedToComplete: counts.FAILED,
    Total: pages.length,
  };
}

/**
 * ACCEPTED: asked for. POLLING: pages are fetched. PROCESSING: all are fetched, some are worked on. COMPLETE: all are done.
 * INCOMPLETE: some failed. FAILED: none is done.
 */
export type JobStatus = "ACCEPTED" | "POLLING" | "PROCESSING" | "COMPLETE" | "INCOMPLETE" | "FAILED";

export interface Outcome {
  readonly status: Exclude<JobStatus, "ACCEPTED" | "POLLING">;
  /** Why the job is not complete. */
  readonly reason?: string;
}

/** What became of a job whose pages are all fetched. `failure` is what stopped the polling before its end. */
export function outcomeOf(summary: Summary, failure: string | undefined, isLastLook: boolean): Outcome {
  const { SuccessfullyCompleted: done, FailedToComplete: failed, Total } = summary;
  const open = Total - done - failed;
  if (open > 0 && !isLastLook) return { status: "PROCESSING" };
  const reasons = [
    ...(failure ? [failure] : []),
    ...(failed > 0 ? [`${failed} of ${Total} pages failed`] : []),
    ...(open > 0 ? [`${open} of ${Total} pages were not finished in time`] : []),
  ];
  if (reasons.length === 0) return { status: "COMPLETE" };
  return { status: done > 0 ? "INCOMPLETE" : "FAILED", reason: reasons.join("; ") };
}
