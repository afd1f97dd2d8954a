import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestOf, type Offer } from "./quote.ts";

const offer = (responder: string, amountMinor: number, receivedAt: string): Offer => ({
  responder,
  receivedAt,
  quote: { amountMinor, currency: "EUR" },
});
const offers = fc.uniqueArray(
  fc
    .tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer({ min: 1, max: 5 }), fc.constantFrom("10", "11", "12"))
    .map((given) => offer(...given)),
  { selector: ({ responder }) => responder },
);

describe("the best offer", () => {
  it("is the cheapest; of equals the first", () => {
    expect(bestOf([offer("a", 3, "10"), offer("b", 2, "12"), offer("c", 2, "11")])).toMatchObject({ responder: "c" });
    expect(bestOf([])).toBeUndefined();
  });

  it("does not depend on the order in which offers are read, and nobody is cheaper", () => {
    fc.assert(
      fc.property(offers, (given) => {
        const best = bestOf(given);
        expect(bestOf(given.toReversed())).toEqual(best);
        for (const { quote } of given) expect(quote.amountMinor).toBeGreaterThanOrEqual(best?.quote.amountMinor ?? 0);
      }),
    );
  });
});
