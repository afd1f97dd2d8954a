import { invalid } from "./store.ts";

/** One page of a list; the token is the position at which the next one begins. */
export function page<T>(
  all: readonly T[],
  limit = 100,
  token?: string,
): { items: readonly T[]; nextToken: { NextToken?: string } } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) throw invalid("The next token is not valid.");
  const end = start + limit;
  return {
    items: all.slice(start, end),
    nextToken: end < all.length ? { NextToken: Buffer.from(String(end)).toString("base64url") } : {},
  };
}
