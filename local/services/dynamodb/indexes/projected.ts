/** What an index holds of an item. */
import { attributeOf, type Item, setAttribute } from "../values/value.ts";
import type { IndexRecord } from "../tables/record.ts";
import type { Table } from "../tables/table.ts";

/** The names of the attributes that an index holds; undefined for all. */
export function projectedNames(table: Table, index: IndexRecord): readonly string[] | undefined {
  if (index.projection.type === "ALL") return undefined;
  return [...table.keyNames(index), ...index.projection.attributes];
}

export function projectedItem(table: Table, index: IndexRecord, item: Item): Item {
  const names = projectedNames(table, index);
  if (names === undefined) return item;
  const held: Item = {};
  for (const name of names) {
    const value = attributeOf(item, name);
    if (value !== undefined) setAttribute(held, name, value);
  }
  return held;
}
