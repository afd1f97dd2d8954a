/** Where the result of an original below a prefix goes. */
import { AppError } from "#shared/errors";

/** The result would lie below the prefix again, and start the function. */
export class ResultWouldLoop extends AppError<{ key: string }> {}

/** The key is not one that the notification's filter lets through. */
export class KeyUnexpected extends AppError<{ key: string }> {}

/**
 * The key without the prefix; everything behind it stays, folders too.
 * Throws KeyUnexpected for a key without the prefix, ResultWouldLoop for one that has it twice.
 */
export function resultKey(key: string, prefix: string): string {
  if (!key.startsWith(prefix) || key.length === prefix.length)
    throw new KeyUnexpected("The key does not begin with the prefix of originals, or ends with it", { key });
  const result = key.slice(prefix.length);
  if (result.startsWith(prefix))
    throw new ResultWouldLoop("Without its prefix the key would still begin with the prefix of originals", { key });
  return result;
}
