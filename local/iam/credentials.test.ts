import { describe, expect, it } from "vitest";
import type { Clock } from "../core/clock.ts";
import { openStorage } from "../storage/index.ts";
import { createCredentialing } from "./credentials.ts";

const arn = "arn:aws:iam::123456789012:role/R";

function at(start: number) {
  let now = start;
  let serial = 0;
  // Only now() of the clock is asked for here.
  const clock = { now: () => now } as Clock;
  const credentialing = createCredentialing({
    clock,
    storage: openStorage(),
    uuid: () => `uuid-${serial++}`,
  });
  return { ...credentialing, pass: (ms: number) => (now += ms) };
}

describe("credentials", () => {
  it("speak for the role and session they were issued to", () => {
    const { issue, principalOf } = at(1_000_500);
    const { accessKeyId, secretAccessKey, expiration } = issue(arn, "me", 900);
    expect(accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(secretAccessKey).toHaveLength(40);
    expect(expiration.getTime()).toBe(1_900_000);
    expect(principalOf(accessKeyId)).toEqual({ kind: "role", roleArn: arn, sessionName: "me" });
  });
  it("end when their time is over", () => {
    const { issue, principalOf, pass } = at(0);
    const { accessKeyId } = issue(arn, "me", 900);
    pass(899_999);
    expect(principalOf(accessKeyId)).toMatchObject({ kind: "role" });
    pass(1);
    expect(() => principalOf(accessKeyId)).toThrow("The security token included in the request is expired");
  });
  it("of a worker outlive months of virtual time", () => {
    const { issue, principalOf, pass } = at(0);
    const { accessKeyId } = issue(arn, "worker");
    pass(365 * 24 * 3_600_000);
    expect(principalOf(accessKeyId)).toMatchObject({ kind: "role" });
  });
  it("belong to the account when unknown, to nobody when absent", () => {
    expect(at(0).principalOf("AKIATEST")).toEqual({ kind: "account" });
    expect(at(0).principalOf(undefined)).toEqual({ kind: "anonymous" });
  });
  it("of sessions that ended are swept", () => {
    const { issue, principalOf, pass } = at(0);
    const first = issue(arn, "old", 900);
    pass(1_000_000);
    for (let i = 0; i < 2100; i++) issue(arn, "new", 900);
    // A forgotten key is as unknown as any other.
    expect(principalOf(first.accessKeyId)).toEqual({ kind: "account" });
  });
});
