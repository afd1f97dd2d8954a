import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy } from "#local/testing";
import { processes } from "../src/fare/fare.ts";
import { imbalances, type Office, open, openOffice } from "./rides.ts";

let office: Office;
beforeAll(async () => {
  office = openOffice(await deploy("ride-fares", { parameters: open }));
});
afterAll(() => office.app[Symbol.asyncDispose]());

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
    expect(await imbalances(office.app)).toEqual([]);
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
    expect(await imbalances(office.app)).toEqual([]);
  });
});
