import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawLabel, kilograms } from "../label/label.ts";
import { isOpen, type Move, stockChanges, STATUSES, transactionsOf } from "../stock/moves.ts";
import { amountOf, digestOf, type Line, type Order, totalOf } from "./order.ts";
import { addUp, summaryOfPacked } from "./summary.ts";

const line = (lineId: string, more: Partial<Line> = {}): Line => ({
  lineId,
  sku: "CUP",
  name: "Cup",
  quantity: 2,
  unitPriceMinor: 350,
  weightGrams: 120,
  ...more,
});
const shipTo = { name: "A <B> & C", street: "1\u0007 St", postcode: "1", city: "X", country: "Y" };
const order = (orderItems: Line[]): Order => ({ orderId: "o", currency: "EUR", paymentToken: "t", shipTo, orderItems });

describe("an order", () => {
  it("costs what its lines cost", () => expect(totalOf(order([line("1"), line("2", { quantity: 1 })]), 2)).toBe(1_050));

  it.each([
    ["too many lines", [line("1"), line("2"), line("3")], "orderItems: more than 2 lines"],
    ["a line twice", [line("1"), line("1")], "orderItems[1].lineId: is there twice"],
    [
      "an absurd total",
      [line("1", { quantity: 100_000, unitPriceMinor: 1_000_000_000 })],
      "orderItems: cost more than",
    ],
  ])("with %s is refused", (_name, lines, message) => expect(() => totalOf(order(lines), 2)).toThrow(message));

  it("has a digest that tells it from any other", () =>
    expect(digestOf(order([line("1")]))).not.toBe(digestOf(order([line("1", { quantity: 3 })]))));
});

describe("a summary", () => {
  it("grows with what is packed", () =>
    expect(summaryOfPacked([line("1"), line("2")])).toEqual({ packed: 2, amountMinor: 1_400, weightGrams: 480 }));

  it("counts lines that nobody tells of as failed", () => {
    const one = { ...summaryOfPacked([line("1")]), pending: 1, failed: 0, reason: "" };
    expect(addUp([one], 3)).toMatchObject({ packed: 1, pending: 1, failed: 1, reason: "1 lines have no result" });
    expect(addUp([one], 2)).toMatchObject({ failed: 0, reason: "" });
  });
});

const Status = fc.constantFrom(...STATUSES);
const Moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    line: fc
      .record({ sku: fc.constantFrom("A", "B", "constructor"), quantity: fc.integer({ min: 1, max: 9 }) })
      .map((part) => line("1", part)),
    from: fc.option(Status, { nil: undefined }),
    to: Status,
  }),
  { maxLength: 300 },
);

describe("moves of lines", () => {
  it("conserve the stock of each article, whatever moves", () =>
    fc.assert(
      fc.property(Moves, (moves) => {
        for (const { available, locked, packed } of stockChanges(moves).values())
          expect(available + locked + packed).toBe(0);
      }),
    ));

  it("are parted into transactions of at most 100 actions, in their order", () =>
    fc.assert(
      fc.property(Moves, (moves) => {
        const parts = transactionsOf(moves);
        expect(parts.flat()).toEqual(moves);
        for (const part of parts) expect(part.length + stockChanges(part).size).toBeLessThanOrEqual(100);
      }),
    ));

  it("leave what is packed and paid", () => {
    expect(isOpen({ status: "PACKED", round: 1 }, [1])).toBe(false);
    expect(isOpen({ status: "PACKED", round: 2 }, [1])).toBe(true);
    expect(isOpen({ status: "RELEASED", round: 2 }, [])).toBe(false);
  });
});

describe("a label", () => {
  it("shows the weight without rounding", () =>
    expect(["0", "7", "1250"].map(Number).map(kilograms)).toEqual(["0.000 kg", "0.007 kg", "1.250 kg"]));

  it("keeps text text", () => {
    const label = drawLabel({ orderId: "o", round: 1, lines: 1, weightGrams: amountOf(line("1")), shipTo });
    expect(label).toContain("A &lt;B&gt; &amp; C");
    expect(label).not.toContain("\u0007");
  });
});
