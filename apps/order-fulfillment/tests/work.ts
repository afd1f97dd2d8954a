import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { lookAtMessages } from "#local/testing/messages";
import type { Step, Work } from "#local/testing/work";
import type { Line } from "../src/order/order.ts";
import { imbalances, line, openShop, order, type OrderRow, type Shop } from "./shop.ts";

interface Wish {
  lines(id: string): readonly Line[];
  /** Ids of the lines that nobody ever delivers. */
  readonly missing: readonly string[];
}

/** There is plenty of it. */
const STAPLE = "STAPLE";
const small: Wish = { lines: (id) => [line("1", `${id}-EARLY`), line("2", `${id}-LATE`)], missing: [] };
/** Longer than a state may be, also when it is looked for goods again. */
const large: Wish = {
  lines: (id) => [line("1", STAPLE), ...["2", "3", "4"].map((lineId) => line(lineId, `${id}-NONE`))],
  missing: ["2", "3", "4"],
};

const deliver = (app: LocalApp, sku: string, quantity: number, delaySeconds = 0): Promise<void> =>
  openShop(app).announce([{ deliveryId: sku, sku, quantity }], delaySeconds);

const ENDED = ["COMPLETE", "PARTIAL", "CANCELLED", "FAILED"];
const anewOf = (id: string): string => `${id}-anew`;

/** As the README says: what an order did not get, and says why, was given back. It is ordered anew under another id. */
const orderAnew =
  ({ lines }: Wish): Step =>
  async (app, id) => {
    const shop = openShop(app);
    const { status = "", reason = "" } = (await shop.orderRow(id)) ?? {};
    if (!ENDED.includes(status) || reason === "") return;
    const states = await shop.lineStates(id);
    const items = lines(id).filter(({ lineId }) => states[lineId] !== "PACKED");
    await shop.submit(order(anewOf(id), items));
  };

/** The order, and the one by which the rest was ordered anew. */
async function ordersOf(shop: Shop, id: string): Promise<readonly OrderRow[]> {
  const rows = await Promise.all([id, anewOf(id)].map((orderId) => shop.orderRow(orderId)));
  return rows.filter((row) => row !== undefined);
}

/** At every moment all goods and all money balance, and of an order that has ended each paid parcel has its label. */
const sound: Step = async (app, id) => {
  expect(await imbalances(app)).toEqual([]);
  const shop = openShop(app);
  for (const { orderId, status } of await ordersOf(shop, id))
    if (ENDED.includes(status))
      for (const { entry } of await shop.ledgerOf(orderId)) {
        const [kind, round] = entry.split("#");
        if (kind === "capture") expect(await shop.label(orderId, Number(round))).toContain(`Order ${orderId},`);
      }
};

/** What could be had was packed once and so paid once, what could not was cancelled, and nothing failed in the end. */
const isFulfilled =
  ({ lines, missing }: Wish): Step =>
  async (app, id) => {
    const shop = openShop(app);
    const orders = await ordersOf(shop, id);
    for (const { status } of orders) expect(ENDED).toContain(status);
    const states = await Promise.all(orders.map(({ orderId }) => shop.lineStates(orderId)));
    const last = states.at(-1) ?? {};
    const packed = Object.values(last).filter((status) => status === "PACKED").length;
    const status = packed === 0 ? "CANCELLED" : packed === Object.keys(last).length ? "COMPLETE" : "PARTIAL";
    expect(orders.at(-1)).toMatchObject({ status, reason: "" });
    for (const { lineId } of lines(id)) {
      const isMissing = missing.includes(lineId);
      if (isMissing) expect(last[lineId]).toBe("CANCELLED");
      expect(states.filter((each) => each[lineId] === "PACKED")).toHaveLength(isMissing ? 0 : 1);
    }
    await sound(app, id);
  };

/** The messages of a queue that tell of something. */
const lettersOf = async (app: LocalApp, queue: string, text: string) =>
  (await lookAtMessages(app.cloud, app.resource(queue))).filter(({ Body = "" }) => Body.includes(text));

export const work: Work = {
  parameters: {
    InlineLines: "2",
    ItemsAtATime: "1",
    BatchesAtATime: "1",
    // What never comes is given up while functions are still warm.
    LookAgainSeconds: "600",
    MaximumRounds: "2",
  },
  begin: (app) => deliver(app, STAPLE, 10_000),
  tasks: {
    "a small order is packed as far as goods are there, and ends when the others come": {
      steps: [
        (app, id) => deliver(app, `${id}-EARLY`, 1),
        async (app, id) => {
          await openShop(app).submit(order(id, small.lines(id)));
          // While the order waits, and soon, so that a delivery that fails is tried again before the order stops waiting.
          await deliver(app, `${id}-LATE`, 1, 60);
        },
        orderAnew(small),
      ],
      sound,
      done: isFulfilled(small),
    },

    "a large order travels through S3, and what never comes is cancelled": {
      steps: [(app, id) => openShop(app).upload(order(id, large.lines(id)), `${id}.json`), orderAnew(large)],
      sound,
      done: isFulfilled(large),
    },

    "an order whose card lapses is released": {
      steps: [
        async (app, id) =>
          void (await openShop(app).submit(order(id, [line("1", STAPLE)], { paymentToken: "tok_lapsing" }))),
      ],
      sound,
      async done(app, id) {
        const shop = openShop(app);
        expect(await shop.orderRow(id)).toMatchObject({ status: "FAILED", capturedMinor: 0 });
        expect(Object.values(await shop.lineStates(id)).filter((status) => status !== "RELEASED")).toEqual([]);
        expect(await shop.ledgerOf(id)).toMatchObject([{ state: "VOIDED", remainingMinor: 0 }]);
        await sound(app, id);
      },
    },

    "what is no order and what is no delivery is put aside": {
      steps: [
        async (app, id) => {
          await openShop(app).upload(`{${id}`, `${id}.json`);
          await deliver(app, id, 0);
        },
      ],
      async done(app, id) {
        const [refused] = await lettersOf(app, "ParkedOrders", `"incoming/${id}.json"`);
        expect(refused?.Body).toContain("OrderUnreadable");
        const [delivery] = await lettersOf(app, "DeadLetters", `"${id}"`);
        expect(delivery?.MessageAttributes?.["error"]?.StringValue).toBe("InputInvalid");
      },
    },
  },
};
