/** Token buckets: `rate` tokens a second flow in, at most `burst` are kept ("Throttle requests to your REST APIs"). */
import type { Clock } from "../../../core/clock.ts";

export interface Limit {
  /** Requests a second. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}

/** What an account has in a region when nothing else is set ("Amazon API Gateway quotas"). */
export const ACCOUNT_LIMIT: Limit = { rate: 10_000, burst: 5_000 };

interface Bucket {
  tokens: number;
  filledAt: number;
  limit: Limit;
}

export class Throttle {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one token. False when there is none: the request is one too many. */
  take(key: string, limit: Limit): boolean {
    const now = this.#clock.now();
    let bucket = this.#buckets.get(key);
    if (!bucket || bucket.limit.rate !== limit.rate || bucket.limit.burst !== limit.burst) {
      bucket = { tokens: limit.burst, filledAt: now, limit };
      this.#buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * limit.rate);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
