import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { lookAtMessages } from "#local/testing/messages";
import type { Step, Work } from "#local/testing/work";
import { isOver, type Process, type Ride } from "../src/fare/fare.ts";
import { type FareRow, fareIdIn, open, openOffice, wrongWith } from "./rides.ts";

const goodOf = (id: string): string => `${id}good`;
const badOf = (id: string): string => `${id}bad`;

const submitGood =
  (process: Process, more: Partial<Ride> = {}): Step =>
  (app, id) =>
    openOffice(app).submit(goodOf(id), process, { customer: id, ...more });

/** It is refused at the last step at which a fare can be: all that was done is taken back. */
const submitBad =
  (process: Process, paymentToken = "tok_fail_credit"): Step =>
  (app, id) =>
    openOffice(app).submit(badOf(id), process, { customer: id, paymentToken });

/** The provider has been called; then what is parked is handed back, as the README says, and starts from the beginning. */
const handBack: Step = async (app, id) => {
  const office = openOffice(app);
  if (await office.paymentOf(badOf(id))) await office.allowRefund(badOf(id));
  await office.redrive();
};

/** Somebody in doubt starts a fare from the beginning. */
const startAgain: Step = async (app, id) =>
  void (await openOffice(app).send("RidesToStart", { fareId: goodOf(id), attempt: 1 }));

const listeners = ["CompletedFares", "FailedFares", "ExtraordinaryRides"] as const;
/** Who has heard of which fare so far. Messages are taken once, and remembered for those who ask later. */
const heard = new WeakMap<LocalApp, Set<string>>();

async function listen(app: LocalApp): Promise<(listener: (typeof listeners)[number], fareId: string) => boolean> {
  const known = heard.get(app) ?? new Set();
  heard.set(app, known);
  for (const listener of listeners)
    for (const { Body = "" } of await app.messages(listener)) known.add(`${listener} ${fareIdIn(Body)}`);
  return (listener, fareId) => known.has(`${listener} ${fareId}`);
}

/** What does not agree about a fare that is, or should be, at its end. */
async function faultsOf(app: LocalApp, fare: FareRow): Promise<string[]> {
  const office = openOffice(app);
  const { fareId, customerId } = fare;
  return wrongWith(fare, await office.paymentOf(fareId), await office.creditOf(customerId, fareId));
}

/** A fare that is at its end has its money and its credit there, and nobody has heard that it ended otherwise. */
async function areSound(app: LocalApp, id: string): Promise<void> {
  // Who has heard of an end before it was looked for has heard of the one that is found.
  const hasHeard = await listen(app);
  for (const fareId of [goodOf(id), badOf(id)]) {
    const fare = await openOffice(app).fareOf(fareId);
    if (fare && isOver(fare.status)) expect(await faultsOf(app, fare)).toEqual([]);
    if (hasHeard("CompletedFares", fareId)) expect(fare).toMatchObject({ status: "completed" });
    if (hasHeard("FailedFares", fareId)) expect(fare).toMatchObject({ status: "failed" });
  }
}

/** What the sample's bank and ledger say to test tokens. */
const REFUSALS = /declined|charge was refused|account is blocked/;

/** Both are at their end and told. The good one is completed, unless a step has used up its tries: that is a refusal, too. */
async function haveEnded(app: LocalApp, id: string): Promise<void> {
  const office = openOffice(app);
  const [good, bad] = [await office.fareOf(goodOf(id)), await office.fareOf(badOf(id))];
  if (!good || !bad) throw new Error(`Fares of ${id} are not there`);
  expect([...(await faultsOf(app, good)), ...(await faultsOf(app, bad))]).toEqual([]);
  expect(good.reason ?? "").not.toMatch(REFUSALS);
  expect(bad).toMatchObject({ status: "failed", reason: expect.stringMatching(/./) });
  expect((await office.balanceOf(id)) ?? 0).toBe(good.status === "completed" ? good.amountMinor : 0);
  const hasHeard = await listen(app);
  expect(hasHeard(good.status === "completed" ? "CompletedFares" : "FailedFares", good.fareId)).toBe(true);
  expect(hasHeard("FailedFares", bad.fareId)).toBe(true);
}

/** The requests that were taken, by the id of the work. */
const requests = new Map<string, string>();
const RESPONDERS = ["choosy", "driver", "prompt", "slow"];

const quotesFor = (app: LocalApp, id: string) => openOffice(app).quotes(requests.get(id) ?? "none");

export const work: Work = {
  parameters: open,
  tasks: {
    "an extraordinary ride passes the pipes, and one that cannot be credited": {
      steps: [
        submitGood("pipes", { fare: { amountMinor: 5_000, currency: "EUR" }, distanceKm: 20 }),
        submitBad("pipes"),
      ],
      sound: areSound,
      async done(app, id) {
        await haveEnded(app, id);
        expect((await listen(app))("ExtraordinaryRides", goodOf(id))).toBe(true);
      },
    },
    "a ride passes the choreography, and one that cannot be credited": {
      steps: [submitGood("choreography"), submitBad("choreography")],
      sound: areSound,
      done: haveEnded,
    },
    "a ride passes the saga, and one whose refund is outstanding": {
      steps: [
        submitGood("saga"),
        submitBad("saga", "tok_fail_credit_refund"),
        async (app, id) => {
          await startAgain(app, id);
          await handBack(app, id);
        },
      ],
      sound: areSound,
      done: haveEnded,
      // A saga parks a fare by itself: the message does not say from which queue it came, only a person knows to which it goes.
      again: handBack,
    },
    "quotes are gathered, and what is none is put aside": {
      steps: [
        async (app, id) => {
          const office = openOffice(app);
          const request = await office.requestQuotes({ customer: id });
          requests.set(id, request);
          await office.quote(request, "driver", 2_100);
          await office.send("QuotesToCollect", { "rfq-id": request, responder: id });
        },
        async (app, id) => {
          const { httpStatus } = await quotesFor(app, id);
          if (httpStatus !== 200) throw new Error(`Quotes were answered ${httpStatus}`);
        },
      ],
      async sound(app, id) {
        const { httpStatus, quotes, bestOffer, late } = await quotesFor(app, id);
        if (httpStatus !== 200) return;
        const known = [...quotes.map(({ responder }) => responder), ...late];
        expect(known.length).toBe(new Set(known).size);
        const cheapest = quotes.toSorted((one, other) => one.quote.amountMinor - other.quote.amountMinor)[0];
        expect(bestOffer?.quote).toEqual(cheapest?.quote);
      },
      async done(app, id) {
        const { status, quotes, late } = await quotesFor(app, id);
        expect(status).toBe("closed");
        expect(await openOffice(app).requestRow(requests.get(id) ?? "none")).toMatchObject({ status: "CLOSED" });
        // Nobody's offer is lost: after an outage it may be too late, and that is seen.
        expect([...quotes.map(({ responder }) => responder), ...late].toSorted()).toEqual(RESPONDERS);
        const dead = await lookAtMessages(app.cloud, app.resource("DeadLetters"));
        const mine = dead.filter(({ Body = "" }) => Body.includes(`"responder":"${id}"`));
        expect(mine.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toContain(
          "InputInvalid",
        );
      },
    },
  },
};
