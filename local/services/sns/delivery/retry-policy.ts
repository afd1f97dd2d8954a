/** How long SNS waits between attempts ("Amazon SNS message delivery retries"). */
import type { Protocol } from "../store.ts";

export interface RetryPolicy {
  readonly immediately: number;
  readonly beforeBackoff: number;
  readonly backoff: number;
  readonly afterBackoff: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  readonly growth: "linear" | "arithmetic" | "geometric" | "exponential";
}

/** AWS managed endpoints: 100,015 attempts over 23 days. */
const MANAGED: RetryPolicy = {
  immediately: 3,
  beforeBackoff: 2,
  backoff: 10,
  afterBackoff: 100_000,
  minSeconds: 1,
  maxSeconds: 20,
  growth: "exponential",
};

/** HTTP and HTTPS unless topic or subscription say otherwise: three retries, twenty seconds apart. */
const HTTP: RetryPolicy = {
  immediately: 0,
  beforeBackoff: 0,
  backoff: 3,
  afterBackoff: 0,
  minSeconds: 20,
  maxSeconds: 20,
  growth: "linear",
};

/** Mail and SMS: 50 attempts over six hours. */
const CUSTOMER_MANAGED: RetryPolicy = {
  immediately: 0,
  beforeBackoff: 2,
  backoff: 10,
  afterBackoff: 37,
  minSeconds: 10,
  maxSeconds: 600,
  growth: "exponential",
};

/**
 * The policy for an endpoint: of HTTP the subscription's, else the topic's delivery policy, else the default of the protocol.
 * `custom` is the retry part of a delivery policy as callers write it.
 */
export function retryPolicyOf(protocol: Protocol, custom: Readonly<Record<string, unknown>> | undefined): RetryPolicy {
  if (protocol === "sqs" || protocol === "lambda") return MANAGED;
  if (protocol !== "http" && protocol !== "https") return CUSTOMER_MANAGED;
  if (custom === undefined) return HTTP;
  const number = (name: string, initial: number): number => Number(custom[name] ?? initial);
  const immediately = number("numNoDelayRetries", 0);
  const beforeBackoff = number("numMinDelayRetries", 0);
  const afterBackoff = number("numMaxDelayRetries", 0);
  const { backoffFunction: growth } = custom;
  return {
    immediately,
    beforeBackoff,
    backoff: Math.max(0, number("numRetries", 3) - immediately - beforeBackoff - afterBackoff),
    afterBackoff,
    minSeconds: number("minDelayTarget", 20),
    maxSeconds: number("maxDelayTarget", 20),
    growth: growth === "arithmetic" || growth === "geometric" || growth === "exponential" ? growth : "linear",
  };
}

/** Seconds to wait after so many failed attempts; undefined when the policy is exhausted. AWS adds jitter, here there is none. */
export function delayAfter(failedAttempts: number, policy: RetryPolicy): number | undefined {
  let retry = failedAttempts - 1;
  if (retry < policy.immediately) return 0;
  retry -= policy.immediately;
  if (retry < policy.beforeBackoff) return policy.minSeconds;
  retry -= policy.beforeBackoff;
  if (retry < policy.backoff) return backoffDelay(retry, policy);
  retry -= policy.backoff;
  return retry < policy.afterBackoff ? policy.maxSeconds : undefined;
}

/** From the shortest to the longest delay over the retries of the phase, by the curve of the policy. */
function backoffDelay(retry: number, { backoff, minSeconds: min, maxSeconds: max, growth }: RetryPolicy): number {
  const progress = backoff <= 1 ? 1 : retry / (backoff - 1);
  switch (growth) {
    case "linear":
      return min + (max - min) * progress;
    case "arithmetic":
      return min + ((max - min) * (progress * (progress + 1))) / 2;
    case "geometric":
      return min + (max - min) * progress ** 2;
    case "exponential":
      return min === 0 ? max * progress ** 2 : min * (max / min) ** progress;
  }
}
