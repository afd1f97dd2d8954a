import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("stock-trader", { parameters: { FixedPrice: "42" } });
});
afterAll(() => app[Symbol.asyncDispose]());
const answered = async (name: string, file: string) => {
  const { statusCode, body } = (await app.invoke(name, app.sample(file))) as { statusCode: number; body: string };
  return { statusCode, body: JSON.parse(body) as Record<string, unknown> };
};

describe("the sample events", () => {
  it("check a price, buy, sell, read back, order for later and settle", async () => {
    expect(await answered("CheckPrice", "check-price.json")).toMatchObject({
      body: { symbol: "ACME", stock_price: 42 },
    });
    expect(await answered("BuyStock", "buy-stock.json")).toMatchObject({ statusCode: 200, body: { type: "buy" } });
    expect(await answered("SellStock", "sell-stock.json")).toMatchObject({ statusCode: 200, body: { type: "sell" } });
    expect(await answered("ReadTrade", "read-trade.json")).toMatchObject({ body: { type: "buy", price: "42" } });
    expect(await answered("AcceptOrder", "accept-order.json")).toMatchObject({ statusCode: 202 });
    expect(await app.invoke("SettleOrder", app.sample("settle-order.json"))).toMatchObject({ batchItemFailures: [] });
  });

  it("sell what was bought: another order under a known id is a conflict", async () => {
    await answered("BuyStock", "buy-stock.json");
    expect(await answered("SellStock", "buy-stock.json")).toMatchObject({ statusCode: 409 });
  });

  it.each([
    ["CheckPrice", "check-price.bad.json", "query.symbol"],
    ["BuyStock", "buy-stock.bad.json", "body.stock_price: missing"],
    ["SellStock", "sell-stock.bad.json", "body.stock_price"],
    ["ReadTrade", "read-trade.bad.json", "path.id"],
    ["AcceptOrder", "accept-order.bad.json", "headers.tasktoken: missing"],
  ])("of bad input to %s are refused by field", async (name, file, message) => {
    const { statusCode, body } = await answered(name, file);
    expect(statusCode).toBe(400);
    expect(JSON.stringify(body)).toContain(message);
  });

  it("of an order that is none are put aside with the reason", async () => {
    await app.invoke("SettleOrder", app.sample("settle-order.bad.json"));
    const dead = await app.messages("DeadLetters");
    expect(dead.map(({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue).join()).toContain(
      "body.type",
    );
  });
});
