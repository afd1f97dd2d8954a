import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import { isToFail } from "./fare.ts";
import { FailedReaction, refusalOf, StartMessage, startOf } from "./start.ts";

const event = { source: "ride-fares", "detail-type": "Fare Refused", detail: { fareId: "wr_563", reason: "x" } };
const failed = { requestPayload: event, responsePayload: { errorType: "Down", errorMessage: "is down" } };

describe("what starts a fare", () => {
  it.each([
    ["a ride", { fareId: "wr_563" }, 0],
    ["a parked saga", { fareId: "wr_563", attempt: 3, step: "RefundFare" }, 3],
    ["an event that no target took", event, 0],
    ["an event that a function failed on", failed, 0],
  ])("may be %s", (_title, message, attempt) =>
    expect(startOf(z.parse(StartMessage, message))).toMatchObject({ fareId: "wr_563", attempt }),
  );
});

describe("a failed reaction", () => {
  it("becomes a refusal with its reason, also when there is none", () => {
    expect(refusalOf(z.parse(FailedReaction, failed))).toEqual({ fareId: "wr_563", reason: "Down: is down" });
    expect(refusalOf({ requestPayload: event, responsePayload: null })).toMatchObject({
      reason: "Error: the function gave no answer",
    });
  });
});

describe("a test token", () => {
  it.each([
    ["tok_fail_credit_refund", true, ["credit", "refund"]],
    ["tok_fail_auth", true, ["auth"]],
    ["tok_fail_auth", false, []],
    ["tok_failure", true, []],
    ["tok_visa", true, []],
  ])("%s, allowed: %s, fails %j", (token, allowed, failing) =>
    expect((["auth", "charge", "credit", "refund"] as const).filter((step) => isToFail(step, token, allowed))).toEqual(
      failing,
    ),
  );
});
