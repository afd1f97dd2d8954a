/** "Setting failure thresholds for Distributed Map states in Step Functions": more than what is tolerated fails the run. */
import { describe, expect, it } from "vitest";
import { isExceeded } from "./tolerance.ts";

describe("a threshold", () => {
  it.each<[string, number, number, number | undefined, number | undefined, boolean]>([
    ["nothing said: the first failure", 1, 10, undefined, undefined, true],
    ["nothing said: no failure", 0, 10, undefined, undefined, false],
    ["a count that is reached", 3, 10, 3, undefined, false],
    ["a count that is passed", 4, 10, 3, undefined, true],
    ["a count of 0", 1, 10, 0, undefined, true],
    ["a share that is reached", 3, 10, undefined, 30, false],
    ["a share that is passed", 4, 10, undefined, 30, true],
    ["a share of 0", 1, 1_000, undefined, 0, true],
    ["a share of 100: all may fail", 10, 10, undefined, 100, false],
    ["a share that is a fraction", 1, 3, undefined, 33.3, true],
    ["both: the count is passed", 4, 100, 3, 50, true],
    ["both: the share is passed", 3, 5, 10, 50, true],
    ["both: neither is passed", 2, 5, 10, 50, false],
    ["both, one of them 0: the smaller one counts", 1, 100, 0, 50, true],
    ["both, the other one 0", 1, 100, 5, 0, true],
  ])("%s", (_name, failed, total, count, percentage, expected) => {
    const limits = { toleratedFailureCount: count ?? 0, toleratedFailurePercentage: percentage ?? 0 };
    const bounds = { byCount: count !== undefined, byPercentage: percentage !== undefined };
    expect(isExceeded(failed, total, limits, bounds)).toBe(expected);
  });

  it("may be set while the run goes on, where the definition has none (UpdateMapRun)", () => {
    const neither = { byCount: false, byPercentage: false };
    expect(isExceeded(2, 10, { toleratedFailureCount: 2, toleratedFailurePercentage: 0 }, neither)).toBe(false);
    expect(isExceeded(2, 10, { toleratedFailureCount: 0, toleratedFailurePercentage: 20 }, neither)).toBe(false);
  });
});
