/** Databases, tables and registered partitions of the data catalog. Names are kept in lower case, as Glue keeps them. */
import type * as SDK from "@aws-sdk/client-glue";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { StoredMap } from "../../core/storage.ts";

export type Glue = typeof SDK;

export interface Database {
  readonly name: string;
  readonly input: SDK.DatabaseInput;
  readonly createdAt: number;
}

export interface Table {
  readonly database: string;
  readonly name: string;
  readonly input: SDK.TableInput;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

export interface Partition {
  readonly values: readonly string[];
  readonly input: SDK.PartitionInput;
  readonly createdAt: number;
}

export const databasesOf = (cloud: Cloud): StoredMap<Database> => cloud.storage.map("glue.databases");
export const tablesOf = (cloud: Cloud): StoredMap<Table> => cloud.storage.map("glue.tables");
/** By table, `database.table`, then by values. */
export const partitionsOf = (cloud: Cloud, database: string, table: string): StoredMap<Partition> =>
  cloud.storage.map(`glue.partitions.${tableKey(database, table)}`);

export const lower = (name = ""): string => name.toLowerCase();
export const tableKey = (database: string, table: string): string => `${lower(database)}.${lower(table)}`;
export const invalid = (message: string): ServiceError => new ServiceError("InvalidInputException", message);
const missing = (message: string): ServiceError => new ServiceError("EntityNotFoundException", message);

/** Throws EntityNotFoundException. */
export function databaseNamed(cloud: Cloud, name: string | undefined): Database {
  const found = databasesOf(cloud).get(lower(name));
  if (!found) throw missing(`Database ${lower(name)} not found.`);
  return found;
}

/** Throws EntityNotFoundException, for the database first. */
export function tableNamed(cloud: Cloud, database: string | undefined, name: string | undefined): Table {
  databaseNamed(cloud, database);
  const found = tablesOf(cloud).get(tableKey(database ?? "", name ?? ""));
  if (!found) throw missing(`Table ${lower(name)} not found.`);
  return found;
}

/** One page of 100 and the token of the next. */
export function page<T>(items: readonly T[], token: string | undefined, size = 100) {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start)) throw invalid("Invalid token");
  const end = start + size;
  return {
    items: items.slice(start, end),
    rest: end < items.length ? { NextToken: Buffer.from(String(end)).toString("base64url") } : {},
  };
}
