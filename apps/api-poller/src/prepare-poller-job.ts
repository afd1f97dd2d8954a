/** Finds out which pages there are to fetch, and writes their list for the Map state. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { fetchAnswer } from "./partner/fetch-answer.ts";
import { Job, JobId } from "./job.ts";
import { recordPlan, resumeOf, watermarkOf } from "./stores/job-store.ts";
import { paceOf } from "./pages/pace.ts";
import { hasLostPages, savePlan } from "./stores/page-store.ts";
import { isNumbered } from "./pages/pagination.ts";
import { MOST_ROUNDS, planChain, type PlanLimits, planNumbered } from "./pages/plan.ts";
import { since } from "./pages/watermark.ts";

const Input = z.object({
  jobId: JobId,
  job: Job,
  /** The address with the watermark, once it is known: it stays the same for the whole job. */
  url: z.optional(z.string()),
  /** Counts from 0: pages are planned again when those planned before are fetched. */
  round: z.int(),
  /** What rounds before have planned: records, or in a chain pages. */
  planned: z.int(),
  /** Key of what the Map run of the round before has left. */
  results: z.optional(z.string()),
});

const mostAtATime = env.integer("PAGES_AT_A_TIME", { least: 1, most: 1_000, otherwise: 25 });
const limits: PlanLimits = {
  mostPages: env.integer("MOST_PAGES", { least: 1, most: 1_000_000, otherwise: 10_000 }),
  chainLength: env.integer("CHAIN_LENGTH", { least: 1, most: 500, otherwise: 400 }),
};

export const handler = handle({ input: Input }, async ({ jobId, job, round, planned, url: known, results }) => {
  const { incremental, pagination, requestsPerSecond } = job;
  const url = known ?? since(job, incremental && (await watermarkOf(job.url)));
  const plan = isNumbered(pagination)
    ? await planNumbered({ url, pagination }, { round, planned }, limits, fetchAnswer)
    : await planChain({ url, pagination }, planned, limits, (startAt) => resumeOf(jobId, startAt));
  const list = plan.list.length > 0 ? await savePlan(jobId, round, plan.list) : "";
  await recordPlan(jobId, { totalRecords: plan.totalRecords, watermarkOf: incremental && job.url });
  logger.info("planned", { jobId, round, pages: plan.list.length, totalRecords: plan.totalRecords });
  if (round === MOST_ROUNDS) logger.warn("the source grows faster than it is read", { jobId });
  // A job must not look complete because the row is missing that would say otherwise.
  const isLost = results !== undefined && (await hasLostPages(results));
  const failure = isLost ? `Executions of pages failed, as ${results} tells` : "";
  return { url, list, failure, isEmpty: list === "", planned: plan.planned, ...paceOf(requestsPerSecond, mostAtATime) };
});
