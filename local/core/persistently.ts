/** How AWS's own services call each other: throttles and faults pass, so they try again. */
import type { Clock } from "./clock.ts";
import { isServiceError } from "./errors.ts";

const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 1_000;

/** Answers what the work answers. Throws its error when it is a refusal, which would only come again, or after the last try. */
export async function persistently<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || tries === MOST_TRIES) throw error;
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  }
}

const mayPass = (error: unknown): boolean =>
  isServiceError(error) &&
  ((error.status ?? 400) >= 500 || /Throttl|TooMany|SlowDown|Exceeded|Internal|Unavailable/.test(error.name));
