import { expect } from "vitest";
import { activateRuleSet } from "#local/testing/mail";
import type { Work } from "#local/testing/work";
import { answersTo, askForNothing, endingOf, handIn, mailOf, ordersOf, takeAside } from "./mails.ts";

const senderOf = (id: string): string => `${id}@example.org`;
/** The ids that SES gave to the mails that were taken, by id of the work: the ledger knows no sender. */
const taken = new Map<string, string>();

export const work: Work = {
  begin: (app) => activateRuleSet(app, app.outputs["RuleSet"] ?? ""),
  tasks: {
    "an order is kept, and its sender answered": {
      // Sent again it has the same Message-ID, and is the same order.
      steps: [
        async (app, id) => void taken.set(id, await handIn(app, mailOf(senderOf(id), `2 x Blue widget\r\n1 x ${id}`))),
      ],
      async done(app, id) {
        const [order, ...others] = await ordersOf(app, senderOf(id));
        expect(others).toEqual([]);
        expect(order).toMatchObject({
          status: "ACCEPTED",
          items: [
            { itemname: "Blue widget", quantity: 2 },
            { itemname: id, quantity: 1 },
          ],
          answeredAt: expect.any(String),
        });
        expect(await endingOf(app, String(order?.["mailId"]))).toMatchObject({
          outcome: "accepted",
          orderId: order?.["orderId"],
        });
        // A mail that was refused although it had been taken makes the one that was sent for it a duplicate.
        const outcome = order?.["mailId"] === taken.get(id) ? "accepted" : "duplicate";
        expect(await endingOf(app, taken.get(id) ?? "")).toMatchObject({ outcome, orderId: order?.["orderId"] });
        // When the answer of SES itself is lost nobody knows whether the mail is under way: it is sent again.
        expect(answersTo(app, senderOf(id)).length).toBeGreaterThanOrEqual(1);
      },
      async sound(app, id) {
        const orders = await ordersOf(app, senderOf(id));
        const answers = answersTo(app, senderOf(id));
        // Nobody is told of an order that is not kept, and none is marked as answered that is not.
        for (const { subject } of answers)
          expect(orders.map(({ orderId }) => `Order ${String(orderId)} accepted`)).toContain(subject);
        for (const order of orders) if (order["answeredAt"] !== undefined) expect(answers.length).toBeGreaterThan(0);
        const ending = await endingOf(app, taken.get(id) ?? "none");
        if (ending) expect(orders.map(({ orderId }) => orderId)).toContain(ending["orderId"]);
      },
    },

    "a message that names no order to answer is put aside with its reason": {
      steps: [askForNothing],
      done: async (app, id) => expect(await takeAside(app, id)).toContain("InputInvalid"),
    },
  },
};
