/** What comes in: rides, twice and at once, with card data, with poison; and who else hears of them. */
import { StartExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { paginateFilterLogEvents, CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deploy } from "#local/testing";
import { processes } from "../src/fare/fare.ts";
import { books, imbalances, type Office, open, openOffice, ride } from "./rides.ts";

let office: Office;
beforeAll(async () => {
  office = openOffice(await deploy("ride-fares", { parameters: open }));
});
afterAll(() => office.app[Symbol.asyncDispose]());
afterEach(async () => expect(await imbalances(office.app)).toEqual([]));

const CARD = "4111 1111 1111 1111";

describe("a ride", () => {
  it("gets an id when it has none, and goes the way that the stack is set to", async () => {
    const answer = await office.submitRide(ride());
    expect(answer.status).toBe(201);
    const { id } = (await answer.json()) as { id: string };
    await office.app.settle();
    expect(await office.fareOf(id)).toMatchObject({ status: "completed", process: "saga" });
    expect(await office.outcomes(id)).toMatchObject([{ status: "SUCCEEDED" }]);
    await office.notices("CompletedFares");
  });

  it.each([
    [5_000, 20, 1],
    [4_999, 20, 0],
    [5_000, 19.9, 0],
    [10_000, 100, 1],
  ])("of %i cents and %d km is extraordinary: %i", async (amountMinor, distanceKm, times) => {
    await office.submit(office.newId("extra"), "pipes", { fare: { amountMinor, currency: "EUR" }, distanceKm });
    await office.app.settle();
    expect(await office.app.messages("ExtraordinaryRides")).toHaveLength(times);
    await office.notices("CompletedFares");
  });

  it("under an id that another ride has is refused", async () => {
    const rideId = office.newId("other");
    await office.submit(rideId, "pipes");
    const answer = await office.submitRide(
      ride({ rideId, process: "pipes", fare: { amountMinor: 1, currency: "EUR" } }),
    );
    expect(answer.status).toBe(409);
    await office.app.settle();
    expect(await office.paymentOf(rideId)).toMatchObject({ capturedMinor: 2_000 });
    await office.notices("CompletedFares");
  });
});

describe.each(processes)("a fare processed as %s", (process) => {
  it("is charged, credited, completed and published", async () => {
    await office.submit(`${process}-good`, process);
    await office.app.settle();
    expect(await office.fareOf(`${process}-good`)).toMatchObject({ status: "completed", process });
    expect(await office.fareOf(`${process}-good`)).not.toHaveProperty("paymentToken");
    expect(await office.paymentOf(`${process}-good`)).toMatchObject({ state: "CAPTURED", capturedMinor: 2_000 });
    expect(await office.creditOf("ada", `${process}-good`)).toMatchObject({ state: "CREDITED", amountMinor: 2_000 });
    expect(await office.notices("CompletedFares")).toEqual([
      expect.objectContaining({ fareId: `${process}-good`, process, status: "completed", amountMinor: 2_000 }),
    ]);
  });

  it.each([
    ["auth", "PaymentDeclined", "DECLINED"],
    ["charge", "ChargeRefused", "VOIDED"],
    ["credit", "CreditRefused", "REFUNDED"],
  ])("whose %s is refused fails, and nothing is left of it", async (step, reason, state) => {
    const fareId = `${process}-no-${step}`;
    await office.submit(fareId, process, { paymentToken: `tok_fail_${step}`, customer: "eve" });
    await office.app.settle();
    expect(await office.fareOf(fareId)).toMatchObject({ status: "failed", reason: expect.stringContaining(reason) });
    expect(await office.paymentOf(fareId)).toMatchObject({ state });
    expect(await office.notices("FailedFares")).toEqual([
      expect.objectContaining({ fareId, status: "failed", reason: expect.stringContaining(reason) }),
    ]);
  });
});

describe.each(processes)("as %s, everything twice", (process) => {
  it("a ride that is sent twice is charged, credited and told once", async () => {
    const rideId = office.newId(process);
    const before = (await office.balanceOf("twice")) ?? 0;
    for (let times = 0; times < 2; times++) await office.submit(rideId, process, { customer: "twice" });
    await office.app.settle();
    await office.submit(rideId, process, { customer: "twice" });
    await office.app.settle();
    expect(await office.balanceOf("twice")).toBe(Number(before) + 2_000);
    const notices = await office.notices("CompletedFares");
    expect(new Set(notices.map(({ fareId }) => fareId))).toEqual(new Set([rideId]));
  });

  it("a ride that is sent three times at once is charged and credited once", async () => {
    const rideId = office.newId(process);
    await Promise.all([1, 2, 3].map(() => office.submit(rideId, process, { customer: "at-once" })));
    await office.app.settle();
    expect(await office.creditOf("at-once", rideId)).toMatchObject({ state: "CREDITED" });
    expect(await office.paymentOf(rideId)).toMatchObject({ state: "CAPTURED", capturedMinor: 2_000 });
    await office.notices("CompletedFares");
  });

  it("a ride that has failed fails once more, and nothing is charged again", async () => {
    const rideId = office.newId(process);
    for (let times = 0; times < 2; times++) {
      await office.submit(rideId, process, { paymentToken: "tok_fail_credit" });
      await office.app.settle();
    }
    await office.send("RidesToStart", { fareId: rideId, attempt: 1 });
    await office.app.settle();
    expect(await office.paymentOf(rideId)).toMatchObject({ state: "REFUNDED", capturedMinor: 2_000 });
    expect(await office.fareOf(rideId)).toMatchObject({ status: "failed" });
    await office.notices("FailedFares");
  });

  it("a refund that the provider refuses is parked, and made when it is handed back later", async () => {
    const rideId = office.newId(process);
    await office.submit(rideId, process, { paymentToken: "tok_fail_credit_refund" });
    await office.app.settle();
    expect(await office.parked()).toEqual(new Set([rideId]));
    expect(await imbalances(office.app, new Set([rideId]))).toEqual([]);
    // Too early: it is parked again.
    await office.redrive();
    await office.app.settle();
    expect(await office.parked()).toEqual(new Set([rideId]));
    await office.allowRefund(rideId);
    await office.redrive();
    await office.app.settle();
    expect(await office.fareOf(rideId)).toMatchObject({ status: "failed" });
    expect(await office.paymentOf(rideId)).toMatchObject({ state: "REFUNDED", refundedMinor: 2_000 });
    expect(await office.notices("FailedFares")).toEqual([expect.objectContaining({ fareId: rideId })]);
  });
});

describe("card data", () => {
  it.each([
    ["a card's number", { cc: CARD }, "body.cc"],
    ["a number by another name", { note: { of: [`pay with ${CARD.replaceAll(" ", "-")}`] } }, "body.note.of[0]"],
    ["a number as a number", { from: 4111111111111111 }, "body.from"],
    ["a number instead of a token", { paymentToken: CARD.replaceAll(" ", "") }, "body.paymentToken"],
    ["a number within a token", { paymentToken: `tok_${CARD.replaceAll(" ", "")}` }, "body.paymentToken"],
    ["a security code", { cvv: "123" }, "body.cvv"],
    ["an expiry date", { expiryDate: "12/29" }, "body.expiryDate"],
    ["a field named by a number", { "4111111111111111": "x" }, "body.*"],
  ])("such as %s is refused by field, and kept and logged nowhere", async (_title, wrong, field) => {
    const answer = await office.submitRide({ ...ride(), ...wrong });
    expect(answer.status).toBe(400);
    const problem = await answer.text();
    expect(problem).toContain("CardDataRefused");
    expect(problem).toContain(`${field}: looks like card data`);
    await office.app.settle();
    const everything = JSON.stringify([await books(office.app), await allLogs(), problem]).replaceAll(/[ -]/g, "");
    expect(everything).not.toContain("4111111111111111");
    expect(everything).not.toContain("12/29");
  });

  it("does not get into the saga either: its input is an id", async () => {
    const sfn = office.app.client(SFNClient);
    const input = JSON.stringify({ fareId: "wr_563", cc: CARD, cvv: "123" });
    const name = office.newId("card");
    await sfn.send(new StartExecutionCommand({ stateMachineArn: office.app.resource("ProcessFare"), name, input }));
    await office.app.settle();
    expect(await office.fareOf("wr_563")).toBeUndefined();
  });

  it("and tokens, names and places are in no message and no log", async () => {
    const rideId = office.newId("quiet");
    await office.submit(rideId, "pipes", { paymentToken: "tok_fail_credit_secret", from: "Geheimweg 1" });
    await office.app.settle();
    const told = JSON.stringify([await office.app.messages("FailedFares"), await allLogs()]);
    expect(told).toContain(rideId);
    expect(told).not.toContain("tok_fail_credit_secret");
    expect(told).not.toContain("Geheimweg");
  });
});

describe("poison", () => {
  it.each([
    ["no JSON", "{", "body: not valid JSON"],
    ["a formatted amount", { ...ride(), fare: "$20.00" }, "body.fare"],
    ["half a cent", { ...ride(), fare: { amountMinor: 0.5, currency: "EUR" } }, "body.fare.amountMinor"],
    ["nothing to pay", { ...ride(), fare: { amountMinor: 0, currency: "EUR" } }, "body.fare.amountMinor"],
    ["one cent too much", { ...ride(), fare: { amountMinor: 100_000_001, currency: "EUR" } }, "body.fare.amountMinor"],
    ["an id that climbs", { ...ride(), rideId: "../../x" }, "body.rideId"],
    ["an id of two lines", { ...ride(), rideId: "a\nb" }, "body.rideId"],
    ["an id of the language", { ...ride(), rideId: "__proto__" }, "body.rideId"],
    ["an unknown process", { ...ride(), process: "hope" }, "body.process"],
    ["an unknown field", { ...ride(), tip: 1 }, "tip"],
  ])("such as a ride with %s is refused by field", async (_title, body, field) => {
    const answer = await office.submitRide(body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(field);
  });

  it.each(["RidesToStart", "FaresToRegister", "FaresToCharge", "FaresToCredit", "FaresToUndo", "FaresToClose"])(
    "in %s, at any place of a batch, is put aside with its reason, and its neighbours come through",
    async (queue) => {
      const ids = [0, 1].map(() => office.newId("near"));
      for (const id of ids) await office.submit(id, queue === "RidesToStart" ? "choreography" : "pipes");
      await office.app.settle();
      const outcome = { outcome: "completed" };
      const messages = [ids[0], "no such fare", ids[1]].map((fareId) => ({ fareId, ...outcome }));
      for (const message of messages) await office.send(queue, message);
      await office.app.settle();
      const dead = await office.app.messages("DeadLetters");
      expect(dead.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toEqual(["InputInvalid"]);
      for (const id of ids) expect(await office.fareOf(id)).toMatchObject({ status: "completed" });
      await office.notices("CompletedFares");
    },
  );
});

/** What all functions have logged so far. */
async function allLogs(): Promise<string> {
  const client = office.app.client(CloudWatchLogsClient);
  let text = "";
  for (const name of office.app.functions) {
    const logGroupName = office.app.resource(`${name}Logs`);
    for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
      text += events.map(({ message }) => message).join("\n");
  }
  return text;
}
