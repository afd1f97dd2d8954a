import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { traceOf } from "./trace-header.ts";

const ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn";
const UUID = "01234567-89ab-4cde-8fab-0123456789ab";
const NOW = 0x70000000 * 1000;
const trace = (incoming: string | undefined, arn = ARN, isTraced = true) => traceOf(incoming, arn, isTraced, NOW, UUID);

describe("the trace header of an invocation", () => {
  it("begins a trace", () => {
    expect(trace(undefined).header).toMatch(
      /^Root=1-70000000-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1;Lineage=[0-9a-f]{8}:1$/,
    );
    expect(trace(undefined, ARN, false).header).toContain("Sampled=0");
  });

  it("goes on with the caller's trace, and its decision to sample", () => {
    const { header } = trace("Root=1-5-abc;Parent=def;Sampled=0");
    expect(header).toMatch(/^Root=1-5-abc;Parent=(?!def)/);
    expect(header).toContain("Sampled=0");
  });

  it("counts how often a function is in the chain, each function for itself", () => {
    let header: string | undefined;
    for (let round = 1; round <= 20; round++) {
      const own = trace(header);
      expect(own.occurrences).toBe(round);
      const other = trace(own.header, `${ARN}-2`);
      expect(other.occurrences).toBe(round);
      ({ header } = other);
    }
  });

  it("bears any header", () => {
    fc.assert(
      fc.property(fc.string(), (incoming) => {
        const { header, occurrences } = trace(incoming);
        expect(header).toMatch(/;Parent=[0-9a-f]{16};/);
        expect(occurrences).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
