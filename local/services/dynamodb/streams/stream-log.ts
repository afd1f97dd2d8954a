/**
 * The streams of tables and what was written to them. DynamoDB appends and DynamoDB Streams reads; all state lies in storage, so
 * each service has a log of its own. A stream has one shard, so that all records of a table stay in order.
 */
import type { Cloud } from "../../../core/cloud.ts";
import { itemSize } from "../values/size.ts";
import type { Item } from "../values/value.ts";
import type { KeyNames, StreamView } from "../tables/record.ts";

const RETENTION = 24 * 60 * 60 * 1000;

export interface StreamRow {
  readonly arn: string;
  readonly label: string;
  readonly id: string;
  readonly tableName: string;
  readonly view: StreamView;
  readonly keys: KeyNames;
  /** Epoch ms. */
  readonly openedAt: number;
  /** Nothing is written since then; what was written can still be read. */
  readonly closedAt?: number | undefined;
  /** The number of the last record; the first one is 1. */
  readonly last: number;
}

export interface StreamedChange {
  readonly number: number;
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly event: "INSERT" | "MODIFY" | "REMOVE";
  readonly keys: Item;
  readonly newImage?: Item | undefined;
  readonly oldImage?: Item | undefined;
  readonly size: number;
  /** Removed because its time was over. */
  readonly isExpiry: boolean;
}

export class StreamLog {
  readonly #cloud: Cloud;
  readonly #rows;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#rows = cloud.storage.map<StreamRow>("dynamodb.streams");
  }

  /** Streams by ARN, in the order of their ARNs. Those that are closed and have nothing left are gone. */
  all(): StreamRow[] {
    const end = this.#cloud.clock.now() - RETENTION;
    for (const row of this.#rows.values()) {
      if (row.closedAt === undefined || row.closedAt > end) continue;
      this.#rows.delete(row.arn);
      this.#records(row).clear();
    }
    return [...this.#rows.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  find(arn: string): StreamRow | undefined {
    return this.#rows.get(arn);
  }

  open(table: { readonly name: string; readonly arn: string; readonly keys: KeyNames }, view: StreamView): StreamRow {
    let openedAt = this.#cloud.clock.now();
    while (this.#rows.has(`${table.arn}/stream/${labelOf(openedAt)}`)) openedAt++;
    const label = labelOf(openedAt);
    const arn = `${table.arn}/stream/${label}`;
    const id = this.#cloud.uuid();
    const row = { arn, label, id, tableName: table.name, view, keys: table.keys, openedAt, last: 0 };
    this.#rows.set(arn, row);
    return row;
  }

  close(arn: string): void {
    const row = this.#rows.get(arn);
    if (row) this.#rows.set(arn, { ...row, closedAt: this.#cloud.clock.now() });
  }

  append(arn: string, keys: Item, before: Item | undefined, after: Item | undefined, isExpiry: boolean): void {
    const row = this.#rows.get(arn);
    if (!row) return;
    const number = row.last + 1;
    const newImage = /NEW/.test(row.view) ? after : undefined;
    const oldImage = /OLD/.test(row.view) ? before : undefined;
    this.#trim(row);
    this.#records(row).set(String(number), {
      number,
      id: this.#cloud.uuid().replaceAll("-", ""),
      at: this.#cloud.clock.now(),
      event: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
      keys,
      newImage,
      oldImage,
      size: itemSize(keys) + (newImage ? itemSize(newImage) : 0) + (oldImage ? itemSize(oldImage) : 0),
      isExpiry,
    });
    this.#rows.set(arn, { ...row, last: number });
    this.#cloud.signals.emit("dynamodb.records", { streamArn: arn });
  }

  /** The number of the oldest record that is still there, or of the next one to come. */
  horizon(row: StreamRow): number {
    this.#trim(row);
    const oldest = this.#records(row).values().next().value;
    return oldest?.number ?? row.last + 1;
  }

  record(row: StreamRow, number: number): StreamedChange | undefined {
    return this.#records(row).get(String(number));
  }

  #records(row: StreamRow) {
    return this.#cloud.storage.map<StreamedChange>(`dynamodb.stream-records.${row.id}`);
  }

  /** Records are kept for 24 hours ("Change data capture for DynamoDB Streams"). */
  #trim(row: StreamRow): void {
    const end = this.#cloud.clock.now() - RETENTION;
    const records = this.#records(row);
    // Entries are in the order in which they were added, so the oldest come first.
    for (const { number, at } of records.values()) {
      if (at > end) return;
      records.delete(String(number));
    }
  }
}

const labelOf = (at: number): string => new Date(at).toISOString().replace("Z", "");
