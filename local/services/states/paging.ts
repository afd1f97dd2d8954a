/** Pages of lists, with tokens that say where the next one begins. */
import { ServiceError } from "../../core/errors.ts";

/** `maxResults` 0 stands for the default, 100. A token is only good for the list it came from. Throws InvalidToken. */
export function page<T>(
  items: readonly T[],
  kind: string,
  maxResults: number | undefined,
  token: string | undefined,
): { items: readonly T[]; nextToken?: string } {
  const size = maxResults || 100;
  if (size < 0 || size > 1000) {
    const bound = size < 0 ? "greater than or equal to 0" : "less than or equal to 1000";
    throw new ServiceError(
      "ValidationException",
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  const start = token === undefined ? 0 : startOf(token, kind);
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { nextToken: Buffer.from(JSON.stringify({ kind, start: end })).toString("base64") } : {}),
  };
}

function startOf(token: string, kind: string): number {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, "base64").toString());
    if (
      typeof content === "object" &&
      content !== null &&
      "kind" in content &&
      "start" in content &&
      content.kind === kind &&
      typeof content.start === "number"
    )
      return content.start;
  } catch {
    // Not a token at all: the same answer.
  }
  throw new ServiceError("InvalidToken", "Invalid Token: 'Invalid token'");
}
