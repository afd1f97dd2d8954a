import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy } from "#local/testing";
import { imbalances, openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = openShop(await deploy("order-fulfillment"));
});
afterAll(() => shop.app[Symbol.asyncDispose]());
const invoke = (name: string, file: string) => shop.app.invoke(name, shop.app.sample(file));

describe("the sample events", () => {
  it("play an order of two cups from its check to its release, in the order of the workflow", async () => {
    await invoke("ReceiveStock", "receive-stock.json");
    expect(await invoke("CheckOrder", "check-order.json")).toMatchObject({ isMine: true, totalMinor: 700 });
    expect(await invoke("AuthorizePayment", "authorize-payment.json")).toEqual({
      authorizedMinor: 700,
      currency: "EUR",
    });
    expect(await invoke("LockLines", "lock-lines.json")).toMatchObject({ locked: [{ lineId: "1" }], pending: 0 });
    expect(await shop.stockOf("CUP")).toEqual({ available: 8, locked: 2, packed: 0 });
    await invoke("PullLines", "pull-lines.json");
    expect(await invoke("PackLines", "pack-lines.json")).toEqual({ packed: 1, amountMinor: 700, weightGrams: 240 });
    // The sample tells of a second line, which is pending.
    expect(await invoke("SumUp", "sum-up.json")).toMatchObject({ packed: 1, pending: 1, failed: 0 });
    expect(await invoke("CapturePayment", "capture-payment.json")).toEqual({ capturedMinor: 700 });
    expect(await invoke("PrintLabel", "print-label.json")).toEqual({ key: "o-1001/1.svg" });
    expect(await invoke("PlanRound", "plan-round.json")).toMatchObject({ count: 0 });
    expect(await invoke("VoidPayment", "void-payment.json")).toEqual({ capturedMinor: 700, capturedRounds: [1] });
    expect(await invoke("ReleaseLines", "release-lines.json")).toEqual({ released: 1 });
    expect(await imbalances(shop.app)).toEqual([]);
  });

  it.each([
    ["CheckOrder", "check-order.bad.json", "orderItems[0].quantity"],
    ["AuthorizePayment", "authorize-payment.bad.json", "orderId: has the wrong form"],
    ["LockLines", "lock-lines.bad.json", "lines"],
    ["PullLines", "pull-lines.bad.json", "round"],
    ["PackLines", "pack-lines.bad.json", "lines[0].weightGrams"],
    ["SumUp", "sum-up.bad.json", "results"],
    ["CapturePayment", "capture-payment.bad.json", "amountMinor"],
    ["PrintLabel", "print-label.bad.json", "weightGrams: missing"],
    ["PlanRound", "plan-round.bad.json", "round: missing"],
    ["VoidPayment", "void-payment.bad.json", "orderId: missing"],
    ["ReleaseLines", "release-lines.bad.json", "to:"],
  ])("of bad input to %s are refused by field", async (name, file, message) => {
    await expect(invoke(name, file)).rejects.toThrow(message);
  });

  it("of a delivery of nothing are put aside with the reason", async () => {
    await invoke("ReceiveStock", "receive-stock.bad.json");
    const [dead] = await shop.app.messages("DeadLetters");
    expect(dead?.MessageAttributes?.["reason"]?.StringValue).toContain("body.quantity");
  });
});
