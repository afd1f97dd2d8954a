import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import { chainedPage, JobTooLarge } from "./page.ts";
import { type Chained, type Numbered, Pagination } from "./pagination.ts";
import { MOST_ROUNDS, planChain, planNumbered } from "./plan.ts";

const url = "https://partner.example.com/records";
const limits = { mostPages: 10, chainLength: 4 };

describe("a round of a numbered source", () => {
  const pagination = z.parse(Pagination, { type: "offset", pageSize: 100 }) as Numbered;
  const plan = (total: number, planned: number, round = 0) =>
    planNumbered({ url, pagination }, { round, planned }, limits, (asked) =>
      Promise.resolve({ url: asked, headers: {}, body: { totalRecords: total } }),
    );

  it("has the pages that are not planned yet", async () => {
    expect((await plan(250, 0)).list).toHaveLength(3);
    expect(await plan(310, 250)).toMatchObject({
      list: [{ startAt: 250, count: 60 }],
      planned: 310,
      totalRecords: 310,
    });
  });
  it("is the same when it is planned again", async () => expect(await plan(250, 100)).toEqual(await plan(250, 100)));
  it("never takes back what was planned", async () =>
    expect(await plan(100, 250)).toEqual({ list: [], planned: 250, totalRecords: 250 }));
  it("is empty when the source grows for ever", async () =>
    expect((await plan(900, 250, MOST_ROUNDS)).list).toEqual([]));
  it("has no more pages than a job may have, all rounds together", async () => {
    expect((await plan(1_000, 0)).list).toHaveLength(10);
    await expect(plan(1_001, 900)).rejects.toBeInstanceOf(JobTooLarge);
    await expect(plan(Number.MAX_SAFE_INTEGER, 0)).rejects.toBeInstanceOf(JobTooLarge);
  });
});

describe("a round of a chain", () => {
  const pagination = z.parse(Pagination, { type: "cursor" }) as Chained;
  const plan = (planned: number, isLeft: boolean) =>
    planChain({ url, pagination }, planned, limits, (startAt) =>
      Promise.resolve(isLeft ? chainedPage(`${url}?cursor=x`, startAt, startAt) : undefined),
    );

  it("begins at the address of the job", async () =>
    expect(await plan(0, true)).toEqual({
      list: [{ taskId: "0000000000", url, startAt: 0, until: 4 }],
      planned: 4,
    }));
  it("goes on where the last execution has handed it on", async () =>
    expect((await plan(4, true)).list).toMatchObject([{ startAt: 4, until: 8, url: `${url}?cursor=x` }]));
  it("is empty when nothing was handed on", async () => expect((await plan(4, false)).list).toEqual([]));
  it("ends at the number of pages that a job may have", async () => {
    expect((await plan(8, true)).list).toMatchObject([{ until: 10 }]);
    await expect(plan(10, true)).rejects.toBeInstanceOf(JobTooLarge);
    expect((await plan(10, false)).list).toEqual([]);
  });
});
