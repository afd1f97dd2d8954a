/** How many invocations may run at a time ("Understanding Lambda function scaling"). */
import { ServiceError } from "../../../core/errors.ts";
import type { FunctionRecord, Functions } from "../store.ts";

/** Default quota of an account; new accounts start lower ("Lambda quotas"). */
export const ACCOUNT_LIMIT = 1_000;
/** Reserving must leave this many for all other functions. */
export const LEAST_UNRESERVED = 100;

export class Concurrency {
  readonly #functions: Functions;
  readonly #running = new Map<string, number>();
  #unreservedRunning = 0;

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  /** What functions without a reservation share. */
  get unreserved(): number {
    return this.#functions.all().reduce((left, { reserved }) => left - (reserved ?? 0), ACCOUNT_LIMIT);
  }

  runningOf(name: string): number {
    return this.#running.get(name) ?? 0;
  }

  /** Takes a place; the answered function gives it back. Throws TooManyRequestsException when there is none. */
  enter({ name, reserved }: FunctionRecord): () => void {
    const running = this.runningOf(name);
    if (reserved !== undefined && running >= reserved)
      throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
    const counts = reserved === undefined;
    if (counts && this.#unreservedRunning >= this.unreserved) throw throttled("ConcurrentInvocationLimitExceeded");
    this.#running.set(name, running + 1);
    if (counts) this.#unreservedRunning++;
    return () => {
      this.#running.set(name, this.runningOf(name) - 1);
      if (counts) this.#unreservedRunning--;
    };
  }

  deleteFunction(name: string): void {
    if (this.runningOf(name) === 0) this.#running.delete(name);
  }
}

const throttled = (reason: string): ServiceError =>
  new ServiceError("TooManyRequestsException", "Rate Exceeded.", {
    status: 429,
    detail: { Reason: reason, Type: "User" },
  });
