import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import type { Step, Task, Work } from "#local/testing/work";
import { priceAt } from "../src/market/price.ts";
import { type Side, tradeOf } from "../src/trades/trade.ts";
import { type Machine, openExchange } from "./exchange.ts";

const BUY_UP_TO = 50;
const sideAt = (price: number): Side => (price <= BUY_UP_TO ? "buy" : "sell");

/** As the workflows name an order. */
const tradeIdOf = (orderId: string): string => createHash("sha256").update(orderId).digest("hex").slice(0, 32);

/** A share that is to be bought, or sold, at this moment's price of the sample market. */
function shareTo(side: Side, app: LocalApp): string {
  const now = app.cloud.clock.now();
  for (let letter = "A".charCodeAt(0); ; letter++) {
    const symbol = String.fromCharCode(letter);
    if (sideAt(priceAt({ seed: "market", symbol, now })) === side) return symbol;
  }
}

const order =
  (machine: Machine, name: string, side: Side): Step =>
  async (app, id) =>
    void (await openExchange(app).start(machine, { orderId: id + name, symbol: shareTo(side, app) }));

/** Dearer than the market's shares ever are. */
const OTHER_PRICE = 1_000;

/** Somebody else trades under the id of an order, before it is placed. */
const tradeBefore =
  (name: string): Step =>
  async (app, id) => {
    const body = JSON.stringify({ id: tradeIdOf(id + name), stock_price: OTHER_PRICE });
    const event = { ...(app.sample("buy-stock.json") as object), body };
    const { statusCode } = (await app.invoke("BuyStock", event)) as { readonly statusCode: number };
    if (statusCode !== 200) throw new Error(`The trade was answered ${statusCode}`);
  };

/** For which moment the schedule was told to fire, by the id of the work. */
const moments = new Map<string, string>();

/** Somebody has the schedule fire once more, in a minute. */
const schedule: Step = async (app, id) => {
  const scheduler = app.client(SchedulerClient);
  const { Target, FlexibleTimeWindow } = await scheduler.send(
    new GetScheduleCommand({ Name: app.resource("TradeSchedule") }),
  );
  const moment = new Date(app.cloud.clock.now() + 60_000).toISOString().slice(0, 19);
  moments.set(id, moment);
  await scheduler.send(
    new CreateScheduleCommand({
      Name: id,
      ScheduleExpression: `at(${moment})`,
      ActionAfterCompletion: "DELETE",
      FlexibleTimeWindow,
      Target,
    }),
  );
};

interface Orders {
  readonly machine: Machine;
  readonly steps: Task["steps"];
  /** How the orders are named. */
  readonly names: (id: string) => readonly string[];
}

/** Each order is recorded as traded, and just as it is in the broker's book, which has it once. */
const orders = ({ machine, steps, names }: Orders): Task => ({
  steps,
  async sound(app, id) {
    for (const name of names(id)) {
      const row = await openExchange(app).order(tradeIdOf(name));
      if (row?.["Status"] === "TRADED") expect(row).toMatchObject(await inTheBook(app, name));
      if (row?.["Status"] === "FAILED") expect(await openExchange(app).trade(tradeIdOf(name))).toBeUndefined();
    }
  },
  async done(app, id) {
    for (const name of names(id))
      expect(await openExchange(app).order(tradeIdOf(name))).toMatchObject({
        Status: "TRADED",
        ...(await inTheBook(app, name)),
      });
  },
  // The price for which an order was placed does not hold for as long as an outage: whether to trade at a later one, a person decides.
  async again(app, id) {
    const exchange = openExchange(app);
    for (const orderId of names(id)) {
      const { Status, Symbol: symbol } = (await exchange.order(tradeIdOf(orderId))) ?? {};
      if (Status === "FAILED") await exchange.start(machine, { orderId, symbol });
    }
  },
});

/** What the order's row has to say. Throws where there is no trade, or none that comes of the order. */
async function inTheBook(app: LocalApp, orderId: string): Promise<Record<string, unknown>> {
  const id = tradeIdOf(orderId);
  const trade = await openExchange(app).trade(id);
  const price = Number(trade?.["price"]);
  const type = price === OTHER_PRICE ? "buy" : sideAt(price);
  const timestamp = String(trade?.["timestamp"]);
  expect(trade).toEqual(tradeOf({ id, stock_price: price }, type, new Date(timestamp)));
  return { Type: type, Price: price, Quantity: Number(trade?.["qty"]), Timestamp: timestamp };
}

export const work: Work = {
  tasks: {
    "a cheap share is bought, a dear one is sold, and the schedule trades": orders({
      machine: "TradeStock",
      steps: [order("TradeStock", "cheap", "buy"), order("TradeStock", "dear", "sell"), schedule],
      names: (id) => [`${id}cheap`, `${id}dear`, `schedule-${moments.get(id)}Z`],
    }),
    "a broker trades later, and tells that an order has traded something else": orders({
      machine: "TradeStockLater",
      steps: [
        order("TradeStockLater", "later", "buy"),
        tradeBefore("changed"),
        order("TradeStockLater", "changed", "sell"),
      ],
      names: (id) => [`${id}later`, `${id}changed`],
    }),
  },
};
