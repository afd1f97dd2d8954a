/** One page of a query or scan: up to 1 MB or `limit` items are looked at, then filtered, then cut to what was asked for. */
import { type Condition, meets } from "../expressions/condition.ts";
import type { Path } from "../expressions/path.ts";
import { project } from "../expressions/projection.ts";
import type { Place } from "../indexes/item-order.ts";
import { projectedItem, projectedNames } from "../indexes/projected.ts";
import type { IndexRecord } from "../tables/record.ts";
import type { Table } from "../tables/table.ts";
import { invalidParameters } from "../validation.ts";
import { itemSize } from "../values/size.ts";
import type { Item } from "../values/value.ts";

const PAGE = 1024 * 1024;

interface PageRequest {
  readonly table: Table;
  readonly index: IndexRecord | undefined;
  readonly places: Iterable<Place>;
  readonly limit: number | undefined;
  readonly filter: Condition | undefined;
  readonly selection: Selection;
}

/** What of each item is answered. */
export type Selection =
  { readonly kind: "all" | "projected" | "count" } | { readonly kind: "paths"; readonly paths: readonly Path[] };

export interface Page {
  readonly items: readonly Item[];
  readonly count: number;
  readonly scanned: number;
  readonly last: Item | undefined;
  /** What was read from the table or index. */
  readonly bytes: number;
  /** Items fetched from the table because a local index does not hold all that was asked for, by their sizes. */
  readonly fetched: readonly number[];
}

export function readPage({ table, index, places, limit = Infinity, filter, selection }: PageRequest): Page {
  const fetches = index?.kind === "local" && wantsMore(table, index, selection);
  const items: Item[] = [];
  const fetched: number[] = [];
  let scanned = 0;
  let bytes = 0;
  let last: Item | undefined;
  let isCut = false;
  for (const { key } of places) {
    const whole = table.get(key);
    if (!whole) continue;
    const held = index ? projectedItem(table, index, whole) : whole;
    const size = itemSize(held);
    if (scanned > 0 && bytes + size > PAGE) {
      isCut = true;
      break;
    }
    scanned++;
    bytes += size;
    last = whole;
    const seen = fetches ? whole : held;
    if (fetches) fetched.push(itemSize(whole));
    if (!filter || meets(seen, filter)) items.push(selection.kind === "paths" ? project(seen, selection.paths) : seen);
    // AWS cannot know here whether another item follows, and says where to go on in any case.
    if (scanned >= limit) {
      isCut = true;
      break;
    }
  }
  return {
    items: selection.kind === "count" ? [] : items,
    count: items.length,
    scanned,
    last: isCut && last ? table.keysOf(last, index) : undefined,
    bytes,
    fetched,
  };
}

function wantsMore(table: Table, index: IndexRecord, selection: Selection): boolean {
  const held = projectedNames(table, index);
  if (held === undefined) return false;
  if (selection.kind === "paths") return selection.paths.some(([name]) => !held.includes(name));
  return selection.kind === "all";
}

/** A global index answers only what it holds. Throws ValidationException. */
export function checkSelection(table: Table, index: IndexRecord | undefined, selection: Selection): void {
  if (index?.kind !== "global" || !wantsMore(table, index, selection)) return;
  if (selection.kind === "all") {
    throw invalidParameters(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  const held = projectedNames(table, index);
  const names = selection.kind === "paths" ? selection.paths.map(([name]) => name) : [];
  const missing = names.filter((name) => !held?.includes(name));
  throw invalidParameters(`Global secondary index ${index.name} does not project [${missing.join(", ")}]`);
}
