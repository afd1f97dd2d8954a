import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import { Job, outcomeOf, type PageRow, type PageState, summarise } from "./job.ts";

const pages = (...states: PageState[]): PageRow[] =>
  states.map((state, index) => ({ taskId: String(index), state, records: 1 }));

describe("a job", () => {
  it("is an address, and for the rest what the bundled sample understands", () =>
    expect(z.parse(Job, { url: "https://partner.example.com/" })).toEqual({
      url: "https://partner.example.com/",
      pagination: {
        type: "offset",
        startParameter: "startAt",
        countParameter: "count",
        recordsField: "payload",
        totalField: "totalRecords",
        pageSizeField: "maxRecordsPerPage",
      },
    }));

  it("may be read again from what it was read to", () => {
    const job = z.parse(Job, { url: "https://partner.example.com/", pagination: { type: "page" } });
    expect(z.parse(Job, job)).toEqual(job);
  });
});

describe("a summary", () => {
  it("counts the pages by state", () =>
    expect(summarise(pages("STARTED", "PAYLOADSAVED", "ENQUEUED", "ENQUEUED", "COMPLETE", "FAILED"))).toEqual({
      Started: 1,
      PayloadSaved: 1,
      Enqueued: 2,
      SuccessfullyCompleted: 1,
      FailedToComplete: 1,
      Total: 6,
    }));
});

describe("the outcome", () => {
  const outcome = (states: PageState[], failure = "", isLastLook = false) =>
    outcomeOf(summarise(pages(...states)), failure, isLastLook);

  it.each<[string, ReturnType<typeof outcome>, ReturnType<typeof outcome>]>([
    ["all pages done", outcome(["COMPLETE", "COMPLETE"]), { status: "COMPLETE" }],
    ["no pages", outcome([]), { status: "COMPLETE" }],
    ["some open", outcome(["COMPLETE", "FAILED", "ENQUEUED"]), { status: "PROCESSING" }],
    ["some open, and a failure", outcome(["ENQUEUED"], "It broke"), { status: "PROCESSING" }],
    ["some failed", outcome(["COMPLETE", "FAILED"]), { status: "INCOMPLETE", reason: "1 of 2 pages failed" }],
    ["all failed", outcome(["FAILED"]), { status: "FAILED", reason: "1 of 1 pages failed" }],
    ["a failure before the first page", outcome([], "It broke"), { status: "FAILED", reason: "It broke" }],
    ["a failure later", outcome(["COMPLETE"], "It broke"), { status: "INCOMPLETE", reason: "It broke" }],
    [
      "some open for too long",
      outcome(["COMPLETE", "FAILED", "STARTED"], "", true),
      { status: "INCOMPLETE", reason: "1 of 3 pages failed; 1 of 3 pages were not finished in time" },
    ],
  ])("with %s", (_what, found, expected) => expect(found).toEqual(expected));
});
