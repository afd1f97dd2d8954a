/** Tables and views as the Glue catalog describes them, asked for as the caller. */
import type * as Glue from "@aws-sdk/client-glue";
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import type { Principal } from "../../../core/principal.ts";
import { QueryFailed } from "./failure.ts";
import { persistently } from "./objects.ts";
import { locationOf, type PartitionValues, projectedPartitions } from "./projection.ts";

export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
}

export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
  readonly keys: readonly CatalogColumn[];
  /** The statement of a view. */
  readonly view?: { readonly sql: string; readonly schema: string };
  /** Where the data lies, by partition; one without values where there are no partitions. */
  readonly partitions: readonly { readonly values: PartitionValues; readonly location: string }[];
}

const PARQUET = /parquet/i;

/** Throws QueryFailed where there is no such table, where it is not the caller's to see, and where it holds no Parquet. */
export async function describeTable(
  cloud: Cloud,
  database: string,
  name: string,
  as: Principal,
): Promise<CatalogTable> {
  await asking(`awsdatacatalog.${database}`, () =>
    persistently(() => cloud.call("glue", "GetDatabase", { Name: database }, as)),
  );
  const { Table: table } = await asking(`awsdatacatalog.${database}.${name}`, () =>
    persistently(() => cloud.call("glue", "GetTable", { DatabaseName: database, Name: name }, as)),
  );
  if (!table) throw new QueryFailed(`TABLE_NOT_FOUND: Table 'awsdatacatalog.${database}.${name}' does not exist`);
  const columns = columnsOf(table.StorageDescriptor?.Columns);
  const keys = columnsOf(table.PartitionKeys);
  const described = { database, name, columns, keys };
  if (table.TableType === "VIRTUAL_VIEW") return { ...described, partitions: [], view: viewOf(table, database) };
  const { SerdeInfo, InputFormat = "", Location: location = "" } = table.StorageDescriptor ?? {};
  if (!PARQUET.test(SerdeInfo?.SerializationLibrary ?? InputFormat))
    throw new QueryFailed(
      `HIVE_UNSUPPORTED_FORMAT: ${database}.${name} is not Parquet, the one format that the local Athena reads`,
    );
  return { ...described, partitions: await partitionsOf(cloud, table, described, location, as) };
}

async function partitionsOf(
  cloud: Cloud,
  table: Glue.Table,
  { database, name, keys }: Pick<CatalogTable, "database" | "name" | "keys">,
  location: string,
  as: Principal,
): Promise<CatalogTable["partitions"]> {
  if (keys.length === 0) return [{ values: {}, location: location.endsWith("/") ? location : `${location}/` }];
  const names = keys.map((key) => key.name);
  const properties = table.Parameters ?? {};
  if (properties["projection.enabled"]?.toLowerCase() === "true") {
    const template = properties["storage.location.template"];
    return projectedPartitions(names, properties, cloud.clock.now()).map((values) => ({
      values,
      location: locationOf(location, template, names, values),
    }));
  }
  const partitions: { values: PartitionValues; location: string }[] = [];
  let NextToken: string | undefined;
  do {
    const input = { DatabaseName: database, TableName: name, ...(NextToken !== undefined && { NextToken }) };
    const page = await asking(`awsdatacatalog.${database}.${name}`, () =>
      persistently(() => cloud.call("glue", "GetPartitions", input, as)),
    );
    for (const { Values = [], StorageDescriptor } of page.Partitions ?? []) {
      const values = Object.fromEntries(names.map((key, index) => [key, Values[index] ?? ""]));
      partitions.push({ values, location: locationOf(location, StorageDescriptor?.Location, names, values) });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return partitions;
}

const columnsOf = (columns: readonly Glue.Column[] | undefined): CatalogColumn[] =>
  (columns ?? []).map(({ Name = "", Type = "string" }) => ({ name: Name.toLowerCase(), type: Type }));

/** A view keeps its statement as base64 of JSON within a comment, as Presto writes it. */
function viewOf({ ViewOriginalText: kept = "", Name }: Glue.Table, database: string): { sql: string; schema: string } {
  const [, encoded = ""] = /^\/\* Presto View: ([\w+/=]+) \*\/$/.exec(kept.trim()) ?? [];
  try {
    const { originalSql, schema } = JSON.parse(Buffer.from(encoded, "base64").toString()) as Record<string, unknown>;
    if (typeof originalSql !== "string") throw new TypeError("no statement");
    return { sql: originalSql, schema: typeof schema === "string" ? schema.toLowerCase() : database };
  } catch {
    throw new QueryFailed(`INVALID_VIEW: ${database}.${Name ?? ""} holds no view that can be read`);
  }
}

async function asking<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isServiceError(error)) throw error;
    if (error.name === "EntityNotFoundException")
      throw new QueryFailed(`TABLE_NOT_FOUND: Table '${what}' does not exist`);
    throw new QueryFailed(`Insufficient permissions to execute the query. ${error.message}`);
  }
}
