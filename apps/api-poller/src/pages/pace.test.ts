import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paceOf } from "./pace.ts";

describe("a pace", () => {
  it.each([
    [undefined, { concurrency: 25, waitSeconds: 0 }],
    [100, { concurrency: 25, waitSeconds: 1 }],
    [4, { concurrency: 4, waitSeconds: 1 }],
    [2.5, { concurrency: 2, waitSeconds: 1 }],
    [0.5, { concurrency: 1, waitSeconds: 2 }],
  ])("of %s requests per second", (requestsPerSecond, pace) => expect(paceOf(requestsPerSecond, 25)).toEqual(pace));

  it("never sends more than was asked for, even if the partner answers at once", () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1_000, noNaN: true }),
        fc.integer({ min: 1, max: 1_000 }),
        (rate, most) => {
          const { concurrency, waitSeconds } = paceOf(rate, most);
          expect(concurrency / waitSeconds).toBeLessThanOrEqual(rate * (1 + 1e-9));
          expect(concurrency).toBeLessThanOrEqual(most);
          // What FetchPayload is willing to wait.
          expect(waitSeconds).toBeLessThanOrEqual(10);
        },
      ),
    ));
});
