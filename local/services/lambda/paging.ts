/** Pages of lists: the marker is the place at which the next page begins. */
import { Constraints } from "../constraints.ts";
import { invalid } from "./errors.ts";

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextMarker: string | undefined;
}

/** @param largest how many a page may have at most; a larger MaxItems is cut down to it. */
export function pageOf<T>(
  items: readonly T[],
  marker: string | undefined,
  maxItems: number | undefined,
  largest = 50,
): Page<T> {
  new Constraints().number("maxItems", maxItems, { min: 1, max: 10_000 }).check();
  const start = marker === undefined ? 0 : Number(Buffer.from(marker, "base64").toString());
  if (!Number.isInteger(start) || start < 0) throw invalid("Invalid marker");
  const end = start + Math.min(maxItems ?? largest, largest);
  const nextMarker = end < items.length ? Buffer.from(String(end)).toString("base64") : undefined;
  return { items: items.slice(start, end), nextMarker };
}
