import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy } from "#local/testing";
import { imbalances, type Office, open, openOffice } from "./rides.ts";

let office: Office;
beforeAll(async () => {
  office = openOffice(await deploy("ride-fares", { parameters: open }));
});
afterAll(() => office.app[Symbol.asyncDispose]());
const invoke = (name: string, file: string) => office.app.invoke(name, office.app.sample(file));
const allDone = { batchItemFailures: [] };

describe("the sample events", () => {
  it("play a ride through the pipes, step by step; each step once more is no harm", async () => {
    expect(await invoke("SubmitRide", "submit-ride.json")).toMatchObject({ statusCode: 201 });
    for (const [name, file] of [
      ["RegisterFare", "register-fare.json"],
      ["ChargeFare", "charge-fare.json"],
      ["CreditAccount", "credit-account.json"],
      ["CloseFare", "close-fare.json"],
      ["UndoFare", "undo-fare.json"],
      ["StartProcess", "start-process.json"],
    ] as const)
      expect(await invoke(name, file)).toEqual(allDone);
    await office.app.settle();
    expect(await office.fareOf("wr_563")).toMatchObject({ status: "completed" });
    expect(await imbalances(office.app)).toEqual([]);
  });

  it("play a ride through the choreography, which is refused after all", async () => {
    await office.enter("wr_564", "choreography", "submitted");
    await invoke("RegisterOnRide", "register-on-ride.json");
    await invoke("ChargeOnRegistered", "charge-on-registered.json");
    await invoke("CreditOnCharged", "credit-on-charged.json");
    await invoke("UndoOnRefused", "undo-on-refused.json");
    await invoke("CloseOnSettled", "close-on-settled.json");
    expect(await invoke("ReportFailure", "report-failure.json")).toEqual(allDone);
    await office.app.settle();
    expect(await imbalances(office.app)).toEqual([]);
  });

  it("play the tasks of the saga, there and back", async () => {
    await office.enter("wr_565", "saga", "registered");
    expect(await invoke("PaymentCharge", "payment-charge.json")).toEqual({ fareId: "wr_565" });
    expect(await invoke("AccountCredit", "account-credit.json")).toEqual({ fareId: "wr_565" });
    expect(await office.creditOf("ada", "wr_565")).toMatchObject({ state: "CREDITED" });
    expect(await invoke("AccountReverse", "account-reverse.json")).toEqual({ fareId: "wr_565" });
    expect(await invoke("PaymentRefund", "payment-refund.json")).toEqual({ fareId: "wr_565", payment: "REFUNDED" });
    expect(await office.creditOf("ada", "wr_565")).toMatchObject({ state: "REVERSED" });
    await expect(invoke("AccountCredit", "account-credit.json")).rejects.toMatchObject({ name: "CreditRefused" });
    await expect(invoke("PaymentCharge", "payment-charge.json")).rejects.toMatchObject({ name: "ChargeRefused" });
  });

  it("ask for quotes and find none of another's", async () => {
    expect(await invoke("RequestQuotes", "request-quotes.json")).toMatchObject({ statusCode: 201 });
    expect(await invoke("QueryQuotes", "query-quotes.json")).toMatchObject({ statusCode: 404 });
    expect(await invoke("QuoteRide", "quote-ride.json")).toEqual(allDone);
    expect(await invoke("CollectQuote", "collect-quote.json")).toEqual(allDone);
    await office.app.settle();
    expect(await reasons()).toContainEqual(expect.stringContaining("There is no request"));
  });

  it.each([
    ["SubmitRide", "submit-ride.bad.json", 400],
    ["RequestQuotes", "request-quotes.bad.json", 400],
    ["QueryQuotes", "query-quotes.bad.json", 400],
  ])("of bad input to %s are answered with the reason", async (name, file, statusCode) =>
    expect(await invoke(name, file)).toMatchObject({ statusCode }),
  );

  it.each([
    ["StartProcess", "start-process.bad.json", "body.fareId: has the wrong form"],
    ["RegisterFare", "register-fare.bad.json", "body.fareId: has the wrong form"],
    ["ChargeFare", "charge-fare.bad.json", "body.fareId: has the wrong form"],
    ["CreditAccount", "credit-account.bad.json", "body.fareId: has the wrong form"],
    ["UndoFare", "undo-fare.bad.json", "body.fareId: has the wrong form"],
    ["CloseFare", "close-fare.bad.json", "body.outcome"],
    ["ReportFailure", "report-failure.bad.json", "body.requestPayload.detail: missing"],
    ["CollectQuote", "collect-quote.bad.json", "body.quote: expected object"],
    ["QuoteRide", "quote-ride.bad.json", "body.distanceKm: expected number"],
  ])("of bad messages to %s are put aside with the reason", async (name, file, reason) => {
    expect(await invoke(name, file)).toEqual(allDone);
    expect(await reasons()).toEqual([expect.stringContaining(reason)]);
  });

  it.each([
    ["RegisterOnRide", "register-on-ride.bad.json"],
    ["ChargeOnRegistered", "charge-on-registered.bad.json"],
    ["CreditOnCharged", "credit-on-charged.bad.json"],
    ["UndoOnRefused", "undo-on-refused.bad.json"],
    ["CloseOnSettled", "close-on-settled.bad.json"],
    ["PaymentCharge", "payment-charge.bad.json"],
    ["PaymentRefund", "payment-refund.bad.json"],
    ["AccountCredit", "account-credit.bad.json"],
    ["AccountReverse", "account-reverse.bad.json"],
  ])("of bad input to %s are refused by field", async (name, file) =>
    expect(invoke(name, file)).rejects.toThrow("fareId"),
  );
});

const reasons = async () =>
  (await office.app.messages("DeadLetters")).map(({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue);
