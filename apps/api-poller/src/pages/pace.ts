/** How many pages are fetched at a time, and how long each request waits before it is sent. */

export interface Pace {
  readonly concurrency: number;
  /** Before every request, retries included. */
  readonly waitSeconds: number;
}

/**
 * Keeps to a number of requests per second whatever the partner's answers take: each of `concurrency` lanes sends at most one
 * request every `waitSeconds`.
 */
export function paceOf(requestsPerSecond: number | undefined, mostAtATime: number): Pace {
  if (requestsPerSecond === undefined) return { concurrency: mostAtATime, waitSeconds: 0 };
  // Lambda is paid while it waits: a wait of one second where that is enough.
  const concurrency = Math.max(1, Math.min(mostAtATime, Math.floor(requestsPerSecond)));
  return { concurrency, waitSeconds: Math.max(1, concurrency / requestsPerSecond) };
}
