/** Sizes in bytes, as AWS reckons them ("DynamoDB item sizes and formats"). */
import { numberSize } from "./decimal.ts";
import type { Item, Value } from "./value.ts";

/** The largest item, names and values together. */
export const LARGEST_ITEM = 400 * 1024;
const CONTAINER = 3;
const MEMBER = 1;

export const textSize = (text: string): number => Buffer.byteLength(text);

export function valueSize(value: Value): number {
  if ("S" in value) return textSize(value.S);
  if ("N" in value) return numberSize(value.N);
  if ("B" in value) return value.B.length;
  if ("BOOL" in value || "NULL" in value) return 1;
  if ("SS" in value) return total(value.SS, textSize);
  if ("NS" in value) return total(value.NS, numberSize);
  if ("BS" in value) return total(value.BS, (bytes) => bytes.length);
  if ("L" in value) return CONTAINER + total(value.L, (member) => valueSize(member) + MEMBER);
  return CONTAINER + total(Object.entries(value.M), ([name, member]) => textSize(name) + valueSize(member) + MEMBER);
}

export const itemSize = (item: Item): number =>
  total(Object.entries(item), ([name, value]) => textSize(name) + valueSize(value));

function total<T>(members: readonly T[], size: (member: T) => number): number {
  let sum = 0;
  for (const member of members) sum += size(member);
  return sum;
}
