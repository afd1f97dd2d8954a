import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../clock/virtual-clock.ts";
import { Throttle } from "./throttle.ts";

describe("a token bucket", () => {
  it("never lets through more than its burst and what flowed in", async () => {
    const waits = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 40 });
    const limits = fc.record({ rate: fc.integer({ min: 0, max: 5 }), burst: fc.integer({ min: 0, max: 5 }) });
    await fc.assert(
      fc.asyncProperty(waits, limits, async (milliseconds, limit) => {
        const clock = new VirtualClock(() => {}, 0);
        const throttle = new Throttle(clock);
        let passed = 0;
        for (const wait of milliseconds) {
          await clock.advance(wait);
          if (throttle.take("a", limit)) passed++;
          expect(passed).toBeLessThanOrEqual(limit.burst + (clock.now() / 1000) * limit.rate + 1e-9);
        }
        clock.stop();
      }),
      { numRuns: 30 },
    );
  });

  it("is another one for another key, and full again when its limit changes", () => {
    const throttle = new Throttle(new VirtualClock(() => {}, 0));
    const one = { rate: 1, burst: 1 };
    expect([throttle.take("a", one), throttle.take("a", one), throttle.take("b", one)]).toEqual([true, false, true]);
    expect(throttle.take("a", { rate: 1, burst: 2 })).toBe(true);
  });
});
