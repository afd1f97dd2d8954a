/** One ride through each of the three processes, with and without trouble; the books; and quotes for the next ride. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Demo, Stage } from "#local/testing";
import { processes, type Ride } from "./src/fare/fare.ts";
import { books, imbalances, type Office, open, openOffice, ride } from "./tests/rides.ts";

const demo: Demo = async (stage) => {
  const office = openOffice(stage.app);
  const sample = JSON.parse(readFileSync(join(import.meta.dirname, "samples", "ride.json"), "utf8")) as Ride;

  for (const process of processes) {
    stage.input(
      `a ride of ada's, processed as ${process}`,
      `${euros(sample.fare.amountMinor)}, ${sample.distanceKm} km`,
    );
    await office.submit(`${process}-1`, process, { ...sample, rideId: `${process}-1` });
    await stage.app.settle();
    await show(stage, office, `${process}-1`);
    await stage.path();
    stage.input(`a ride of bob's as ${process}`, "his account cannot be credited: tok_fail_credit");
    await office.submit(`${process}-2`, process, { customer: "bob", paymentToken: "tok_fail_credit" });
    await stage.app.settle();
    await show(stage, office, `${process}-2`);
    await stage.path();
  }

  stage.input("a request that carries a card", 'cc "4111 1111 1111 1111"');
  const refused = await office.submitRide({ ...ride(), cc: "4111 1111 1111 1111" });
  stage.result(`${refused.status}`, ((await refused.json()) as { detail: string }).detail);

  stage.input("a refund that the provider refuses for now", "tok_fail_credit_refund, as a saga");
  await office.submit("owed", "saga", { customer: "bob", paymentToken: "tok_fail_credit_refund" });
  await stage.app.settle();
  await stage.app.advance(180);
  const isParked = (await office.parked()).has("owed");
  const mail = stage.app.outbox.find(({ subject }) => subject?.includes("ParkedFaresAlarm"));
  stage.step(`parked; a mail: ${mail?.subject ?? "none"}`);
  stage.step("a person calls the provider, then moves the message back");
  await office.allowRefund("owed");
  await office.redrive();
  await stage.app.settle();
  await show(stage, office, "owed");

  stage.input("who drives 12 km, and for how much?", "three sample responders, 30 seconds");
  const id = await office.requestQuotes({ distanceKm: 12 });
  await stage.app.advance(10);
  const early = await office.quotes(id);
  stage.step(`after 10 s: ${early.status}, ${early.quotes.length} quotes`);
  await stage.app.settle();
  const { status, closedBy, quotes, bestOffer, late } = await office.quotes(id);
  stage.result(`${status} by ${closedBy}`, [
    ...quotes.map(({ responder, quote }) => `${responder.padEnd(8)} ${euros(quote.amountMinor)}`),
    `best     ${bestOffer?.responder ?? "none"}`,
    `late     ${late.join(", ")}`,
  ]);

  const { payments, accounts } = await books(stage.app);
  const kept = payments.reduce((total, { capturedMinor, refundedMinor }) => total + capturedMinor - refundedMinor, 0);
  const credited = accounts.filter(({ state }) => state === "CREDITED").length;
  stage.result("the books", `${euros(kept)} captured and not refunded, ${credited} fares credited`);
  stage.check("three fares of 54.00 EUR were kept", kept === 3 * sample.fare.amountMinor && credited === 3);
  stage.check("the books balance, fare by fare", (await imbalances(stage.app)).length === 0);
  stage.check("card data is refused", refused.status === 400);
  stage.check("the outstanding refund was parked, and a mail said so", isParked && mail !== undefined);
  stage.check("the cheapest in time is the best offer", bestOffer?.responder === "choosy" && late.includes("slow"));
};

export const parameters = { ...open, AlarmEmail: "ops@example.com" };
export default demo;

const euros = (minor: number): string => `${(minor / 100).toFixed(2)} EUR`;

async function show(stage: Stage, office: Office, fareId: string): Promise<void> {
  const fare = await office.fareOf(fareId);
  const payment = await office.paymentOf(fareId);
  stage.result(
    `fare ${fareId}: ${stage.paint(fare?.status === "completed" ? "green" : "yellow", fare?.status ?? "none")}`,
    [
      `captured ${euros(payment?.capturedMinor ?? 0)}, refunded ${euros(payment?.refundedMinor ?? 0)}`,
      ...(fare?.reason ? [fare.reason] : []),
    ],
  );
}
