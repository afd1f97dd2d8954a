/**
 * All scenarios share one deployment, as its dozen functions start once then: each has orders and articles of its own, and leaves no
 * message and no fault behind.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { fulfilling } from "./scenarios/fulfilling.ts";
import { largeOrders } from "./scenarios/large-orders.ts";
import { trouble } from "./scenarios/trouble.ts";
import { openShop, type Shop } from "./shop.ts";

let app: LocalApp;
let shop: Shop;
beforeAll(async () => {
  const parameters = {
    ItemsAtATime: "2",
    BatchesAtATime: "2",
    // Before functions that nobody needs meanwhile are ended.
    LookAgainSeconds: "600",
    MaximumRounds: "3",
    AlarmEmail: "ops@example.com",
  };
  app = await deploy("order-fulfillment", { parameters });
});
afterAll(async () => {
  // Whatever went wrong in any of them.
  const logs = JSON.stringify(await Promise.all(app.functions.map((name) => app.logs(name))));
  await app[Symbol.asyncDispose]();
  for (const personal of ["Ada Byron", "Hafenstr"]) expect(logs).not.toContain(personal);
});
beforeEach(() => void (shop = openShop(app)));
afterEach(async () => expect(await shop.imbalances()).toEqual([]));

describe("an order", () => void fulfilling(() => shop));
describe("a large order", () => void largeOrders(() => shop));
describe("trouble", () => void trouble(() => shop));
