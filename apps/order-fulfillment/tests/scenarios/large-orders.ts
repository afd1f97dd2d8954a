/** Orders that are too long for a state. */
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { beforeEach, describe, expect, it } from "vitest";
import { line, order, type Shop } from "../shop.ts";

const LIMIT_BYTES = 262_144;

export function largeOrders(opened: () => Shop): void {
  let shop: Shop;
  beforeEach(() => void (shop = opened()));
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
  /** Articles of one order. */
  const skusOf = (orderId: string) => upTo(40).map((number) => `${orderId}-${number}`);
  const lines = (orderId: string, count: number, more = {}) =>
    upTo(count).map((index) => line(`line-${index}`, `${orderId}-${index % 40}`, more));
  const stockUp = async (orderId: string, each: number) => {
    await shop.shelve(Object.fromEntries(skusOf(orderId).map((sku) => [sku, each])));
  };

  describe("an order of 10,000 lines", () => {
    it("travels through S3 and a distributed Map, and is paid to the cent", async () => {
      await stockUp("vast", 250);
      const calls: string[] = [];
      const stop = shop.app.cloud.dispatcher.observe(({ operation }) => void calls.push(operation));
      await shop.upload(order("vast", lines("vast", 10_000, { unitPriceMinor: 333, weightGrams: 7 })), "vast.json");
      await shop.app.settle();
      stop();
      const [execution] = await shop.executions();
      expect(await shop.outcome(execution?.executionArn ?? "")).toMatchObject({
        output: { status: "COMPLETE", capturedMinor: 3_330_000, weightGrams: 70_000, rounds: 1 },
      });
      const stock = await Promise.all(skusOf("vast").map((sku) => shop.stockOf(sku)));
      expect(stock).toEqual(stock.map(() => ({ available: 0, locked: 0, packed: 250 })));
      expect(await shop.label("vast")).toContain("70.000 kg");
      // Where lines stand is read only when a step is repeated.
      expect(calls).not.toContain("BatchGetItem");
    }, 120_000);
  });

  describe("the limit of a payload", () => {
    const padded = (orderId: string, bytes: number) => {
      const whole = order(orderId, lines(orderId, 900, { name: "n" }));
      const missing = bytes - Buffer.byteLength(JSON.stringify(whole));
      const [first, ...others] = whole.orderItems;
      if (!first) throw new Error("no line");
      // Names have at most 200 characters: the rest is spread.
      const items = [first, ...others].map((item, index) => ({
        ...item,
        name: "n".repeat(1 + Math.min(199, Math.max(0, missing - index * 199))),
      }));
      return { ...whole, orderItems: items };
    };

    it("is a state of 256 KiB: an order of exactly that many bytes is taken as it is, and packed in batches", async () => {
      await stockUp("brimful", 23);
      const input = padded("brimful", LIMIT_BYTES);
      expect(Buffer.byteLength(JSON.stringify(input))).toBe(LIMIT_BYTES);
      const execution = await shop.submit(input);
      await shop.app.settle();
      expect(await shop.outcome(execution)).toMatchObject({ output: { status: "COMPLETE", capturedMinor: 900_000 } });
    }, 60_000);

    it("is passed by a byte: refused as a state, taken as a file", async () => {
      await stockUp("overflowing", 23);
      const input = padded("overflowing", LIMIT_BYTES + 1);
      const body = JSON.stringify(input);
      const command = new StartExecutionCommand({ stateMachineArn: shop.app.resource("FulfillOrder"), input: body });
      await expect(shop.app.client(SFNClient).send(command)).rejects.toMatchObject({ name: "ValidationException" });
      await shop.upload(input, "overflowing.json");
      await shop.app.settle();
      expect(await shop.orderRow("overflowing")).toMatchObject({ status: "COMPLETE", capturedMinor: 900_000 });
    }, 60_000);
  });

  describe("a large order of which something is missing", () => {
    it("is packed as far as goods are there, and ends with the rest when that comes", async () => {
      await shop.shelve({ "B-1": 60, "B-2": 100 });
      const items = upTo(200).map((index) => line(`line-${index}`, index % 2 === 0 ? "B-1" : "B-2"));
      await shop.upload(order("half", items), "half.json");
      await shop.app.advance(120);
      expect(await shop.orderRow("half")).toMatchObject({ status: "WAITING" });
      expect(await shop.stockOf("B-1")).toEqual({ available: 0, locked: 0, packed: 60 });
      await shop.deliver({ "B-1": 40 });
      await shop.app.settle();
      expect(await shop.orderRow("half")).toMatchObject({
        status: "COMPLETE",
        capturedMinor: 200_000,
        weightGrams: 50_000,
      });
      expect(await shop.ledgerOf("half")).toMatchObject([{}, { amountMinor: 160_000 }, { amountMinor: 40_000 }]);
    }, 60_000);
  });
}
