/** Pages of lists, by opaque tokens. */
import { ServiceError } from "../../core/errors.ts";
import { Constraints } from "../constraints.ts";

/** One page and the token of the next, which holds the place in the list. Throws InvalidParameterException for a foreign token. */
export function page<T>(items: readonly T[], token: string | undefined, limit: number | undefined, most: number) {
  new Constraints("InvalidParameterException").number("limit", limit, { min: 1, max: most }).check();
  const start = token === undefined ? 0 : placeIn(token);
  const end = start + (limit ?? most);
  return { items: items.slice(start, end), rest: end < items.length ? { nextToken: tokenOf(end) } : {} };
}

const tokenOf = (place: number): string => Buffer.from(`place:${place}`).toString("base64url");

function placeIn(token: string): number {
  const [, place] = /^place:(\d+)$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (place === undefined) throw new ServiceError("InvalidParameterException", "The specified nextToken is invalid.");
  return Number(place);
}
