/** ConsumedCapacity of a request, by table and index ("DynamoDB read and write operations": capacity unit consumption). */
import { projectedItem } from "../indexes/projected.ts";
import { sameItem } from "../values/compare.ts";
import { itemSize } from "../values/size.ts";
import type { Item } from "../values/value.ts";
import type { IndexRecord } from "../tables/record.ts";
import type { Table } from "../tables/table.ts";

const READ_UNIT = 4096;
const WRITE_UNIT = 1024;

interface Units {
  read: number;
  write: number;
}

interface Account {
  readonly table: Table;
  readonly own: Units;
  readonly indexes: Map<string, Units>;
}

type CapacityMode = "NONE" | "TOTAL" | "INDEXES" | (string & {}) | undefined;

interface Capacity {
  TableName?: string;
  CapacityUnits?: number;
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
  Table?: CapacityDetail;
  GlobalSecondaryIndexes?: Record<string, CapacityDetail>;
  LocalSecondaryIndexes?: Record<string, CapacityDetail>;
}

interface CapacityDetail {
  CapacityUnits?: number;
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
}

export class CapacityMeter {
  readonly #mode: CapacityMode;
  /** Transactions read and write everything twice. */
  readonly #factor: 1 | 2;
  readonly #accounts = new Map<Table, Account>();

  constructor(mode: CapacityMode, options: { readonly transaction?: boolean } = {}) {
    this.#mode = mode;
    this.#factor = options.transaction ? 2 : 1;
  }

  get isWanted(): boolean {
    return this.#mode === "TOTAL" || this.#mode === "INDEXES";
  }

  /** A read of so many bytes: one unit for 4 KB when consistent, half of that otherwise. Reading nothing costs one step. */
  read(table: Table, bytes: number, consistent: boolean, index?: IndexRecord): void {
    if (!this.isWanted) return;
    const units = Math.max(1, Math.ceil(bytes / READ_UNIT)) * (consistent || this.#factor === 2 ? 1 : 0.5);
    this.#units(table, index).read += units * this.#factor;
  }

  /** A write to the table and to the indexes that hold the item: one unit for 1 KB of the larger of both versions. */
  write(table: Table, before: Item | undefined, after: Item | undefined): void {
    if (!this.isWanted) return;
    this.#units(table).write += this.#factor * Math.max(unitsOf(before), unitsOf(after));
    for (const index of table.record.indexes) {
      const units = indexUnits(table, index, before, after);
      if (units > 0) this.#units(table, index).write += this.#factor * units;
    }
  }

  /** As members of an answer about one table; nothing when nobody asked. */
  one(): { ConsumedCapacity?: Capacity } {
    const [capacity] = this.#report();
    return capacity ? { ConsumedCapacity: capacity } : {};
  }

  all(): { ConsumedCapacity?: Capacity[] } {
    return this.isWanted ? { ConsumedCapacity: this.#report() } : {};
  }

  #report(): Capacity[] {
    return [...this.#accounts.values()].map((account) => this.#reportOf(account));
  }

  #reportOf({ table, own, indexes }: Account): Capacity {
    const total = { ...own };
    for (const { read, write } of indexes.values()) {
      total.read += read;
      total.write += write;
    }
    const capacity: Capacity = { TableName: table.record.name, ...this.#detail(total) };
    if (this.#mode !== "INDEXES") return capacity;
    capacity.Table = this.#detail(own);
    for (const [name, units] of indexes) {
      const member = table.index(name)?.kind === "local" ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes";
      capacity[member] = { ...capacity[member], [name]: this.#detail(units) };
    }
    return capacity;
  }

  #detail({ read, write }: Units): CapacityDetail {
    const detail: CapacityDetail = { CapacityUnits: read + write };
    if (this.#factor === 1) return detail;
    if (read > 0) detail.ReadCapacityUnits = read;
    if (write > 0) detail.WriteCapacityUnits = write;
    return detail;
  }

  #units(table: Table, index?: IndexRecord): Units {
    let account = this.#accounts.get(table);
    if (!account) this.#accounts.set(table, (account = { table, own: { read: 0, write: 0 }, indexes: new Map() }));
    if (!index) return account.own;
    let units = account.indexes.get(index.name);
    if (!units) account.indexes.set(index.name, (units = { read: 0, write: 0 }));
    return units;
  }
}

const unitsOf = (item: Item | undefined): number =>
  Math.max(1, Math.ceil((item === undefined ? 0 : itemSize(item)) / WRITE_UNIT));

/** A changed key is a deletion and a new entry; an entry that stays as it is costs nothing. */
function indexUnits(table: Table, index: IndexRecord, before: Item | undefined, after: Item | undefined): number {
  const order = table.order(index);
  const from = before && order.placeOf("", before);
  const to = after && order.placeOf("", after);
  const held = from && before && projectedItem(table, index, before);
  const kept = to && after && projectedItem(table, index, after);
  if (!held || !kept) return held || kept ? unitsOf(held ?? kept) : 0;
  if (from.hash !== to.hash || from.sort !== to.sort) return unitsOf(held) + unitsOf(kept);
  return sameItem(held, kept) ? 0 : Math.max(unitsOf(held), unitsOf(kept));
}
