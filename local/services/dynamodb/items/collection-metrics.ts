import type { Table } from "../tables/table.ts";
import { attributeOf, type Item } from "../values/value.ts";

/** Sizes of item collections, which only tables with local indexes have; the estimate is a range in gigabytes. */
export function collectionMetrics(
  table: Table,
  item: Item | undefined,
  wanted: string | undefined,
): { ItemCollectionMetrics?: { ItemCollectionKey: Item; SizeEstimateRangeGB: number[] } } {
  const { hash } = table.record.keys;
  const value = item && attributeOf(item, hash);
  const hasCollections = table.record.indexes.some(({ kind }) => kind === "local");
  if (wanted !== "SIZE" || !hasCollections || value === undefined) return {};
  return { ItemCollectionMetrics: { ItemCollectionKey: { [hash]: value }, SizeEstimateRangeGB: [0, 1] } };
}
