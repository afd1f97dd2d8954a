import fc from "fast-check";
import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import { type Answer, AnswerUnexpected } from "../partner/answer.ts";
import { chainedPage, type Page, PageIncomplete, planPages, probeUrl, readPage, sizesOf } from "./page.ts";
import { type Chained, type Numbered, Pagination } from "./pagination.ts";

const URL_OF_SOURCE = "https://partner.example.com/records?kind=open";
const numbered = (given: object) => z.parse(Pagination, given) as Numbered;
const chained = (given: object) => z.parse(Pagination, given) as Chained;
const offset = numbered({ type: "offset" });
const byPage = numbered({ type: "page", pageSize: 10 });
const answer = (body: unknown, more: Partial<Answer> = {}): Answer => ({
  url: URL_OF_SOURCE,
  headers: {},
  body,
  ...more,
});
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const first = (pages: readonly Page[]): Page => {
  const [page] = pages;
  if (!page) throw new Error("no page was planned");
  return page;
};

/** A partner that holds the records 0, 1, 2 …, asked as the adapter would. */
function partnerAnswers(url: string, pagination: Numbered, total: number): Answer {
  const query = new URL(url).searchParams;
  if (pagination.type === "offset") {
    const startAt = Number(query.get("startAt"));
    const payload = upTo(total).slice(startAt, startAt + Number(query.get("count")));
    return answer({ totalRecords: total, maxRecordsPerPage: 100, payload });
  }
  const size = Number(query.get("per_page"));
  const from = (Number(query.get("page")) - 1) * size;
  return answer({ total, items: upTo(total).slice(from, from + size) });
}

describe("a plan", () => {
  it("asks for one record first", () => {
    expect(probeUrl(URL_OF_SOURCE, offset)).toBe("https://partner.example.com/records?kind=open&startAt=0&count=1");
    expect(probeUrl(URL_OF_SOURCE, byPage)).toBe("https://partner.example.com/records?kind=open&page=1&per_page=1");
  });

  it("has the last page ask for what is left", () => {
    const pages = planPages(URL_OF_SOURCE, offset, { from: 0, total: 250, pageSize: 100 });
    expect(pages.map(({ taskId, startAt, count }) => [taskId, startAt, count])).toEqual([
      ["0000000000", 0, 100],
      ["0000000100", 100, 100],
      ["0000000200", 200, 50],
    ]);
    expect(pages[2]?.url).toBe("https://partner.example.com/records?kind=open&startAt=200&count=50");
  });

  it("is empty for an empty source, and when nothing was added", () => {
    expect(planPages(URL_OF_SOURCE, offset, { from: 0, total: 0, pageSize: 100 })).toEqual([]);
    expect(planPages(URL_OF_SOURCE, offset, { from: 250, total: 250, pageSize: 100 })).toEqual([]);
    expect(planPages(URL_OF_SOURCE, offset, { from: 250, total: 100, pageSize: 100 })).toEqual([]);
  });

  it("takes the page size from the answer, or from the job where it says one", () => {
    const probe = answer({ totalRecords: 5, maxRecordsPerPage: 100 });
    expect(sizesOf(probe, offset)).toEqual({ total: 5, pageSize: 100 });
    expect(sizesOf(probe, numbered({ type: "offset", pageSize: 7 }))).toEqual({ total: 5, pageSize: 7 });
    expect(sizesOf(answer({ total: 5 }), byPage)).toEqual({ total: 5, pageSize: 10 });
  });

  it.each([
    ["no total", { maxRecordsPerPage: 1 }],
    ["a total in words", { totalRecords: "five", maxRecordsPerPage: 1 }],
    ["a negative total", { totalRecords: -1, maxRecordsPerPage: 1 }],
    ["half a record", { totalRecords: 1.5, maxRecordsPerPage: 1 }],
    ["pages of nothing", { totalRecords: 5, maxRecordsPerPage: 0 }],
    ["nothing at all", null],
  ])("is not made from an answer with %s", (_what, body) =>
    expect(() => sizesOf(answer(body), offset)).toThrow(AnswerUnexpected),
  );

  it("does not take a total from what every object inherits", () => {
    const odd = numbered({ type: "offset", totalField: "constructor.length" });
    expect(() => sizesOf(answer({ maxRecordsPerPage: 1 }), odd)).toThrow(AnswerUnexpected);
  });

  it.each([
    ["offsets", offset],
    ["page numbers", byPage],
  ])("by %s brings every record once, in whatever steps the total grows", (_what, pagination) => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(120), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 30 }),
        (steps, size) => {
          const sized: Numbered = { ...pagination, pageSize: size };
          const seen: unknown[] = [];
          const taskIds: string[] = [];
          let total = 0;
          for (const step of steps) {
            const from = total;
            total += step;
            for (const page of planPages(URL_OF_SOURCE, sized, { from, total, pageSize: size })) {
              seen.push(...readPage(partnerAnswers(page.url, sized, total), page, sized).records);
              taskIds.push(page.taskId);
            }
          }
          expect(seen).toEqual(upTo(total));
          expect(new Set(taskIds).size).toBe(taskIds.length);
        },
      ),
    );
  });
});

describe("a numbered page", () => {
  const page = first(planPages(URL_OF_SOURCE, offset, { from: 0, total: 250, pageSize: 100 }).slice(1));
  const read = (totalRecords: number, length: number) =>
    readPage(answer({ totalRecords, payload: upTo(length) }), page, offset).records.length;

  it("that is shorter than planned is fine when the source has shrunk that far", () => {
    expect(read(130, 30)).toBe(30);
    expect(read(80, 0)).toBe(0);
  });
  it("that is shorter than the source has records is asked for again", () =>
    expect(() => read(250, 99)).toThrow(PageIncomplete));
  it("that is longer than asked for is cut: the rest is another page's", () => expect(read(250, 120)).toBe(100));
});

describe("a chained page", () => {
  const cursor = chained({ type: "cursor", nextField: "meta.next" });
  const link = chained({ type: "link" });
  const page = chainedPage(URL_OF_SOURCE, 7, 400);
  const nextOf = (next: unknown) => readPage(answer({ items: [], meta: { next } }), page, cursor).next;
  const linked = (header: string) => readPage(answer([], { headers: { link: header } }), page, link).next?.url;

  it("is numbered after the one before it", () =>
    expect(nextOf("abc+/=")).toEqual({
      taskId: "0000000008",
      startAt: 8,
      until: 400,
      url: "https://partner.example.com/records?kind=open&cursor=abc%2B%2F%3D",
    }));
  it("may be named by a number or by a whole address", () => {
    expect(nextOf(20)?.url).toContain("cursor=20");
    expect(nextOf("https://partner.example.com/next")?.url).toBe("https://partner.example.com/next");
  });
  it.each([undefined, null, "", false])("is the last one when the cursor is %s", (next) =>
    expect(nextOf(next)).toBeUndefined(),
  );
  it("is refused when it is its own successor, or when the cursor is no word", () => {
    expect(() => nextOf(URL_OF_SOURCE)).toThrow(AnswerUnexpected);
    expect(() => nextOf({ page: 2 })).toThrow(AnswerUnexpected);
  });

  it.each([
    ["<https://a.example/2>; rel=next", "https://a.example/2"],
    ['<https://a.example/9>; rel="last", <https://a.example/2>; rel="next"', "https://a.example/2"],
    ['<?page=2>; title="a, b"; rel="prefetch NEXT"', "https://partner.example.com/records?page=2"],
    ['<https://a.example/1>; rel="prev"', undefined],
    ['<https://a.example/1>; rel="nextish"', undefined],
    ["", undefined],
  ])("reads the Link header %s", (header, expected) => expect(linked(header)).toBe(expected));

  const outcomeOf = (header: string): string => {
    try {
      return linked(header) === undefined ? "none" : "an address";
    } catch (error) {
      return error instanceof Error ? error.name : "";
    }
  };

  it("takes whatever stands in a Link header without hanging", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(["an address", "none", "AnswerUnexpected"]).toContain(outcomeOf(text));
      }),
    );
    const began = performance.now();
    linked(`<${"a;rel=".repeat(50_000)}`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
