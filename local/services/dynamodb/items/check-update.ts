/** What an update must leave alone, and what its outcome must be. Throws ValidationException. */
import type { Path } from "../expressions/path.ts";
import type { Update, UpdateOperand } from "../expressions/update.ts";
import type { Table } from "../tables/table.ts";
import { invalid, invalidParameters } from "../validation.ts";
import { itemSize, LARGEST_ITEM } from "../values/size.ts";
import { attributeOf, type Item, typeOf } from "../values/value.ts";
import { checkIndexKeys } from "./check-item.ts";

/** The key of an item never changes. */
export function checkUpdatedPaths(table: Table, update: Update): void {
  const keys = table.keyNames();
  for (const { path } of update) {
    if (!keys.includes(path[0])) continue;
    throw invalidParameters(`Cannot update attribute ${path[0]}. This attribute is part of the key`);
  }
}

/** Attributes of keys have no members that an expression could reach. */
export function checkScalarKeys(table: Table, paths: readonly Path[]): void {
  const own = new Set(table.keyNames());
  const indexed = new Set(table.record.indexes.flatMap((index) => table.keyNames(index)));
  for (const [name, ...rest] of paths) {
    if (rest.length === 0) continue;
    const what = own.has(name) ? "Key" : indexed.has(name) ? "IndexKey" : undefined;
    if (what === undefined) continue;
    throw invalid(
      `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${what}: ${name}`,
    );
  }
}

/** The item that an update has made. */
export function checkUpdated(table: Table, after: Item, update: Update): void {
  for (const index of table.record.indexes) {
    for (const name of [index.keys.hash, index.keys.sort]) {
      const value = name === undefined ? undefined : attributeOf(after, name);
      if (name === undefined || value === undefined || typeOf(value) === table.record.attributeTypes[name]) continue;
      const action = update.find(({ path }) => path[0] === name);
      // AWS finds a type that the expression itself shows before it looks at the item, and says so differently.
      if (action?.kind !== "set" || !comesFromItem(action.operand)) continue;
      throw invalid("The update expression attempted to update the secondary index key to unsupported type");
    }
  }
  checkIndexKeys(table, after);
  if (itemSize(after) > LARGEST_ITEM) throw invalid("Item size to update has exceeded the maximum allowed size");
}

const comesFromItem = (operand: UpdateOperand): boolean => operand.kind === "path" || operand.kind === "if_not_exists";
