/** What AWS asks of keys and items before it stores or looks for them. Throws ValidationException. */
import { invalid, invalidParameters, rewording } from "../validation.ts";
import { readItem } from "../values/read-value.ts";
import { itemSize, LARGEST_ITEM, valueSize } from "../values/size.ts";
import { attributeOf, type Item, typeOf, type Value } from "../values/value.ts";
import type { KeyNames } from "../tables/record.ts";
import type { Table } from "../tables/table.ts";

const LONGEST_HASH = 2048;
const LONGEST_SORT = 1024;

/** A key as it was given: exactly the key attributes, each of its type. */
export function checkKey(table: Table, raw: Readonly<Record<string, unknown>> | undefined): Item {
  const key = readItem(raw ?? {});
  const { keys, attributeTypes } = table.record;
  const names = keys.sort === undefined ? [keys.hash] : [keys.hash, keys.sort];
  const fits = names.every((name) => {
    const value = attributeOf(key, name);
    return value !== undefined && typeOf(value) === attributeTypes[name];
  });
  if (!fits || Object.keys(key).length !== names.length) {
    throw invalid("The provided key element does not match the schema");
  }
  checkKeyValues(key, keys);
  return key;
}

/** A whole item: its key, the keys of the indexes that it has, and its size. */
export function checkItem(table: Table, item: Item): void {
  const { keys, attributeTypes } = table.record;
  for (const name of keys.sort === undefined ? [keys.hash] : [keys.hash, keys.sort]) {
    const value = attributeOf(item, name);
    if (value === undefined) throw invalidParameters(`Missing the key ${name} in the item`);
    const expected = attributeTypes[name] ?? "";
    if (typeOf(value) !== expected) {
      throw invalidParameters(`Type mismatch for key ${name} expected: ${expected} actual: ${typeOf(value)}`);
    }
  }
  checkKeyValues(item, keys);
  checkIndexKeys(table, item);
  if (itemSize(item) > LARGEST_ITEM) throw invalid("Item size has exceeded the maximum allowed size");
}

/** The attributes that are keys of indexes. An item may lack them; it is then not in the index. */
export function checkIndexKeys(table: Table, item: Item): void {
  const { attributeTypes, indexes } = table.record;
  for (const index of indexes) {
    for (const name of [index.keys.hash, index.keys.sort]) {
      const value = name === undefined ? undefined : attributeOf(item, name);
      if (name === undefined || value === undefined) continue;
      const expected = attributeTypes[name] ?? "";
      if (typeOf(value) !== expected) {
        throw invalidParameters(
          `Type mismatch for Index Key ${name} Expected: ${expected} Actual: ${typeOf(value)} IndexName: ${index.name}`,
        );
      }
      if (isEmpty(value)) {
        throw invalid(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kindOf(value)} value. IndexName: ${index.name}, IndexKey: ${name}`,
        );
      }
    }
    checkKeySizes(item, index.keys);
  }
}

function checkKeyValues(item: Item, keys: KeyNames): void {
  for (const name of [keys.hash, keys.sort]) {
    const value = name === undefined ? undefined : attributeOf(item, name);
    if (value === undefined || !isEmpty(value)) continue;
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kindOf(value)} value. Key: ${name}`,
    );
  }
  checkKeySizes(item, keys);
}

function checkKeySizes(item: Item, keys: KeyNames): void {
  const hash = attributeOf(item, keys.hash);
  const sort = keys.sort === undefined ? undefined : attributeOf(item, keys.sort);
  if (hash && valueSize(hash) > LONGEST_HASH) {
    // AWS leaves the space out, too.
    throw invalidParameters(`Size of hashkey has exceeded the maximum size limit of${LONGEST_HASH} bytes`);
  }
  if (sort && valueSize(sort) > LONGEST_SORT) {
    throw invalidParameters(`Aggregated size of all range keys has exceeded the size limit of ${LONGEST_SORT} bytes`);
  }
}

const isEmpty = (value: Value): boolean => ("S" in value && value.S === "") || ("B" in value && value.B.length === 0);
const kindOf = (value: Value): string => ("S" in value ? "string" : "binary");

/** Where a query or scan goes on: the keys of the table and of the index, of their types. */
export function checkStartKey(
  table: Table,
  index: { readonly keys: KeyNames } | undefined,
  raw: Readonly<Record<string, unknown>>,
): Item {
  const prefix = "The provided starting key is invalid";
  const key = rewording(
    () => readItem(raw),
    (reason) => `${prefix}: ${reason}`,
  );
  const wanted = table.keyNames(index);
  const { attributeTypes } = table.record;
  const hasNames = Object.keys(key).length === wanted.length && wanted.every((name) => Object.hasOwn(key, name));
  const fits = hasNames && wanted.every((name) => typesMatch(attributeOf(key, name), attributeTypes[name]));
  if (!fits) throw invalid(index ? prefix : `${prefix}: The provided key element does not match the schema`);
  return key;
}

const typesMatch = (value: Value | undefined, type: string | undefined): boolean =>
  value !== undefined && typeOf(value) === type;
