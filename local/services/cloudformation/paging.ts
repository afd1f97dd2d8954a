/** Lists in pages. A token names the last item of its page, so that items that come or go meanwhile shift nothing. */
import { ServiceError } from "../../core/errors.ts";

const PAGE = 100;

interface Page<T> {
  readonly items: readonly T[];
  readonly NextToken?: string;
}

/** Throws ValidationError for a token that no page gave. */
export function pageOf<T>(items: readonly T[], keyOf: (item: T) => string, token: string | undefined): Page<T> {
  let start = 0;
  if (token !== undefined) {
    const key = Buffer.from(token, "base64url").toString();
    start = items.findIndex((item) => keyOf(item) === key) + 1;
    if (start === 0) throw new ServiceError("ValidationError", `NextToken is not valid: ${token}`);
  }
  const page = items.slice(start, start + PAGE);
  const last = page.at(-1);
  if (last === undefined || start + PAGE >= items.length) return { items: page };
  return { items: page, NextToken: Buffer.from(keyOf(last)).toString("base64url") };
}
