/** A failure at every step of every variant, each for a fare of its own, all on one deployment. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type Fault, type FaultHandle } from "#local/testing";
import { type Process, processes } from "../src/fare/fare.ts";
import { imbalances, type Office, open, openOffice } from "./rides.ts";

type Ending = "completed" | "failed" | "parked";
interface Trouble {
  readonly fault: Pick<Fault, "error" | "afterwards" | "times" | "latencyMs">;
  readonly forGood: boolean;
}
const down = { name: "InternalServerError", message: "down", status: 500 };
const troubles: Readonly<Record<string, Trouble>> = {
  "is throttled for a while": { fault: { error: "throttle", times: 3 }, forGood: false },
  "is done, its answer lost once": { fault: { error: down, afterwards: true, times: 1 }, forGood: false },
  "fails every time": { fault: { error: down }, forGood: true },
  "takes too long once": { fault: { latencyMs: 25_000, times: 1 }, forGood: false },
};

interface Step {
  readonly call: Pick<Fault, "role" | "service" | "operation" | "after">;
  /** How the fare ends when the trouble is for good. */
  readonly ends: Ending;
  /** A step of the compensation is only met by a fare that fails. */
  readonly token?: string;
}
const dynamodb = (role: string, operation: string, after?: number) => ({
  service: "dynamodb",
  role,
  operation,
  ...(after === undefined ? {} : { after }),
});
const failing = "tok_fail_credit";
const steps: Readonly<Record<Process, Readonly<Record<string, Step>>>> = {
  pipes: {
    RegisterFare: { call: dynamodb("RegisterFare", "UpdateItem"), ends: "failed" },
    "ChargeFare's authorisation": { call: dynamodb("ChargeFare", "PutItem"), ends: "failed" },
    "ChargeFare's capture": { call: dynamodb("ChargeFare", "UpdateItem"), ends: "failed" },
    "ChargeFare's passing on": {
      call: { service: "sqs", role: "ChargeFare", operation: "SendMessageBatch" },
      ends: "failed",
    },
    CreditAccount: { call: dynamodb("CreditAccount", "TransactWriteItems"), ends: "failed" },
    CloseFare: { call: dynamodb("CloseFare", "UpdateItem"), ends: "parked" },
    "CloseFare's notice": { call: { service: "sns", role: "CloseFare", operation: "Publish" }, ends: "parked" },
    "UndoFare's beginning": { call: dynamodb("UndoFare", "UpdateItem"), ends: "parked", token: failing },
    "UndoFare's refund": { call: dynamodb("UndoFare", "UpdateItem", 1), ends: "parked", token: failing },
    "UndoFare's taking the credit back": {
      call: dynamodb("UndoFare", "TransactWriteItems"),
      ends: "parked",
      token: failing,
    },
  },
  choreography: {
    RegisterOnRide: { call: dynamodb("RegisterOnRide", "UpdateItem"), ends: "failed" },
    "ChargeOnRegistered's authorisation": { call: dynamodb("ChargeOnRegistered", "PutItem"), ends: "failed" },
    "ChargeOnRegistered's capture": { call: dynamodb("ChargeOnRegistered", "UpdateItem"), ends: "failed" },
    "ChargeOnRegistered's event": {
      call: { service: "events", role: "ChargeOnRegistered", operation: "PutEvents" },
      ends: "failed",
    },
    CreditOnCharged: { call: dynamodb("CreditOnCharged", "TransactWriteItems"), ends: "failed" },
    CloseOnSettled: { call: dynamodb("CloseOnSettled", "UpdateItem"), ends: "parked" },
    "CloseOnSettled's notice": {
      call: { service: "sns", role: "CloseOnSettled", operation: "Publish" },
      ends: "parked",
    },
    "UndoOnRefused's beginning": { call: dynamodb("UndoOnRefused", "UpdateItem"), ends: "parked", token: failing },
    "UndoOnRefused's refund": { call: dynamodb("UndoOnRefused", "UpdateItem", 1), ends: "parked", token: failing },
    "UndoOnRefused's taking the credit back": {
      call: dynamodb("UndoOnRefused", "TransactWriteItems"),
      ends: "parked",
      token: failing,
    },
  },
  saga: {
    RegisterFare: { call: dynamodb("ProcessFare", "UpdateItem"), ends: "parked" },
    "ChargeFare's authorisation": { call: dynamodb("PaymentCharge", "PutItem"), ends: "failed" },
    "ChargeFare's capture": { call: dynamodb("PaymentCharge", "UpdateItem"), ends: "failed" },
    CreditCustomerAccount: { call: dynamodb("AccountCredit", "TransactWriteItems"), ends: "failed" },
    SetFareStatusCompleted: { call: dynamodb("ProcessFare", "UpdateItem", 1), ends: "parked" },
    NotifySuccess: { call: { service: "sns", role: "ProcessFare", operation: "Publish" }, ends: "parked" },
    ReverseCredit: { call: dynamodb("AccountReverse", "TransactWriteItems"), ends: "parked", token: failing },
    RefundFare: { call: dynamodb("PaymentRefund", "UpdateItem"), ends: "parked", token: failing },
    SetFareStatusFailed: { call: dynamodb("ProcessFare", "UpdateItem", 1), ends: "parked", token: failing },
    NotifyFailure: {
      call: { service: "sns", role: "ProcessFare", operation: "Publish" },
      ends: "parked",
      token: failing,
    },
  },
};

const slowForGood: Trouble = { fault: { latencyMs: 25_000 }, forGood: true };

const cases = processes.flatMap((process) =>
  Object.entries(steps[process]).flatMap(([step, { call, ends, token = "tok_visa" }], at) => {
    const kinds = Object.entries(troubles);
    // A function that is ended each time starts anew each time: once a process is enough.
    if (step.endsWith("capture")) kinds.push(["takes too long every time", slowForGood]);
    return kinds.map(([title, { fault, forGood }], kind) => {
      const isFailing = token === failing;
      const ending: Ending = forGood ? ends : isFailing ? "failed" : "completed";
      return { process, title: `${step} ${title}`, fareId: `${process}-${at}-${kind}`, call, fault, ending, token };
    });
  }),
);

const AT_A_TIME = 4;

let office: Office;
const seen = new Map<string, { readonly hits: number; readonly ending: Ending }>();
let stillWrong: readonly string[];

beforeAll(async () => {
  office = openOffice(await deploy("ride-fares", { parameters: { ...open, AlarmEmail: "ops@example.com" } }));
  const { app } = office;
  const faults = new Map<string, FaultHandle>();
  // A few at a time: each fare at the same moment is an environment of its own of each function, which has to start. What takes too long
  // for good takes the batch along that it is in: it comes alone.
  const isSlowForGood = ({ fault }: (typeof cases)[number]) =>
    fault.latencyMs !== undefined && fault.times === undefined;
  const others = cases.filter((one) => !isSlowForGood(one));
  const waves = Array.from({ length: Math.ceil(others.length / AT_A_TIME) }, (_, wave) =>
    others.slice(wave * AT_A_TIME, (wave + 1) * AT_A_TIME),
  );
  for (const wave of [...waves, cases.filter(isSlowForGood)]) {
    for (const { fareId, process, call, fault, token } of wave) {
      faults.set(fareId, app.cloud.faults.add({ ...call, ...fault, matching: fareId }));
      await office.submit(fareId, process, { paymentToken: token, customer: `customer-of-${fareId}` });
    }
    await app.settle();
  }
  const parked = await office.parked();
  for (const { fareId } of cases) {
    const status = (await office.fareOf(fareId))?.status;
    const ending = parked.has(fareId) ? "parked" : status === "completed" ? "completed" : "failed";
    seen.set(fareId, { hits: faults.get(fareId)?.hits ?? 0, ending });
  }
  stillWrong = await imbalances(app, parked);
  app.cloud.faults.clear();
}, 240_000);
afterAll(() => office.app[Symbol.asyncDispose]());

describe.each(processes)("as %s", (process) => {
  it.each(cases.filter((one) => one.process === process).map(({ title, ...more }) => [title, more] as const))(
    "%s",
    (_title, { fareId, ending }) => {
      expect(seen.get(fareId)?.hits).toBeGreaterThan(0);
      expect(seen.get(fareId)?.ending).toBe(ending);
    },
  );
});

describe("afterwards", () => {
  it("the books balance, and what is at no end is parked with an alarm", async () => {
    expect(stillWrong).toEqual([]);
    await office.app.advance(180);
    expect(office.app.outbox.some(({ subject }) => subject?.includes("ParkedFaresAlarm"))).toBe(true);
  });

  it("parked fares come to their end once the trouble is over and they are moved back", async () => {
    await office.redrive();
    await office.app.settle();
    expect(await office.parked()).toEqual(new Set());
    expect(await imbalances(office.app)).toEqual([]);
    for (const { fareId, ending, token } of cases) {
      const expected = ending === "parked" ? (token === failing ? "failed" : "completed") : ending;
      expect({ fareId, status: (await office.fareOf(fareId))?.status }).toEqual({ fareId, status: expected });
    }
    expect(await office.app.messages("DeadLetters")).toEqual([]);
  });
});

describe("a saga that never hears of what was done", () => {
  it.each([
    ["PaymentCharge", "tok_visa", "REFUNDED", false],
    ["AccountCredit", "tok_visa", "REFUNDED", false],
    ["AccountReverse", failing, "CAPTURED", true],
    ["PaymentRefund", failing, "REFUNDED", true],
  ])("by %s takes it back all the same", async (name, token, state, isParked) => {
    const fareId = `unheard-${name}`;
    const fault = office.app.cloud.faults.add({
      service: "lambda",
      operation: "Invoke",
      role: "ProcessFare",
      matching: name,
      afterwards: true,
      error: { name: "ServiceException", status: 500 },
    });
    await office.submit(fareId, "saga", { paymentToken: token, customer: fareId });
    await office.app.settle();
    fault.remove();
    expect(await office.paymentOf(fareId)).toMatchObject({ state, capturedMinor: 2_000 });
    expect(await office.outcomes(fareId)).toMatchObject([{ error: isParked ? "FareParked" : "FareFailed" }]);
    await office.redrive();
    await office.app.settle();
    expect(await office.fareOf(fareId)).toMatchObject({ status: "failed" });
    expect(await office.paymentOf(fareId)).toMatchObject({ state: "REFUNDED" });
    expect(await office.creditOf(fareId, fareId)).not.toMatchObject({ state: "CREDITED" });
    expect(await imbalances(office.app)).toEqual([]);
  });
});
