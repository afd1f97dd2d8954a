/** What the listings have in common: folding keys at a delimiter, one page at a time. */
import type { SortedKeys } from "./sorted-keys.ts";
import { compareKeys } from "./key-order.ts";
import { invalidArgument } from "../errors.ts";

const MOST_KEYS = 1000;

export interface Question<T> {
  readonly keys: SortedKeys;
  readonly prefix: string;
  readonly delimiter: string;
  /** Go on behind this key or common prefix; empty from the start. */
  readonly after: string;
  readonly limit: number;
  /** The entries of a key; none when it is not to be seen (its newest version is a delete marker). */
  entriesOf(key: string): readonly T[];
  /** Entries of the key `after` itself that are still to come, for listings of versions. */
  readonly restOfAfter?: readonly T[];
}

export interface Page<T> {
  readonly entries: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last entry or common prefix of this page. */
  readonly last: { readonly entry: T } | { readonly commonPrefix: string } | undefined;
}

/** The next page. Work grows with what is on the page, not with what is in the bucket: folded keys are jumped over. */
export function pageOf<T>(question: Question<T>): Page<T> {
  const { keys, prefix, delimiter, after, limit } = question;
  const entries: T[] = [];
  const commonPrefixes: string[] = [];
  let last: Page<T>["last"];
  const done = (isTruncated: boolean): Page<T> => ({ entries, commonPrefixes, isTruncated, last });
  if (limit === 0) return done(false);
  const isFull = () => entries.length + commonPrefixes.length >= limit;

  const take = (found: readonly T[]): boolean => {
    for (const entry of found) {
      if (isFull()) return false;
      entries.push(entry);
      last = { entry };
    }
    return true;
  };
  if (question.restOfAfter && !take(question.restOfAfter)) return done(true);

  let isReached = (key: string): boolean => compareKeys(key, prefix) >= 0 && compareKeys(key, after) > 0;
  if (after !== "" && commonPrefixOf(after, prefix, delimiter) === after) isReached = isBehind(after);
  for (;;) {
    let jump: string | undefined;
    for (const key of keys.from(isReached)) {
      if (!key.startsWith(prefix)) return done(false);
      const found = question.entriesOf(key);
      if (found.length === 0) continue;
      const folded = commonPrefixOf(key, prefix, delimiter);
      if (folded === undefined) {
        if (!take(found)) return done(true);
        continue;
      }
      if (isFull()) return done(true);
      commonPrefixes.push(folded);
      last = { commonPrefix: folded };
      jump = folded;
      break;
    }
    if (jump === undefined) return done(false);
    isReached = isBehind(jump);
  }
}

/** From the first key behind all those that begin with the prefix. */
const isBehind =
  (prefix: string) =>
  (key: string): boolean =>
    compareKeys(key, prefix) > 0 && !key.startsWith(prefix);

/** What the key is folded to: everything up to the first delimiter behind the prefix. */
function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "" || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** Never more than 1,000. Throws InvalidArgument. */
export function limitOf(maxKeys: number | undefined, name = "maxKeys"): number {
  if (maxKeys === undefined) return MOST_KEYS;
  if (!Number.isInteger(maxKeys) || maxKeys < 0 || maxKeys > 2_147_483_647) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, maxKeys);
  }
  return Math.min(maxKeys, MOST_KEYS);
}

/** Keys and prefixes as the listing gives them: as they are, or URL-encoded. Throws for another encoding. */
export function encoderOf(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined || encodingType === "") return (text) => text;
  if (encodingType !== "url")
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encodingType);
  return urlEncoded;
}

/** As S3 writes keys into listings and events: a space is `+`, slashes stay. */
export const urlEncoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+");
