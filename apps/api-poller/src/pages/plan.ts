/** Plans a round of a job: which pages there are that no round before has planned. */
import type { Answer } from "../partner/answer.ts";
import { chainedPage, JobTooLarge, type Page, planPages, probeUrl, sizesOf } from "./page.ts";
import type { Chained, Numbered } from "./pagination.ts";

export interface Plan {
  readonly list: readonly Page[];
  /** Records that are planned by now; in a chain pages, as far as its execution follows it. */
  readonly planned: number;
  /** Unknown in a chain. */
  readonly totalRecords?: number;
}

export interface PlanLimits {
  readonly mostPages: number;
  /** Pages of a chain that one execution follows. */
  readonly chainLength: number;
}

/** A source that grows faster than it is read is left at some time. The next job sees the rest. */
export const MOST_ROUNDS = 20;

/** Asks the partner for the total. Throws JobTooLarge, AnswerUnexpected and what `fetchAnswer` throws. */
export async function planNumbered(
  source: { readonly url: string; readonly pagination: Numbered },
  round: { readonly round: number; readonly planned: number },
  limits: PlanLimits,
  fetchAnswer: (url: string) => Promise<Answer>,
): Promise<Plan> {
  const { url, pagination } = source;
  const { total, pageSize } = sizesOf(await fetchAnswer(probeUrl(url, pagination)), pagination);
  // Before the list is made: a partner may name any number.
  checkPages(Math.ceil(total / pageSize), limits);
  const planned = Math.max(round.planned, total);
  const list = round.round < MOST_ROUNDS ? planPages(url, pagination, { from: round.planned, total, pageSize }) : [];
  return { list, planned, totalRecords: planned };
}

/**
 * A chain is one item: its execution follows it page by page, and hands on what is left. Throws JobTooLarge when something is
 * left of a chain that is as long as a job may be.
 */
export async function planChain(
  source: { readonly url: string; readonly pagination: Chained },
  planned: number,
  limits: PlanLimits,
  handedOn: (startAt: number) => Promise<Page | undefined>,
): Promise<Plan> {
  const until = Math.min(planned + limits.chainLength, limits.mostPages);
  const first = planned === 0 ? chainedPage(source.url, 0, until) : await handedOn(planned);
  if (!first) return { list: [], planned };
  checkPages(planned + 1, limits);
  return { list: [{ ...first, until }], planned: until };
}

function checkPages(pages: number, { mostPages }: PlanLimits): void {
  if (pages > mostPages)
    throw new JobTooLarge(`The job has ${pages} pages or more, ${mostPages} are allowed`, { limit: mostPages });
}
