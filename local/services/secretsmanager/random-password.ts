/** Passwords as GetRandomPassword makes them. */
import { ServiceError } from "../../core/errors.ts";

export interface PasswordRules {
  readonly PasswordLength?: number | undefined;
  readonly ExcludeCharacters?: string | undefined;
  readonly ExcludeNumbers?: boolean | undefined;
  readonly ExcludePunctuation?: boolean | undefined;
  readonly ExcludeUppercase?: boolean | undefined;
  readonly ExcludeLowercase?: boolean | undefined;
  readonly IncludeSpace?: boolean | undefined;
  readonly RequireEachIncludedType?: boolean | undefined;
}

const DEFAULT_LENGTH = 32;
const LONGEST = 4096;

/** Throws InvalidParameterException when the rules leave nothing to choose from. */
export function randomPassword(random: () => number, rules: PasswordRules): string {
  const length = rules.PasswordLength ?? DEFAULT_LENGTH;
  if (length < 1 || length > LONGEST) throw invalid(`PasswordLength must be between 1 and ${LONGEST}.`);
  const excluded = new Set(rules.ExcludeCharacters ?? "");
  const kinds = [
    rules.ExcludeLowercase ? "" : "abcdefghijklmnopqrstuvwxyz",
    rules.ExcludeUppercase ? "" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    rules.ExcludeNumbers ? "" : "0123456789",
    rules.ExcludePunctuation ? "" : "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    rules.IncludeSpace ? " " : "",
  ]
    .map((kind) => [...kind].filter((character) => !excluded.has(character)))
    .filter((kind) => kind.length > 0);
  const all = kinds.flat();
  if (all.length === 0) throw invalid("The character set for the password is empty.");
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? "";
  const mustHave = (rules.RequireEachIncludedType ?? true) ? kinds : [];
  if (mustHave.length > length) throw invalid("The password length is too short for the required character types.");
  const characters = [...mustHave.map(pick), ...Array.from({ length: length - mustHave.length }, () => pick(all))];
  // Shuffled, so that the required kinds stand anywhere.
  for (let i = characters.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [characters[i], characters[j]] = [characters[j] ?? "", characters[i] ?? ""];
  }
  return characters.join("");
}

const invalid = (message: string): ServiceError => new ServiceError("InvalidParameterException", message);
