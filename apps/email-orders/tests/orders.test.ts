import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalApp } from "#local/testing";
import { answersTo, deployShop, endingOf, mailOf, ordersOf, send } from "./mails.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await deployShop();
});
afterAll(() => app[Symbol.asyncDispose]());

describe("an order", () => {
  it("of several items is taken and answered with its number", async () => {
    const mail = await send(app, mailOf("Ann <ann@example.org>", "Hello,\r\n2 x Blue widget\r\n1 x Red widget\r\n"));
    const [order, ...others] = await ordersOf(app, "ann@example.org");
    expect(others).toEqual([]);
    expect(order).toMatchObject({
      status: "ACCEPTED",
      items: [
        { itemname: "Blue widget", quantity: 2 },
        { itemname: "Red widget", quantity: 1 },
      ],
      answeredAt: expect.any(String),
    });
    expect(await endingOf(app, mail)).toMatchObject({ outcome: "accepted", orderId: order?.["orderId"] });
    expect(answersTo(app, "ann@example.org")).toMatchObject([
      { subject: `Order ${String(order?.["orderId"])} accepted`, text: expect.stringContaining("2 x Blue widget") },
    ]);
  });
});
