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
  const retriers = value.map((retrier, index) => {
    if (!isObject(retrier)) throw new DefinitionError(`${where}[${index}]`, "A retrier must be an object");
    return compileRetrier(retrier, `${where}[${index}]`);
  });
  checkOrder(retriers, where);
  return retriers;
}

/** States.ALL stands alone and comes last, in Retry and in Catch ("Handling errors in Step Functions workflows"). */
export function checkOrder(rules: readonly { readonly errorEquals: readonly string[] }[], where: string): void {
  for (const [index, { errorEquals }] of rules.entries()) {
    if (!errorEquals.includes("States.ALL")) continue;
    const path = `${where}[${index}]/ErrorEquals`;
    if (errorEquals.length > 1) throw new DefinitionError(path, "States.ALL must appear alone");
    if (index < rules.length - 1) throw new DefinitionError(path, "States.ALL must appear in the last element");
  }
}

function compileRetrier(retrier: JsonObject, where: string): Retrier {
  const number = (key: string, otherwise: number, least: number, most: number): number => {
    const value = retrier[key] ?? otherwise;
    if (typeof value !== "number" || value < least || value > most)
      throw new DefinitionError(`${where}/${key}`, `${key} must be a number from ${least} to ${most}`);
    return value;
  };
  const integer = (key: string, otherwise: number, least: number, most: number): number => {
    const value = number(key, otherwise, least, most);
    if (!Number.isInteger(value)) throw new DefinitionError(`${where}/${key}`, `${key} must be an integer`);
    return value;
  };
  const jitter = retrier["JitterStrategy"] ?? "NONE";
  if (jitter !== "FULL" && jitter !== "NONE")
    throw new DefinitionError(`${where}/JitterStrategy`, "JitterStrategy must be FULL or NONE");
  const intervalSeconds = integer("IntervalSeconds", 1, 1, 99_999_999);
  const maxDelaySeconds =
    retrier["MaxDelaySeconds"] === undefined ? Infinity : integer("MaxDelaySeconds", 1, 1, 31_622_399);
  if (maxDelaySeconds <= intervalSeconds && retrier["IntervalSeconds"] !== undefined)
    throw new DefinitionError(`${where}/MaxDelaySeconds`, "MaxDelaySeconds must be greater than IntervalSeconds");
  return {
    errorEquals: errorNames(retrier["ErrorEquals"], where),
    intervalSeconds,
    maxAttempts: integer("MaxAttempts", 3, 0, 99_999_999),
    backoffRate: number("BackoffRate", 2, 1, Number.MAX_SAFE_INTEGER),
    maxDelaySeconds,
    fullJitter: jitter === "FULL",
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
