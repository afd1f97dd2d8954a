/** The six ways, and the functions that belong to each. */
import { ConfigurationInvalid } from "#shared/errors";

export const WAYS = ["two-buckets", "prefix", "metadata", "ledger", "marker", "rule"] as const;
export type Way = (typeof WAYS)[number];

/** Function names by way. */
export type Functions = ReadonlyMap<Way, readonly string[]>;

/** Reads `prefix=function-a,ledger=function-b,ledger=function-c`. Throws ConfigurationInvalid. */
export function functionsOf(text: string): Functions {
  const functions = new Map<Way, string[]>();
  for (const entry of text.split(",")) {
    const [name, functionName] = entry.split("=");
    const way = WAYS.find((known) => known === name);
    if (way === undefined || !functionName)
      throw new ConfigurationInvalid("Environment variable WAYS must list ways and functions", { variable: "WAYS" });
    functions.set(way, [...(functions.get(way) ?? []), functionName]);
  }
  return functions;
}

/** The ways to which any of these functions belongs. */
export const waysWith = (functions: Functions, names: readonly string[]): Way[] =>
  [...functions].flatMap(([way, own]) => (own.some((name) => names.includes(name)) ? [way] : []));
