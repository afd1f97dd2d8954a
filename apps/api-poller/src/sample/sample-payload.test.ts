import { describe, expect, it } from "vitest";
import { sampleMood, samplePage } from "./sample-payload.ts";

describe("the sample partner", () => {
  it.each([
    [0, 10, 10_000, 10, 0],
    [0, 500, 10_000, 100, 0],
    [9_950, 100, 10_000, 50, 9_950],
    [10_000, 100, 10_000, 0, undefined],
    [20_000, 100, 10_000, 0, undefined],
    [0, 0, 10_000, 0, undefined],
  ])("from %i gives %i of %i as %i records", (startAt, count, total, length, firstId) => {
    const { payload, totalRecords, maxRecordsPerPage } = samplePage(startAt, count, total);
    expect([payload.length, payload[0]?.id, totalRecords, maxRecordsPerPage]).toEqual([length, firstId, total, 100]);
  });

  it("fails a share of its requests and delays all of them", () => {
    const settings = { totalRecords: 1, failurePercentage: 10, longestDelayMs: 1_000 };
    expect(sampleMood(settings, 0.25, 0.0999)).toEqual({ delayMs: 250, fails: true });
    expect(sampleMood(settings, 1, 0.1)).toEqual({ delayMs: 1_000, fails: false });
    expect(sampleMood({ ...settings, failurePercentage: 100 }, 0, 0.999).fails).toBe(true);
    expect(sampleMood({ ...settings, failurePercentage: 0 }, 0, 0).fails).toBe(false);
  });
});
