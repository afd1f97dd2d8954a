/** Pages of a source: which there are, how to ask for each, what is in the answer. */
import * as z from "zod/mini";
import { AppError } from "#shared/errors";
import { type Answer, AnswerUnexpected, at, countAt, recordsAt, RetriablePollerError } from "../partner/answer.ts";
import { type Chained, isNumbered, type Numbered, type Pagination } from "./pagination.ts";

/** One page to fetch. It is the same however often the job is planned, and so is its id. */
export const Page = z.object({
  taskId: z.string().check(z.regex(/^\d{10}$/)),
  url: z.string(),
  /** Number of its first record; in a chain the number of the page. From 0. */
  startAt: z.int(),
  /** How many records are the page's own; unknown in a chain. */
  count: z.optional(z.int()),
  /** How many records before them were another page's. */
  skip: z.optional(z.int()),
  /** Number of the page at which a chain is handed to another execution. */
  until: z.optional(z.int()),
});
export type Page = z.infer<typeof Page>;

/** A page of a numbered source is short though the partner counts more records: taking it would lose some. */
export class PageIncomplete extends RetriablePollerError {}

/** More pages than a job may have. */
export class JobTooLarge extends AppError<{ limit: number }> {}

export const taskIdOf = (startAt: number): string => String(startAt).padStart(10, "0");

const withParameters = (url: string, parameters: Readonly<Record<string, string | number>>): string => {
  const address = new URL(url);
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, String(value));
  return address.href;
};

/** The address that gives one record, and with it the total. */
export function probeUrl(url: string, pagination: Numbered): string {
  return pagination.type === "offset"
    ? withParameters(url, { [pagination.startParameter]: 0, [pagination.countParameter]: 1 })
    : withParameters(url, { [pagination.pageParameter]: pagination.firstPage, [pagination.sizeParameter]: 1 });
}

/** Total and page size, from the answer to the probe. Throws AnswerUnexpected. */
export function sizesOf(answer: Answer, pagination: Numbered): { readonly total: number; readonly pageSize: number } {
  const total = countAt(answer.body, pagination.totalField);
  const pageSize =
    pagination.type === "page"
      ? pagination.pageSize
      : (pagination.pageSize ?? countAt(answer.body, pagination.pageSizeField));
  if (pageSize > 0) return { total, pageSize };
  throw new AnswerUnexpected("The partner's page size is 0", { field: "pageSize" });
}

/**
 * The pages of records `from` (planned before) to `total`, the last one with what is left. When the total grew while pages were
 * fetched, the first page of the new plan begins in the middle of the last one of the old plan.
 */
export function planPages(url: string, pagination: Numbered, sizes: { from: number; total: number; pageSize: number }) {
  const { from, total, pageSize } = sizes;
  const pages: Page[] = [];
  let startAt = from;
  while (startAt < total) {
    // Numbered pages have fixed borders; offsets begin anywhere.
    const border = pagination.type === "page" ? startAt - (startAt % pageSize) : startAt;
    const count = Math.min(border + pageSize, total) - startAt;
    const parameters =
      pagination.type === "offset"
        ? { [pagination.startParameter]: startAt, [pagination.countParameter]: count }
        : {
            [pagination.pageParameter]: border / pageSize + pagination.firstPage,
            [pagination.sizeParameter]: pageSize,
          };
    pages.push({
      taskId: taskIdOf(startAt),
      url: withParameters(url, parameters),
      startAt,
      count,
      skip: startAt - border,
    });
    startAt += count;
  }
  return pages;
}

/** A page of a chain. */
export const chainedPage = (url: string, startAt: number, until: number): Page => ({
  taskId: taskIdOf(startAt),
  url,
  startAt,
  until,
});

/** The records of a page, and in a chain the page behind it. Throws AnswerUnexpected, PageIncomplete. */
export function readPage(
  answer: Answer,
  page: Page,
  pagination: Pagination,
): { readonly records: readonly unknown[]; readonly next?: Page } {
  const records = recordsAt(answer.body, pagination.recordsField);
  if (isNumbered(pagination)) return { records: ownRecords(records, answer, page, pagination) };
  const url = nextUrl(answer, pagination);
  if (url === undefined) return { records };
  if (url === page.url) throw new AnswerUnexpected("The partner names a page as its own successor", { field: "next" });
  return { records, next: { ...page, taskId: taskIdOf(page.startAt + 1), url, startAt: page.startAt + 1 } };
}

function ownRecords(records: readonly unknown[], answer: Answer, page: Page, { totalField }: Numbered) {
  const { startAt, count = 0, skip = 0 } = page;
  const own = records.slice(skip, skip + count);
  // The source may have shrunk since the plan was made.
  const expected = Math.min(count, Math.max(0, countAt(answer.body, totalField) - startAt));
  if (own.length >= expected) return own;
  throw new PageIncomplete(`The page has ${own.length} of ${expected} records`);
}

/** Throws AnswerUnexpected. */
function nextUrl({ url, headers, body }: Answer, pagination: Chained): string | undefined {
  if (pagination.type === "link") return linkedNext(headers["link"] ?? "", url);
  const { nextField, cursorParameter } = pagination;
  const next = at(body, nextField);
  if (next === undefined || next === null || next === "" || next === false) return undefined;
  if (typeof next !== "string" && typeof next !== "number")
    throw new AnswerUnexpected(`The cursor at "${nextField}" is neither text nor a number`, { field: nextField });
  return /^https?:\/\//.test(String(next)) ? String(next) : withParameters(url, { [cursorParameter]: next });
}

/** The target of `rel="next"` in a Link header (RFC 8288, section 3), which may be relative to the page. */
function linkedNext(header: string, base: string): string | undefined {
  for (const [, target = "", parameters = ""] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters);
    const relations = (relation?.[1] ?? relation?.[2] ?? "").toLowerCase().split(/\s+/);
    if (!relations.includes("next")) continue;
    if (!URL.canParse(target, base))
      throw new AnswerUnexpected("The Link header names no address for the next page", { field: "link" });
    return new URL(target, base).href;
  }
  return undefined;
}
