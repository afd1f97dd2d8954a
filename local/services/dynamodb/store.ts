/** All tables of the account, by name and ARN. */
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { required } from "../constraints.ts";
import { StreamLog } from "./streams/stream-log.ts";
import type { TableRecord } from "./tables/record.ts";
import { Table } from "./tables/table.ts";

export type DynamoDB = typeof import("@aws-sdk/client-dynamodb");

export class Tables {
  readonly cloud: Cloud;
  readonly streams: StreamLog;
  readonly #records;
  readonly #tables = new Map<string, Table>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.streams = new StreamLog(cloud);
    this.#records = cloud.storage.map<TableRecord>("dynamodb.tables");
    for (const record of this.#records.values()) {
      this.#tables.set(record.name, new Table(cloud, this.streams, record));
    }
  }

  /** In the order of their names. */
  all(): Table[] {
    return [...this.#tables.values()].sort((a, b) => (a.record.name < b.record.name ? -1 : 1));
  }

  /** By name or ARN. */
  find(nameOrArn: string): Table | undefined {
    if (!nameOrArn.startsWith("arn:")) return this.#tables.get(nameOrArn);
    const table = this.#tables.get(nameOrArn.slice(nameOrArn.indexOf("/") + 1));
    return table?.arn === nameOrArn ? table : undefined;
  }

  /** A table whose items can be reached. Throws ResourceNotFoundException while it is created or deleted, too. */
  usable(nameOrArn: string | undefined): Table {
    const table = this.find(required("tableName", nameOrArn));
    if (!table || table.status === "CREATING" || table.status === "DELETING") {
      throw new ServiceError("ResourceNotFoundException", "Requested resource not found");
    }
    return table;
  }

  /** A table in any state. Throws ResourceNotFoundException. */
  existing(nameOrArn: string | undefined): Table {
    const table = this.find(required("tableName", nameOrArn));
    if (!table) {
      throw new ServiceError(
        "ResourceNotFoundException",
        `Requested resource not found: Table: ${nameOrArn ?? ""} not found`,
      );
    }
    return table;
  }

  add(record: TableRecord): Table {
    const table = new Table(this.cloud, this.streams, record);
    this.#records.set(record.name, record);
    this.#tables.set(record.name, table);
    return table;
  }

  update(table: Table, changes: Partial<TableRecord>): void {
    table.record = { ...table.record, ...changes };
    this.#records.set(table.record.name, table.record);
    table.watchExpiry();
  }

  /** Takes a table away at once. */
  remove(table: Table): void {
    const { name, stream } = table.record;
    if (this.#tables.get(name) !== table) return;
    if (stream) this.streams.close(stream.arn);
    table.drop();
    this.#tables.delete(name);
    this.#records.delete(name);
  }

  /** Waits for the end of a deletion that has begun. */
  removeWhenGone(table: Table): void {
    const { goneAt } = table.record;
    if (goneAt !== undefined) this.cloud.clock.at(goneAt, () => this.remove(table));
  }

  resume(): void {
    for (const table of this.#tables.values()) {
      table.watchExpiry();
      this.removeWhenGone(table);
    }
  }

  stop(): void {
    for (const table of this.#tables.values()) table.stop();
  }
}
