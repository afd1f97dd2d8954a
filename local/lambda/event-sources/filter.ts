/** Event filtering ("Control which events Lambda sends to your function"). */
import type { Mapping } from "./mapping.ts";

type Matches = (pattern: object, event: unknown) => boolean;

/** Answers whether a record passes the mapping's filters; without filters all do. */
export async function filterOf({ patterns }: Pick<Mapping, "patterns">): Promise<(record: unknown) => boolean> {
  if (patterns.length === 0) return () => true;
  const matchesPattern = await loadMatcher();
  const parsed = patterns.map((pattern) => JSON.parse(pattern) as object);
  return (record) => parsed.some((pattern) => matchesPattern(pattern, record));
}

// The pattern language belongs to EventBridge; it is loaded only where a mapping filters.
const loadMatcher = async (): Promise<Matches> => (await import("../../services/events/pattern.ts")).matchesPattern;

/** A JSON body is filtered by its members, any other as a text. */
export function parsedBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
