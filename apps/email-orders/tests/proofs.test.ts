import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";
import { activateRuleSet } from "#local/testing/mail";
import { answersTo, askForNothing, endingOf, mailOf, ordersOf, send, takeAside } from "./mails.ts";

const sendMail = async (
  app: LocalApp,
  ...mail: Parameters<typeof send> extends [unknown, ...infer Rest] ? Rest : never
) => {
  await activateRuleSet(app, app.outputs["RuleSet"] ?? "");
  return send(app, ...mail);
};

proofs("email-orders", {
  uses: {
    "an order is kept and answered": async (app, id) => {
      const sender = `${id}@example.org`;
      const mail = await sendMail(app, mailOf(sender, "2 x Blue widget"));
      expect(await ordersOf(app, sender)).toMatchObject([{ status: "ACCEPTED", answeredAt: expect.any(String) }]);
      expect(await endingOf(app, mail)).toMatchObject({ outcome: "accepted" });
      // When the answer of SES itself is lost nobody knows whether the mail is under way: it is sent again.
      expect(answersTo(app, sender).length).toBeGreaterThanOrEqual(1);
    },

    "an event that is none is put aside": async (app, id) => {
      await app.invoke("ReceiveMail", { Records: [{ eventSource: "aws:ses", ses: id }] });
      await app.settle();
      const dead = await app.messages("DeadLetters");
      expect(dead.filter(({ Body }) => Body?.includes(id)).length).toBeGreaterThan(0);
    },

    "an answer to nothing is put aside": async (app, id) => {
      await askForNothing(app, id);
      await app.settle();
      expect(await takeAside(app, id)).toContain("InputInvalid");
    },
  },
});
