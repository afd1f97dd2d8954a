import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batches } from "./batches.ts";
import { parseCsv } from "./csv.ts";
import { isExceeded } from "./tolerance.ts";

describe("batches", () => {
  it("hold all items in order, within both limits unless a single item is too large", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 40 })),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 200 }),
        (items, most, bytes) => {
          const result = batches(items, most, bytes);
          expect(result.flat(1)).toEqual(items);
          for (const batch of result) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(most);
            const size = batch.reduce((sum: number, item) => sum + Buffer.byteLength(JSON.stringify(item)) + 1, 0);
            expect(batch.length === 1 || size <= bytes).toBe(true);
          }
        },
      ),
    );
  });
});

describe("CSV", () => {
  it("gives back any table that was written by the rules", () => {
    const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1 }), (rows) => {
        const text = rows.map((row) => row.map(quoted).join(",")).join("\r\n");
        expect(parseCsv(text, { delimiter: ",", headers: ["a", "b"] })).toEqual(rows.map(([a, b]) => ({ a, b })));
      }),
    );
  });
});

describe("tolerance", () => {
  it("is passed by more failures than any threshold that is set", () => {
    fc.assert(
      fc.property(
        fc.nat(100),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 99 }),
        (failed, total, count, percentage) => {
          fc.pre(failed <= total);
          const limits = { toleratedFailureCount: count, toleratedFailurePercentage: percentage };
          expect(isExceeded(failed, total, limits, { byCount: true, byPercentage: true })).toBe(
            failed > count || failed * 100 > percentage * total,
          );
        },
      ),
    );
  });
});
