/** One table: its record, its items, and its indexes, which are built from the items when they are first needed. */
import type { Cloud } from "../../../core/cloud.ts";
import type { StoredMap } from "../../../core/storage.ts";
import { ItemOrder } from "../indexes/item-order.ts";
import type { StreamLog } from "../streams/stream-log.ts";
import { projectedItem } from "../indexes/projected.ts";
import { keyText, sameItem } from "../values/compare.ts";
import { itemSize } from "../values/size.ts";
import { attributeOf, type Item, setAttribute } from "../values/value.ts";
import { Expiry } from "./expiry.ts";
import { type IndexRecord, keyNames, type KeyNames, type TableRecord } from "./record.ts";

const SIX_HOURS = 6 * 60 * 60 * 1000;
const SMALL_INDEX = 1_000;

export class Table {
  record: TableRecord;
  readonly cloud: Cloud;
  readonly #items: StoredMap<Item>;
  readonly #streams: StreamLog;
  /** By index name; the table's own order has the empty name. */
  readonly #orders = new Map<string, ItemOrder>();
  readonly #indexBytes = new Map<string, { readonly at: number; readonly bytes: number }>();
  #expiry: Expiry | undefined;
  #bytes: number | undefined;

  constructor(cloud: Cloud, streams: StreamLog, record: TableRecord) {
    this.cloud = cloud;
    this.record = record;
    this.#streams = streams;
    this.#items = cloud.storage.map<Item>(`dynamodb.items.${record.id}`);
  }

  get arn(): string {
    return this.cloud.arn("dynamodb", `table/${this.record.name}`);
  }

  get status(): "CREATING" | "ACTIVE" | "UPDATING" | "DELETING" {
    const now = this.cloud.clock.now();
    if (this.record.goneAt !== undefined) return "DELETING";
    if (now < this.record.activeAt) return "CREATING";
    const isBuilding = this.record.indexes.some(({ activeAt }) => now < activeAt);
    return now < this.record.updatedAt || isBuilding ? "UPDATING" : "ACTIVE";
  }

  get itemCount(): number {
    return this.#items.size;
  }

  get bytes(): number {
    if (this.#bytes === undefined) {
      this.#bytes = 0;
      for (const item of this.#items.values()) this.#bytes += itemSize(item);
    }
    return this.#bytes;
  }

  /** AWS brings this up to date about every six hours ("DescribeTable"); here only that of large indexes is as old. */
  indexBytes(index: IndexRecord): number {
    const now = this.cloud.clock.now();
    const known = this.#indexBytes.get(index.name);
    if (known && known.at > now - SIX_HOURS && this.order(index).size > SMALL_INDEX) return known.bytes;
    let bytes = 0;
    for (const { key } of this.order(index).scan()) {
      const item = this.#items.get(key);
      if (item) bytes += itemSize(projectedItem(this, index, item));
    }
    this.#indexBytes.set(index.name, { at: now, bytes });
    return bytes;
  }

  index(name: string): IndexRecord | undefined {
    return this.record.indexes.find((index) => index.name === name);
  }

  /** The key of an item within this table, from its key attributes. */
  keyOf(item: Item): string {
    const { hash, sort } = this.record.keys;
    const hashValue = attributeOf(item, hash);
    const sortValue = sort === undefined ? undefined : attributeOf(item, sort);
    const text = hashValue === undefined ? "" : keyText(hashValue);
    return `${text.length}:${text}${sortValue === undefined ? "" : keyText(sortValue)}`;
  }

  /** The attributes of the table's key, and of the index's. */
  keyNames(index?: { readonly keys: KeyNames }): string[] {
    return index ? keyNames(this.record.keys, index.keys) : keyNames(this.record.keys);
  }

  /** Its key attributes alone. */
  keysOf(item: Item, index?: { readonly keys: KeyNames }): Item {
    const keys: Item = {};
    for (const name of this.keyNames(index)) {
      const value = attributeOf(item, name);
      if (value !== undefined) setAttribute(keys, name, value);
    }
    return keys;
  }

  get(key: string): Item | undefined {
    return this.#items.get(key);
  }

  /** Puts an item in the place of another, or takes it away. A write that changes nothing leaves no trace. */
  write(key: string, after: Item | undefined, isExpiry = false): void {
    const before = this.#items.get(key);
    const changed = after ?? before;
    if (changed === undefined || (before && after && sameItem(before, after))) return;
    if (after) this.#items.set(key, after);
    else this.#items.delete(key);
    for (const order of this.#orders.values()) order.move(key, before, after);
    if (this.#bytes !== undefined) this.#bytes += (after ? itemSize(after) : 0) - (before ? itemSize(before) : 0);
    this.#expiry?.move(key, before, after);
    const { stream } = this.record;
    if (stream) this.#streams.append(stream.arn, this.keysOf(changed), before, after, isExpiry);
  }

  /** The order of the table's items, or of those that an index holds. */
  order(index?: IndexRecord): ItemOrder {
    const name = index?.name ?? "";
    let order = this.#orders.get(name);
    if (!order) {
      order = new ItemOrder(index?.keys ?? this.record.keys, this.record.attributeTypes);
      for (const [key, item] of this.#items.entries()) order.move(key, undefined, item);
      this.#orders.set(name, order);
    }
    return order;
  }

  forgetIndex(name: string): void {
    this.#orders.delete(name);
    this.#indexBytes.delete(name);
  }

  /** Starts or ends deleting items whose time is over, as the record says. */
  watchExpiry(): void {
    const { expiryAttribute: attribute } = this.record;
    if (this.#expiry?.attribute === attribute) return;
    this.#expiry?.stop();
    this.#expiry = attribute === undefined ? undefined : new Expiry(this.cloud, attribute, (key) => this.#expire(key));
    if (this.#expiry) for (const [key, item] of this.#items.entries()) this.#expiry.move(key, undefined, item);
  }

  stop(): void {
    this.#expiry?.stop();
    this.#expiry = undefined;
  }

  /** Ends the table: nothing of it is left but what its stream still holds. */
  drop(): void {
    this.stop();
    this.#items.clear();
    this.#orders.clear();
  }

  #expire(key: string): void {
    this.write(key, undefined, true);
  }
}
