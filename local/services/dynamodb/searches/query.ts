import type { Handler } from "../../../core/service.ts";
import { pathsOf } from "../expressions/condition-paths.ts";
import {
  bindKeyCondition,
  parseKeyCondition,
  type QueriedKeys,
  type SortCondition,
} from "../expressions/key-condition.ts";
import type { ItemOrder, Place, SortRange } from "../indexes/item-order.ts";
import type { DynamoDB, Tables } from "../store.ts";
import type { IndexRecord } from "../tables/record.ts";
import type { Table } from "../tables/table.ts";
import { invalid } from "../validation.ts";
import { compareText, keyText } from "../values/compare.ts";
import { checkStartKey } from "../items/check-item.ts";
import { readPage } from "./page.ts";
import { answerPage, readSearch, searched } from "./search.ts";

/** The items of one partition, in the order of their sort keys. */
export const query =
  (tables: Tables): Handler<DynamoDB, "Query"> =>
  (input) => {
    const search = readSearch("Querying", input);
    const { KeyConditionExpression: text, ExclusiveStartKey: rawStart } = input;
    if (text === undefined) {
      throw invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
    }
    const clauses = parseKeyCondition(text, search.placeholders);
    search.placeholders.checkUsed();
    const { table, index } = searched(tables, input, search);
    const { hash, sort } = bindKeyCondition(clauses, queriedKeys(table, index));
    const { filter, selection } = search;
    checkFilter(table, index, filter ? pathsOf(filter).map(([name]) => name) : []);
    const order = table.order(index);
    const partition = keyText(hash);
    const range = sort === undefined ? {} : rangeOf(sort);
    const start = rawStart && startOf(table, index, order, rawStart);
    if (start) checkStart(start, partition, range);
    const places = order.query(partition, range, input.ScanIndexForward ?? true, start);
    const page = readPage({ table, index, places, limit: input.Limit, filter, selection });
    return answerPage(page, { table, index }, selection, input);
  };

function queriedKeys(table: Table, index: IndexRecord | undefined): QueriedKeys {
  const { hash, sort } = index?.keys ?? table.record.keys;
  const key = (name: string) => ({ name, type: table.record.attributeTypes[name] ?? "S" });
  return { hash: key(hash), sort: sort === undefined ? undefined : key(sort) };
}

/** What the key condition is about cannot be filtered as well. */
function checkFilter(table: Table, index: IndexRecord | undefined, names: readonly string[]): void {
  const { hash, sort } = index?.keys ?? table.record.keys;
  const key = names.find((name) => name === hash || name === sort);
  if (key === undefined) return;
  throw invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`);
}

function rangeOf(sort: SortCondition): SortRange {
  if (sort.kind === "prefix") return { prefix: keyText(sort.prefix) };
  const { low, high } = sort;
  return {
    ...(low ? { low: { text: keyText(low.value), exclusive: low.exclusive ?? false } } : {}),
    ...(high ? { high: { text: keyText(high.value), exclusive: high.exclusive ?? false } } : {}),
  };
}

/** Where an exclusive start key stands in the order that is read. */
export function startOf(
  table: Table,
  index: IndexRecord | undefined,
  order: ItemOrder,
  raw: Readonly<Record<string, unknown>>,
): Place {
  const key = checkStartKey(table, index, raw);
  const place = order.placeOf(table.keyOf(key), key);
  if (!place) throw invalid("The provided starting key is invalid");
  return place;
}

function checkStart(start: Place, partition: string, { low, high, prefix }: SortRange): void {
  if (start.hash !== partition) {
    throw invalid("The provided starting key is outside query boundaries based on provided conditions");
  }
  const isInside =
    (!low || compareText(start.sort, low.text) >= (low.exclusive ? 1 : 0)) &&
    (!high || compareText(start.sort, high.text) <= (high.exclusive ? -1 : 0)) &&
    (prefix === undefined || start.sort.startsWith(prefix));
  if (!isInside) throw invalid("The provided starting key does not match the range key predicate");
}
