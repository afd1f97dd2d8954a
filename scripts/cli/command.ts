/** What a command declares of itself. */

export interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** May be given several times: the values come as one, with commas in between. */
  readonly multiple?: boolean;
  /** How the value is called in the help. */
  readonly value?: string;
  readonly says: string;
}

export interface Arguments {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly words: readonly string[];
}

export interface Command {
  readonly says: string;
  readonly usage: string;
  readonly options?: Readonly<Record<string, Option>>;
  readonly examples?: readonly string[];
  /** Everything behind the command goes to another program. */
  readonly passThrough?: boolean;
  /** Answers the exit code. */
  run(args: Arguments): Promise<number>;
}

/** The command was used wrongly: the message says how, the exit code is 2. */
export class Misuse extends Error {}

/** A whole number within bounds. Throws Misuse. */
export function wholeNumber(
  name: string,
  value: string | boolean | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most)
    throw new Misuse(`--${name} takes a whole number from ${least} to ${most}, not ${String(value)}`);
  return number;
}
