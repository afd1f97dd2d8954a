/** The items of a table or an index in order: partitions by a hash of their key, within them by sort key. Holds keys only. */
import { compareText, keyText } from "../values/compare.ts";
import { attributeOf, type Item, typeOf, type Value } from "../values/value.ts";
import type { KeyNames, KeyType } from "../tables/record.ts";
import { SortedList } from "./sorted-list.ts";

/** Where an item stands. Key attributes are texts as `keyText` makes them. */
export interface Place {
  readonly hash: string;
  readonly sort: string;
  /** Of the item in its table. */
  readonly key: string;
}

type Entry = Omit<Place, "hash">;

interface Partition {
  readonly hash: string;
  readonly slot: number;
  readonly entries: SortedList<Entry>;
}

/** A part of a sort key's values, as texts. */
export interface SortRange {
  readonly low?: { readonly text: string; readonly exclusive: boolean };
  readonly high?: { readonly text: string; readonly exclusive: boolean };
  readonly prefix?: string;
}

/** Segment `segment` of `total` of a parallel scan. */
export interface Segment {
  readonly segment: number;
  readonly total: number;
}

const SLOTS = 2 ** 32;

const compareEntries = (left: Entry, right: Entry): number =>
  compareText(left.sort, right.sort) || compareText(left.key, right.key);

const comparePartitions = (left: Omit<Partition, "entries">, right: Omit<Partition, "entries">): number =>
  left.slot - right.slot || compareText(left.hash, right.hash);

export class ItemOrder {
  readonly #keys: KeyNames;
  readonly #types: Readonly<Record<string, KeyType>>;
  readonly #partitions = new Map<string, Partition>();
  readonly #inOrder = new SortedList<Partition>(comparePartitions);
  #size = 0;

  constructor(keys: KeyNames, types: Readonly<Record<string, KeyType>>) {
    this.#keys = keys;
    this.#types = types;
  }

  /** How many items there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * Where an item stands; undefined when it lacks a key, as sparse indexes allow. An item written before there was an index may
   * have values of other types there; it is not in the index either.
   */
  placeOf(key: string, item: Item): Place | undefined {
    const hash = this.#keyOf(item, this.#keys.hash);
    const sort = this.#keys.sort === undefined ? undefined : this.#keyOf(item, this.#keys.sort);
    if (hash === undefined || (this.#keys.sort !== undefined && sort === undefined)) return undefined;
    return { hash: keyText(hash), sort: sort === undefined ? "" : keyText(sort), key };
  }

  /** Follows an item that came, changed or went. */
  move(key: string, before: Item | undefined, after: Item | undefined): void {
    const from = before && this.placeOf(key, before);
    const to = after && this.placeOf(key, after);
    if (from && to && from.hash === to.hash && from.sort === to.sort) return;
    if (from) this.#remove(from);
    if (to) this.#add(to);
  }

  /** The places of one partition within a range, from `after` (exclusive) on. */
  *query(hash: string, range: SortRange, forward: boolean, after?: Entry): Generator<Place, void> {
    const entries = this.#partitions.get(hash)?.entries;
    if (!entries) return;
    const found = forward
      ? entries.upwards(
          (entry) => isBelow(entry.sort, range) || (after !== undefined && compareEntries(entry, after) <= 0),
        )
      : entries.downwards(
          (entry) => isAbove(entry.sort, range) || (after !== undefined && compareEntries(entry, after) >= 0),
        );
    for (const entry of found) {
      if (forward ? isAbove(entry.sort, range) : isBelow(entry.sort, range)) return;
      yield { hash, ...entry };
    }
  }

  /** All places, or those of a segment, from `after` (exclusive) on. */
  *scan(segment: Segment = { segment: 0, total: 1 }, after?: Place): Generator<Place, void> {
    const start = after ? { slot: slotOf(after.hash), hash: after.hash } : { slot: firstSlot(segment), hash: "" };
    const end = firstSlot({ ...segment, segment: segment.segment + 1 });
    for (const { hash, slot, entries } of this.#inOrder.upwards((other) => comparePartitions(other, start) < 0)) {
      if (slot >= end) return;
      const isStart = after !== undefined && hash === after.hash;
      for (const entry of entries.upwards((other) => isStart && compareEntries(other, after) <= 0)) {
        yield { hash, ...entry };
      }
    }
  }

  #keyOf(item: Item, name: string): Value | undefined {
    const value = attributeOf(item, name);
    return value !== undefined && typeOf(value) === this.#types[name] && keyText(value) !== "" ? value : undefined;
  }

  #add({ hash, sort, key }: Place): void {
    let partition = this.#partitions.get(hash);
    if (!partition) {
      partition = { hash, slot: slotOf(hash), entries: new SortedList(compareEntries) };
      this.#partitions.set(hash, partition);
      this.#inOrder.add(partition);
    }
    partition.entries.add({ sort, key });
    this.#size++;
  }

  #remove({ hash, sort, key }: Place): void {
    const partition = this.#partitions.get(hash);
    if (!partition) return;
    if (partition.entries.remove({ sort, key })) this.#size--;
    if (partition.entries.size > 0) return;
    this.#partitions.delete(hash);
    this.#inOrder.remove(partition);
  }
}

/** Whether the segment of a parallel scan holds this partition. */
export function isInSegment(hash: string, segment: Segment): boolean {
  const slot = slotOf(hash);
  return slot >= firstSlot(segment) && slot < firstSlot({ ...segment, segment: segment.segment + 1 });
}

const firstSlot = ({ segment, total }: Segment): number => Math.ceil((segment * SLOTS) / total);

/** FNV-1a over UTF-16 units with a final mix: spreads similar keys over all segments. */
function slotOf(hash: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < hash.length; at++) state = Math.imul(state ^ hash.charCodeAt(at), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

function isBelow(sort: string, { low, prefix }: SortRange): boolean {
  if (prefix !== undefined) return compareText(sort, prefix) < 0;
  if (!low) return false;
  const order = compareText(sort, low.text);
  return order < 0 || (low.exclusive && order === 0);
}

function isAbove(sort: string, { high, prefix }: SortRange): boolean {
  if (prefix !== undefined) return compareText(sort, prefix) > 0 && !sort.startsWith(prefix);
  if (!high) return false;
  const order = compareText(sort, high.text);
  return order > 0 || (high.exclusive && order === 0);
}
