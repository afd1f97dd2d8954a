import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";
import type { Process } from "../src/fare/fare.ts";
import { type Office, open, openOffice } from "./rides.ts";

/** One fare that comes through, and one that is refused at the last step. */
const thereAndBack = (process: Process) => async (app: LocalApp, id: string) => {
  const office = openOffice(app);
  await office.submit(id, process, { customer: id });
  await office.submit(`${id}no`, process, { customer: id, paymentToken: "tok_fail_credit" });
  await app.settle();
  expect(await office.fareOf(id)).toMatchObject({ status: "completed" });
  expect(await office.balanceOf(id)).toBe(2_000);
  expect(await office.paymentOf(`${id}no`)).toMatchObject({ state: "REFUNDED" });
  const no = await office.fareOf(`${id}no`);
  expect(no).toMatchObject({ status: "failed", reason: expect.stringContaining("CreditRefused") });
  await expectNotice(office, "CompletedFares", id);
  await expectNotice(office, "FailedFares", `${id}no`);
  // A sign that nothing had to be helped along.
  expect(await office.parked()).not.toContain(id);
  return office;
};
const expectNotice = async (office: Office, queue: "CompletedFares" | "FailedFares", fareId: string) =>
  expect(await office.notices(queue)).toContainEqual(expect.objectContaining({ fareId }));

const executionLogs = [
  ...["CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries"],
  ...["PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"],
];

proofs("ride-fares", {
  parameters: { ...open, QuoteQuorum: "3" },
  uses: {
    "a fare passes the pipes, and another comes back": async (app, id) => {
      const office = await thereAndBack("pipes")(app, id);
      await office.enter(`${id}early`, "pipes", "registered");
      await office.send("FaresToUndo", { fareId: `${id}early`, reason: "before anything was done" });
      await app.settle();
      expect(await office.fareOf(`${id}early`)).toMatchObject({ status: "failed" });
    },
    "a fare passes the choreography, and another comes back": async (app, id) => {
      const office = await thereAndBack("choreography")(app, id);
      await office.enter(`${id}early`, "choreography", "registered");
      await office.tell("Fare Refused", { fareId: `${id}early`, reason: "before anything was done" });
      await app.settle();
      expect(await office.fareOf(`${id}early`)).toMatchObject({ status: "failed" });
    },
    "a fare passes the saga, and another comes back": async (app, id) => {
      const office = await thereAndBack("saga")(app, id);
      await office.send("RidesToStart", { fareId: id, attempt: 1 });
      await app.settle();
      expect(await office.outcomes(id)).toMatchObject([{ status: "SUCCEEDED" }, { status: "SUCCEEDED" }]);
      expect(await app.invoke("PaymentRefund", { fareId: `${id}early` })).toMatchObject({ payment: "VOIDED" });
    },
    "refunds that are outstanding are parked, handed back and made": async (app, id) => {
      const office = openOffice(app);
      const fares = (["pipes", "choreography", "saga"] as const).map(
        (process) => [`${id}${process}`, process] as const,
      );
      for (const [fareId, process] of fares)
        await office.submit(fareId, process, { paymentToken: "tok_fail_credit_refund" });
      await app.settle();
      const parked = await office.parked();
      for (const [fareId] of fares) expect(parked).toContain(fareId);
      for (const [fareId] of fares) await office.allowRefund(fareId);
      await office.redrive();
      await app.settle();
      for (const [fareId] of fares) expect(await office.fareOf(fareId)).toMatchObject({ status: "failed" });
    },
    "what is no message is put aside with its reason, and what is no event is parked": async (app, id) => {
      const office = openOffice(app);
      const poison = { fareId: `!${id}`, "rfq-id": id };
      const queues = ["RidesToStart", "FaresToRegister", "FaresToCharge", "FaresToCredit", "FaresToUndo"];
      for (const queue of [...queues, "FaresToClose", "QuotesToCollect", "PromptResponder"])
        await office.send(queue, { ...poison, queue });
      const reactions = ["Ride Completed", "Fare Registered", "Fare Charged"];
      for (const type of [...reactions, "Fare Refused", "Fare Credited"]) await office.tell(type, { ...poison, type });
      await app.settle();
      const dead = (await app.messages("DeadLetters")).filter(
        ({ Body = "", MessageAttributes = {} }) => Body.includes(id) && "reason" in MessageAttributes,
      );
      for (const name of [...queues, "FaresToClose", "QuotesToCollect", "PromptResponder", ...reactions])
        expect(dead.some(({ Body = "" }) => Body.includes(`"${name}"`))).toBe(true);
      const parked = await app.messages("ParkedFares");
      for (const type of ["Fare Refused", "Fare Credited"])
        expect(parked.some(({ Body = "" }) => Body.includes(id) && Body.includes(`"type":"${type}"`))).toBe(true);
    },
    "quotes are gathered until there are enough, or until it is time": async (app, id) => {
      const office = openOffice(app);
      const [enough, few] = [
        await office.requestQuotes({ customer: id }),
        await office.requestQuotes({ customer: id }),
      ];
      await office.quote(enough, id, 100);
      await app.settle();
      expect(await office.quotes(enough)).toMatchObject({
        closedBy: "QUORUM",
        bestOffer: { responder: id },
        late: ["slow"],
      });
      expect(await office.quotes(few)).toMatchObject({ closedBy: "DEADLINE", bestOffer: { responder: "choosy" } });
      expect(await office.requestRow(few)).toMatchObject({ status: "CLOSED", closedBy: "DEADLINE" });
    },
  },
  spare: Object.fromEntries(
    ["ProcessFareRole", "GatherQuotesRole"].flatMap((role) =>
      executionLogs.map((action) => [`${role} logs:${action}`, "execution logs need it in an account"]),
    ),
  ),
});
