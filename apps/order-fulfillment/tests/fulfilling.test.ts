import { GetExecutionHistoryCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deploy } from "#local/testing";
import { imbalances, line, openShop, order, type Shop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = openShop(await deploy("order-fulfillment", { parameters: { LookAgainSeconds: "3600", MaximumRounds: "3" } }));
});
afterAll(() => shop.app[Symbol.asyncDispose]());
afterEach(async () => expect(await imbalances(shop.app)).toEqual([]));
const settle = () => shop.app.settle();
const run = async (input: object) => {
  const execution = await shop.submit(input);
  await settle();
  return shop.outcome(execution);
};

describe("an order whose items are there", () => {
  it("is authorised as a whole, packed, captured and labelled with its weight", async () => {
    await shop.deliver({ KETTLE: 5, CUP: 10 });
    const items = [
      line("1", "KETTLE", { unitPriceMinor: 2_499, weightGrams: 1_200 }),
      line("2", "CUP", { quantity: 4 }),
    ];
    expect(await run(order("all-there", items))).toMatchObject({
      status: "SUCCEEDED",
      output: { status: "COMPLETE", capturedMinor: 6_499, weightGrams: 2_200, rounds: 1 },
    });
    expect(await shop.lineStates("all-there")).toEqual({ "1": "PACKED", "2": "PACKED" });
    expect(await shop.stockOf("CUP")).toEqual({ available: 6, locked: 0, packed: 4 });
    expect(await shop.ledgerOf("all-there")).toMatchObject([
      { entry: "authorization", authorizedMinor: 6_499, remainingMinor: 0, currency: "EUR" },
      { entry: "capture#0001", amountMinor: 6_499 },
    ]);
    const label = await shop.label("all-there");
    expect(label).toContain("2.200 kg");
    expect(label).toContain("Ada Byron");
  });
});
