/** Retriers: whether a failed state is tried again, and after which time. */
import { DefinitionError, type StatesFailure } from "../failure.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import { matchesError } from "./matching.ts";

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly fullJitter: boolean;
}

export function compileRetriers(value: Json | undefined, where: string): readonly Retrier[] {
  if (value === undefined) return [];
  if (!isArray(value)) throw new DefinitionError(where, "Retry must be an array");
  return value.map((retrier, index) => {
    if (!isObject(retrier)) throw new DefinitionError(`${where}[${index}]`, "A retrier must be an object");
    return compileRetrier(retrier, `${where}[${index}]`);
  });
}

function compileRetrier(retrier: JsonObject, where: string): Retrier {
  const number = (key: string, otherwise: number, least: number, most: number): number => {
    const value = retrier[key] ?? otherwise;
    if (typeof value !== "number" || value < least || value > most)
      throw new DefinitionError(`${where}/${key}`, `${key} must be a number from ${least} to ${most}`);
    return value;
  };
  return {
    errorEquals: errorNames(retrier["ErrorEquals"], where),
    intervalSeconds: number("IntervalSeconds", 1, 1, 99_999_999),
    maxAttempts: number("MaxAttempts", 3, 0, 99_999_999),
    backoffRate: number("BackoffRate", 2, 1, Number.MAX_SAFE_INTEGER),
    maxDelaySeconds: retrier["MaxDelaySeconds"] === undefined ? Infinity : number("MaxDelaySeconds", 1, 1, 31_622_400),
    fullJitter: retrier["JitterStrategy"] === "FULL",
  };
}

export function errorNames(value: Json | undefined, where: string): readonly string[] {
  if (!isArray(value) || value.length === 0)
    throw new DefinitionError(`${where}/ErrorEquals`, "ErrorEquals must be a non-empty array of strings");
  return value.map((name) => {
    if (typeof name !== "string")
      throw new DefinitionError(`${where}/ErrorEquals`, "ErrorEquals must be a non-empty array of strings");
    return name;
  });
}

/** How often each retrier of a state has been used during one visit, in the order of the retriers. */
export type RetryCounts = number[];

/**
 * The first retrier that matches decides: the seconds to wait before the next attempt, or undefined when it is used up or
 * none matches. Counts the attempt. `random` answers [0, 1).
 */
export function nextDelaySeconds(
  retriers: readonly Retrier[],
  failure: StatesFailure,
  counts: RetryCounts,
  random: () => number,
): number | undefined {
  const index = retriers.findIndex((retrier) => matchesError(retrier.errorEquals, failure));
  const retrier = retriers[index];
  const used = counts[index] ?? 0;
  if (!retrier || used >= retrier.maxAttempts) return undefined;
  counts[index] = used + 1;
  const delay = delaySeconds(retrier, used);
  return retrier.fullJitter ? delay * random() : delay;
}

/** Interval times rate to the power of the attempts so far, up to the cap; never more than a year. */
export const delaySeconds = (retrier: Retrier, used: number): number =>
  Math.min(retrier.intervalSeconds * retrier.backoffRate ** used, retrier.maxDelaySeconds, 31_622_400);
