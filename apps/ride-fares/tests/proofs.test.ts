import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs, type Use } from "#local/testing/proofs";
import { type Process, processes, type Status } from "../src/fare/fare.ts";
import { type FareRow, type Office, open, openOffice } from "./rides.ts";

const through = async (app: LocalApp, id: string, process: Process): Promise<Office> => {
  const office = openOffice(app);
  await office.submit(id, process, { customer: id });
  await app.settle();
  expect(await office.fareOf(id)).toMatchObject({ status: "completed" });
  expect(await office.balanceOf(id)).toBe(2_000);
  expect(await office.notices("CompletedFares")).toContainEqual(expect.objectContaining({ fareId: id }));
  return office;
};

/** A fare that is refused at the last step at which it can be. */
const back = async (app: LocalApp, id: string, process: Process): Promise<Office> => {
  const office = openOffice(app);
  await office.submit(id, process, { customer: id, paymentToken: "tok_fail_credit" });
  await app.settle();
  expect(await office.fareOf(id)).toMatchObject({ status: "failed", reason: expect.stringContaining("CreditRefused") });
  expect(await office.paymentOf(id)).toMatchObject({ state: "REFUNDED" });
  expect(await office.notices("FailedFares")).toContainEqual(expect.objectContaining({ fareId: id }));
  return office;
};

/** Nothing was done for it yet: what is still to come has to come too late. */
const early = async (app: LocalApp, id: string, process: Process, refuse: (office: Office) => Promise<unknown>) => {
  const office = openOffice(app);
  await office.enter(id, process, "registered");
  await refuse(office);
  await app.settle();
  expect(await office.fareOf(id)).toMatchObject({ status: "failed" });
  expect(await office.paymentOf(id)).toMatchObject({ state: "VOIDED" });
};

/** How long work takes that meets no obstacle. */
const AT_ONCE_SECONDS = 5;

/** A missing grant shows at once, and what it has stopped goes on when the grant is back: nobody waits for the last of many tries. */
const endsAtOnce = (app: LocalApp, id: string, status: Status): Promise<FareRow> =>
  app.eventually(async () => {
    const fare = await openOffice(app).fareOf(id);
    return fare?.status === status ? fare : undefined;
  }, AT_ONCE_SECONDS);

const executionLogs = [
  "CreateLogDelivery",
  "GetLogDelivery",
  "UpdateLogDelivery",
  "DeleteLogDelivery",
  "ListLogDeliveries",
  "PutResourcePolicy",
  "DescribeResourcePolicies",
  "DescribeLogGroups",
];

proofs("ride-fares", {
  parameters: { ...open, QuoteQuorum: "3" },
  uses: {
    "a fare passes the pipes": (app, id) => through(app, id, "pipes").then(() => {}),
    "a fare passes the choreography": (app, id) => through(app, id, "choreography").then(() => {}),
    "a fare passes the saga, and is told again": async (app, id) => {
      const office = await through(app, id, "saga");
      await office.send("RidesToStart", { fareId: id, attempt: 1 });
      await app.settle();
      expect(await office.outcomes(id)).toMatchObject([{ status: "SUCCEEDED" }, { status: "SUCCEEDED" }]);
    },
    "a fare comes back through the pipes": (app, id) => back(app, id, "pipes").then(() => {}),
    "a fare comes back through the choreography": (app, id) => back(app, id, "choreography").then(() => {}),
    "a fare comes back through the saga": (app, id) => back(app, id, "saga").then(() => {}),
    "a fare is undone before anything was done, in the pipes": (app, id) =>
      early(app, id, "pipes", (office) => office.send("FaresToUndo", { fareId: id, reason: "early" })),
    "a fare is undone before anything was done, in the choreography": (app, id) =>
      early(app, id, "choreography", (office) => office.tell("Fare Refused", { fareId: id, reason: "early" })),
    "a payment is taken back before it is made": async (app, id) =>
      expect(await app.invoke("PaymentRefund", { fareId: id })).toMatchObject({ payment: "VOIDED" }),
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
    "what is no message is put aside with its reason": async (app, id) => {
      const office = openOffice(app);
      const queues = ["RidesToStart", "FaresToUndo", "FaresToClose", "QuotesToCollect", "PromptResponder"];
      for (const queue of queues) await office.send(queue, { fareId: `!${id}`, queue });
      const reactions = ["Ride Completed", "Fare Registered", "Fare Charged"];
      for (const type of reactions) await office.tell(type, { fareId: `!${id}`, type });
      await app.settle();
      const dead = (await app.messages("DeadLetters")).filter(
        ({ Body = "", MessageAttributes = {} }) => Body.includes(id) && "reason" in MessageAttributes,
      );
      for (const name of [...queues, ...reactions])
        expect(dead.some(({ Body = "" }) => Body.includes(`"${name}"`))).toBe(true);
      // From these it would get there by way of the next queue as well.
      for (const [name, file] of [
        ["RegisterFare", "register-fare.bad.json"],
        ["ChargeFare", "charge-fare.bad.json"],
        ["CreditAccount", "credit-account.bad.json"],
      ] as const)
        expect(await app.invoke(name, app.sample(file))).toEqual({ batchItemFailures: [] });
    },
    "what is no event is parked, and a failed reaction becomes a refusal": async (app, id) => {
      const office = openOffice(app);
      await office.tell("Fare Credited", { fareId: `!${id}` });
      await office.tell("Fare Registered", { fareId: id });
      await app.settle();
      const parked = (await app.messages("ParkedFares")).map(({ Body = "" }) => Body);
      expect(parked.some((body) => body.includes(`!${id}`))).toBe(true);
      expect(parked.some((body) => body.includes(`"${id}"`) && body.includes("Fare Refused"))).toBe(true);
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
    // The short ones: each shows at once that something is missing.
    ...Object.fromEntries(
      processes.map((process): [string, Use] => [
        `a fare is completed at once by the ${process}`,
        async (app, id) => {
          await openOffice(app).submit(id, process, { customer: id });
          await endsAtOnce(app, id, "completed");
        },
      ]),
    ),
    "a parked fare starts again in the pipes": async (app, id) => {
      const office = openOffice(app);
      await office.enter(id, "pipes", "submitted");
      await office.send("RidesToStart", { fareId: id });
      await endsAtOnce(app, id, "completed");
    },
    "a fare fails at once in the pipes": async (app, id) => {
      const office = openOffice(app);
      await office.enter(id, "pipes", "registered");
      await office.send("FaresToUndo", { fareId: id, reason: "early" });
      await endsAtOnce(app, id, "failed");
    },
    "a fare fails at once in the choreography": async (app, id) => {
      const office = openOffice(app);
      await office.enter(id, "choreography", "registered");
      await office.tell("Fare Refused", { fareId: id, reason: "early" });
      await endsAtOnce(app, id, "failed");
    },
    "the saga's tasks do and undo": async (app, fareId) => {
      await openOffice(app).enter(fareId, "saga", "registered");
      for (const task of ["PaymentCharge", "AccountCredit", "AccountReverse"])
        expect(await app.invoke(task, { fareId })).toEqual({ fareId });
      expect(await app.invoke("PaymentRefund", { fareId })).toMatchObject({ payment: "REFUNDED" });
    },
    "a quote comes at once": async (app, id) => {
      const office = openOffice(app);
      const request = await office.requestQuotes({ customer: id });
      await app.advance(AT_ONCE_SECONDS);
      expect((await office.quotes(request)).quotes).toContainEqual(expect.objectContaining({ responder: "prompt" }));
    },
  },
  spare: Object.fromEntries(
    ["ProcessFareRole", "GatherQuotesRole"].flatMap((role) =>
      executionLogs.map((action) => [`${role} logs:${action}`, "execution logs need it in an account"]),
    ),
  ),
});
