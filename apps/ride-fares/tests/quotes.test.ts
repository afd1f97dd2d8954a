import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy } from "#local/testing";
import { type Office, open, openOffice } from "./rides.ts";

let office: Office;
beforeAll(async () => {
  office = openOffice(await deploy("ride-fares", { parameters: { ...open, QuoteQuorum: "10" } }));
});
afterAll(() => office.app[Symbol.asyncDispose]());
const responders = (id: string) =>
  office.quotes(id).then(({ quotes }) => quotes.map(({ responder }) => responder).toSorted());

describe("a request for quotes", () => {
  it("is answered by those who are in time; the best is known, and the slow one comes too late", async () => {
    // The two quick ones have to try twice: until time moves nobody has answered, however long a function takes to start.
    const role = "QuoteRide";
    const held = office.app.cloud.faults.add({
      service: "sqs",
      operation: "SendMessageBatch",
      error: "throttle",
      times: 2,
      role,
    });
    const id = await office.requestQuotes({ distanceKm: 12 });
    expect(await office.quotes(id)).toMatchObject({ httpStatus: 200, status: "open", quotes: [], bestOffer: null });
    await office.app.advance(10);
    expect(held.hits).toBe(2);
    expect(await office.quotes(id)).toMatchObject({
      status: "open",
      bestOffer: { responder: "choosy", quote: { amountMinor: 1_930, currency: "EUR" } },
    });
    await office.app.settle();
    expect(await office.quotes(id)).toMatchObject({
      "rfq-id": id,
      from: "Hafenstr. 7",
      to: "Airport",
      customer: "ada",
      status: "closed",
      closedBy: "DEADLINE",
      late: ["slow"],
      bestOffer: { responder: "choosy" },
    });
    expect(await responders(id)).toEqual(["choosy", "prompt"]);
  });

  it("does without those who keep silent", async () => {
    const id = await office.requestQuotes({ distanceKm: 300 });
    await office.app.settle();
    expect(await responders(id)).toEqual(["prompt"]);
  });

  it("closes when ten have answered, long before its deadline; the eleventh is late", async () => {
    const id = await office.requestQuotes();
    // Two of the ten are the samples.
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) await office.quote(id, `driver-${number}`, 3_000 - number);
    await office.app.advance(5);
    expect(await office.quotes(id)).toMatchObject({ status: "closed", closedBy: "QUORUM" });
    await office.quote(id, "driver-9", 1);
    await office.app.settle();
    const { quotes, bestOffer, late } = await office.quotes(id);
    expect(quotes).toHaveLength(10);
    expect(bestOffer).toMatchObject({ responder: "choosy" });
    expect(late).toEqual(["driver-9", "slow"]);
  });

  it("counts a responder once, with its first quote, however often and when it comes", async () => {
    const id = await office.requestQuotes({ distanceKm: 300 });
    for (let times = 0; times < 9; times++) await office.quote(id, "eager", 500);
    await office.app.advance(5);
    await office.quote(id, "eager", 400);
    await office.app.advance(5);
    expect(await office.quotes(id)).toMatchObject({
      status: "open",
      bestOffer: { responder: "eager", quote: { amountMinor: 500 } },
    });
    await office.app.settle();
    await office.quote(id, "eager", 300);
    await office.app.settle();
    expect(await office.quotes(id)).toMatchObject({ late: ["slow"], bestOffer: { quote: { amountMinor: 500 } } });
  });

  it("is closed at its deadline though nobody could write that it is", async () => {
    const down = { name: "InternalServerError", message: "down", status: 500 };
    const fault = office.app.cloud.faults.add({ service: "dynamodb", role: "GatherQuotes", error: down });
    const id = await office.requestQuotes({ distanceKm: 300 });
    await office.app.advance(31);
    await office.quote(id, "dawdler", 1);
    await office.app.advance(1);
    expect(await office.quotes(id)).toMatchObject({ status: "closed", closedBy: "DEADLINE", late: ["dawdler"] });
    fault.remove();
    await office.app.settle();
  });

  it.each([
    ["of nobody's request", { "rfq-id": "9d2f3c1e-5b7a-4f60-8c1d-2e3f4a5b6c7d" }, "RequestNotFound"],
    ["in another currency", { quote: { amountMinor: 5, currency: "USD" } }, "CurrencyRefused"],
    ["of half a cent", { quote: { amountMinor: 0.5, currency: "EUR" } }, "body.quote.amountMinor"],
    ["by the request itself", { responder: "-" }, "body.responder"],
    ["by a responder of another world", { responder: "../x" }, "body.responder"],
  ])("puts a quote %s aside, and its neighbours count", async (_title, wrong, reason) => {
    const id = await office.requestQuotes({ distanceKm: 300 });
    const good = { "rfq-id": id, responder: "good", quote: { amountMinor: 700, currency: "EUR" } };
    await office.send("QuotesToCollect", { ...good, responder: "first" });
    // Of a responder of its own: they are worked on at once, and after the good one this would be a second quote, which is left alone.
    await office.send("QuotesToCollect", { ...good, responder: "wrong", ...wrong });
    await office.send("QuotesToCollect", good);
    await office.app.settle();
    expect(await responders(id)).toEqual(["first", "good", "prompt"]);
    const [dead, ...others] = await office.app.messages("DeadLetters");
    const { error, reason: why } = dead?.MessageAttributes ?? {};
    expect(`${error?.StringValue}: ${why?.StringValue}`).toContain(reason);
    expect(others).toEqual([]);
  });

  it("that nobody has made is not found, and one that is none is refused by field", async () => {
    expect(await office.quotes("9d2f3c1e-5b7a-4f60-8c1d-2e3f4a5b6c7d")).toMatchObject({ httpStatus: 404 });
    expect(await office.quotes("..%2f..%2fetc")).toMatchObject({ httpStatus: 400 });
    const answer = await office.post("/submit-instant-ride-rfq", { from: "a", to: "b", distanceKm: -1, customer: "x" });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("body.distanceKm");
  });
});
