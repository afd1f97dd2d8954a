/** Reads the function's environment variables once, at start, and says which one is missing or wrong. */
import { ConfigurationInvalid } from "./errors.ts";

type Source = Readonly<Record<string, string | undefined>>;

/** Readers over any source of variables; handlers use {@link env}. An empty variable counts as missing. */
export function environmentOf(source: Source) {
  const find = (variable: string): string | undefined => source[variable]?.trim() || undefined;
  const refuse = (variable: string, problem: string): never => {
    throw new ConfigurationInvalid(`Environment variable ${variable} ${problem}`, { variable });
  };
  const need = (variable: string): string => find(variable) ?? refuse(variable, "is missing");

  return {
    /** The text of a variable; `otherwise` where it is missing. Throws ConfigurationInvalid without one. */
    text: (variable: string, otherwise?: string): string => find(variable) ?? otherwise ?? need(variable),

    /** The text of a variable that may be missing. */
    optional: find,

    /** A whole number within bounds (both included). Throws ConfigurationInvalid for anything else, such as `3.5`, `NaN` or `1e3`. */
    integer(variable: string, { least, most, otherwise }: { least: number; most: number; otherwise?: number }): number {
      if (otherwise !== undefined && find(variable) === undefined) return otherwise;
      const text = need(variable);
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
      return value >= least && value <= most
        ? value
        : refuse(variable, `must be a whole number from ${least} to ${most}`);
    },

    /** `true` or `false`, in any case; false where it is missing unless `otherwise` says something else. */
    flag(variable: string, otherwise = false): boolean {
      const text = find(variable)?.toLowerCase();
      if (text === undefined) return otherwise;
      return text === "true" || (text === "false" ? false : refuse(variable, "must be true or false"));
    },

    /** One of a few words. */
    oneOf<const Word extends string>(variable: string, words: readonly Word[], otherwise?: Word): Word {
      const text = find(variable);
      if (text === undefined && otherwise !== undefined) return otherwise;
      const found = words.find((word) => word === (text ?? need(variable)));
      return found ?? refuse(variable, `must be one of ${words.join(", ")}`);
    },
  };
}

/** The environment of this function. */
export const env = environmentOf(process.env);
