import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantityOf } from "../trades/trade.ts";
import { priceAt } from "./price.ts";

describe("a price", () => {
  const moment = fc.record({ seed: fc.string(), symbol: fc.string(), now: fc.nat() });

  it("is a whole number from 1 to 100, the same for the same seed, share and minute", () =>
    fc.assert(
      fc.property(moment, (at) => {
        const price = priceAt(at);
        expect(Number.isInteger(price) && price >= 1 && price <= 100).toBe(true);
        expect(priceAt({ ...at, now: Math.floor(at.now / 60_000) * 60_000 })).toBe(price);
      }),
    ));

  it("differs by seed, share and minute", () => {
    const minutes = Array.from({ length: 300 }, (_, minute) =>
      priceAt({ seed: "s", symbol: "A", now: minute * 60_000 }),
    );
    expect(new Set(minutes).size).toBeGreaterThan(80);
    expect(Math.min(...minutes)).toBeLessThanOrEqual(2);
    expect(Math.max(...minutes)).toBeGreaterThanOrEqual(99);
  });
});

describe("a quantity", () => {
  it("is 1 to 10 shares, the same for the same order", () =>
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(quantityOf(id)).toBe(quantityOf(id));
        expect(quantityOf(id) >= 1 && quantityOf(id) <= 10).toBe(true);
      }),
    ));
});
