import { describe, expect, it } from "vitest";
import { delayAfter, retryPolicyOf } from "./retry-policy.ts";

/** The waits before each retry, in seconds, until the policy gives up (or after `most` retries). */
function waits(policy: ReturnType<typeof retryPolicyOf>, most = 1_000): number[] {
  const delays: number[] = [];
  for (let failed = 1; failed <= most; failed++) {
    const delay = delayAfter(failed, policy);
    if (delay === undefined) break;
    delays.push(delay);
  }
  return delays;
}

describe("retries", () => {
  it("to queues and functions: at once, after a second, then ever slower up to 20 seconds, 100,015 in all", () => {
    const policy = retryPolicyOf("sqs", undefined);
    const first = waits(policy, 16);
    expect(first.slice(0, 6)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(first[14]).toBeCloseTo(20);
    expect(first[15]).toBe(20);
    expect([...first].sort((a, b) => a - b)).toEqual(first);
    expect(delayAfter(100_015, policy)).toBe(20);
    expect(delayAfter(100_016, policy)).toBeUndefined();
  });

  it("to HTTP endpoints: three, twenty seconds apart", () => {
    expect(waits(retryPolicyOf("http", undefined))).toEqual([20, 20, 20]);
  });

  it("to HTTP endpoints by their own policy, phase by phase", () => {
    const policy = retryPolicyOf("https", {
      minDelayTarget: 1,
      maxDelayTarget: 60,
      numRetries: 7,
      numNoDelayRetries: 2,
      numMinDelayRetries: 1,
      numMaxDelayRetries: 1,
      backoffFunction: "linear",
    });
    expect(waits(policy)).toEqual([0, 0, 1, 1, 30.5, 60, 60]);
  });

  it.each(["linear", "arithmetic", "geometric", "exponential"])(
    "of a %s backoff run from the shortest to the longest wait",
    (backoffFunction) => {
      const delays = waits(
        retryPolicyOf("http", { minDelayTarget: 2, maxDelayTarget: 50, numRetries: 8, backoffFunction }),
      );
      expect(delays).toHaveLength(8);
      expect(delays[0]).toBeCloseTo(2);
      expect(delays[7]).toBeCloseTo(50);
      expect([...delays].sort((a, b) => a - b)).toEqual(delays);
    },
  );

  it("of mails: 49 after the first attempt", () => {
    expect(waits(retryPolicyOf("email", undefined))).toHaveLength(49);
  });
});
