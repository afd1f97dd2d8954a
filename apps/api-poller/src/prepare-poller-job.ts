/** Finds out which pages there are to fetch, and writes their list for the Map state. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { fetchAnswer } from "./fetch-answer.ts";
import { Job, JobId } from "./job.ts";
import { recordPlan, resumeOf, watermarkOf } from "./job-store.ts";
import { chainedPage, JobTooLarge, type Page, planPages, probeUrl, sizesOf } from "./page.ts";
import { savePlan } from "./page-store.ts";
import { type Chained, isNumbered, type Numbered } from "./pagination.ts";
import { paceOf } from "./pace.ts";

const Input = z.object({
  jobId: JobId,
  job: Job,
  /** The address with the watermark, once it is known: it stays the same for the whole job. */
  url: z.optional(z.string()),
  /** Counts from 0: pages are planned again when those planned before are fetched. */
  round: z.int(),
  /** What rounds before have planned: records, or in a chain pages. */
  planned: z.int(),
  pages: z.int(),
});

const MOST_AT_A_TIME = env.integer("PAGES_AT_A_TIME", { least: 1, most: 1_000, otherwise: 25 });
const MOST_PAGES = env.integer("MOST_PAGES", { least: 1, most: 1_000_000, otherwise: 10_000 });
/** A page of a chain takes some 40 entries in the history of its execution, which may have 25,000 (Step Functions quotas). */
const PAGES_PER_EXECUTION = 400;
/** A source that grows faster than it is read is left at some time. The next job sees the rest. */
const MOST_ROUNDS = 20;

interface Plan {
  readonly list: readonly Page[];
  readonly planned: number;
  readonly totalRecords?: number;
}

export const handler = handle({ input: Input }, async ({ jobId, job, round, planned, pages, url: known }) => {
  const url = known ?? (await firstUrl(job));
  const { pagination } = job;
  const plan = isNumbered(pagination)
    ? await planNumbered(url, pagination, planned, round)
    : await planChain(jobId, url, pagination, planned);
  const total = pages + plan.list.length;
  if (total > MOST_PAGES)
    throw new JobTooLarge(`The job has ${total} pages, ${MOST_PAGES} are allowed`, { limit: MOST_PAGES });
  const list = plan.list.length > 0 ? await savePlan(jobId, round, plan.list) : "";
  await recordPlan(jobId, {
    ...(plan.totalRecords === undefined ? {} : { totalRecords: plan.totalRecords }),
    pages: total,
    watermarkOf: job.incremental && job.url,
  });
  logger.info("planned", { jobId, round, pages: plan.list.length, totalRecords: plan.totalRecords });
  return {
    url,
    list,
    isEmpty: plan.list.length === 0,
    planned: plan.planned,
    pages: total,
    ...paceOf(job.requestsPerSecond, MOST_AT_A_TIME),
  };
});

async function firstUrl({ url, incremental }: Job): Promise<string> {
  const since = incremental && (await watermarkOf(url));
  if (!incremental || since === undefined) return url;
  const address = new URL(url);
  address.searchParams.set(incremental.parameter, since);
  return address.href;
}

async function planNumbered(url: string, pagination: Numbered, planned: number, round: number): Promise<Plan> {
  const { total, pageSize } = sizesOf(await fetchAnswer(probeUrl(url, pagination)), pagination);
  const isLeft = total > planned && round >= MOST_ROUNDS;
  if (isLeft) logger.warn("the source grows faster than it is read", { planned, total });
  if ((total - planned) / pageSize > MOST_PAGES)
    throw new JobTooLarge(`The job has ${Math.ceil(total / pageSize)} pages, ${MOST_PAGES} are allowed`, {
      limit: MOST_PAGES,
    });
  const list = isLeft ? [] : planPages(url, pagination, { from: planned, total, pageSize });
  return { list, planned: Math.max(planned, total), totalRecords: Math.max(planned, total) };
}

/** A chain is one item: its execution follows it page by page, and hands on what is left. */
async function planChain(jobId: string, url: string, _pagination: Chained, planned: number): Promise<Plan> {
  const until = planned + PAGES_PER_EXECUTION;
  const first = planned === 0 ? chainedPage(url, 0, until) : await resumeOf(jobId, planned);
  return first ? { list: [{ ...first, until }], planned: until } : { list: [], planned };
}
