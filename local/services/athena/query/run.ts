/** One query: parameters, tables, partitions, files, engine, result. Everything it touches it touches as its caller. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import type { Column, Execution } from "../store.ts";
import { describeTable, type CatalogTable } from "./catalog.ts";
import { writeCsv } from "./csv.ts";
import { type Engine, name, startEngine } from "./engine.ts";
import { Cancelled, QueryFailed } from "./failure.ts";
import { persistently, placeOf } from "./objects.ts";
import { withParameters } from "./parameters.ts";
import { isWanted } from "./prune.ts";
import { fetchFile, filesOf } from "./source.ts";
import { type Reference, referencesIn } from "./statement.ts";
import { engineType } from "./types.ts";

export interface Outcome {
  readonly columns: readonly Column[];
  /** Bytes of the columns that were read, as they lie in the files. */
  readonly scannedBytes: number;
}

const DEEPEST_VIEW = 10;

/** Runs a query and writes its result. Throws QueryFailed or Cancelled. */
export async function runQuery(
  cloud: Cloud,
  execution: Execution,
  cutoff: number | undefined,
  signal: AbortSignal,
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "athena-"));
  try {
    const statement = withParameters(execution.query.trim().replace(/;$/, ""), execution.parameters);
    const engine = await startEngine(folder, [execution.database], signal);
    try {
      const scannedBytes = await prepare(cloud, execution, statement, engine, folder, cutoff);
      const { columns, rows } = await engine.rows(statement);
      await writeResult(cloud, execution, writeCsv([columns.map((column) => column.name), ...rows]));
      return { columns, scannedBytes };
    } finally {
      engine.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Brings in every table that the statement names, its views opened up. Answers what will be scanned. */
async function prepare(
  cloud: Cloud,
  execution: Execution,
  statement: string,
  engine: Engine,
  folder: string,
  cutoff: number | undefined,
): Promise<number> {
  const wanted = new Map<string, { table: CatalogTable; references: Reference[]; depth: number }>();
  const visit = async (sql: string, schema: string, depth: number): Promise<void> => {
    if (depth > DEEPEST_VIEW) throw new QueryFailed("INVALID_VIEW: Views are nested too deeply");
    for (const reference of referencesIn(await engine.parse(sql))) {
      const database = reference.schema ?? schema;
      const key = `${database}.${reference.table}`;
      const known = wanted.get(key);
      if (known) {
        known.references.push(reference);
        known.depth = Math.max(known.depth, depth);
      }
      const table = known?.table ?? (await describeTable(cloud, database, reference.table, execution.principal));
      wanted.set(key, known ?? { table, references: [reference], depth });
      if (table.view) await visit(table.view.sql, table.view.schema, depth + 1);
    }
  };
  await visit(statement, execution.database, 0);
  let scanned = 0;
  // What views are made of comes before them.
  const deepestFirst = [...wanted.values()].sort((a, b) => b.depth - a.depth);
  for (const [index, { table, references }] of deepestFirst.entries()) {
    scanned += await bringIn(cloud, execution, table, references, engine, join(folder, String(index)));
    if (cutoff !== undefined && scanned > cutoff)
      throw new Cancelled(
        `Query cancelled! : Bytes scanned limit was exceeded: ${scanned} bytes, the work group allows ${cutoff}`,
      );
  }
  return scanned;
}

async function bringIn(
  cloud: Cloud,
  { principal }: Execution,
  table: CatalogTable,
  references: readonly Reference[],
  engine: Engine,
  folder: string,
): Promise<number> {
  const view = `awsdatacatalog.${name(table.database)}.${name(table.name)}`;
  await engine.run(`CREATE SCHEMA IF NOT EXISTS awsdatacatalog.${name(table.database)}`);
  if (table.view) {
    await engine.run(`CREATE VIEW ${view} AS ${table.view.sql.trim().replace(/;$/, "")}`);
    return 0;
  }
  const keys = table.keys.map((key) => ({ name: key.name, isNumber: key.type.endsWith("int") }));
  const partitions = table.partitions.filter(({ values }) => references.some((asked) => isWanted(asked, keys, values)));
  const files = await filesOf(cloud, partitions, principal);
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const [index, file] of files.entries()) paths.push(await fetchFile(cloud, file, folder, index, principal));
  await engine.run(`CREATE VIEW ${view} AS ${selectFrom(table, paths)}`);
  if (paths.length === 0) return 0;
  const sizes = await sizesIn(engine, paths);
  let scanned = 0;
  // Each mention of a table is a scan of its own.
  for (const reference of references)
    for (const [index, file] of files.entries())
      if (isWanted(reference, keys, file.values))
        for (const [column, bytes] of sizes.get(paths[index] ?? "") ?? [])
          if (reference.columns === undefined || reference.columns.has(column)) scanned += bytes;
  return scanned;
}

/** The columns of the catalog, whatever the files hold: what a file has not is null, what the catalog knows not is left out. */
function selectFrom({ columns, keys }: CatalogTable, paths: readonly string[]): string {
  const all = [...columns, ...keys];
  const list = all.map((column) => name(column.name)).join(", ");
  const typed = all.map((column) => `CAST(NULL AS ${engineType(column.type)}) AS ${name(column.name)}`).join(", ");
  const empty = `SELECT ${typed} WHERE false`;
  if (paths.length === 0) return empty;
  const hive =
    keys.length === 0
      ? "hive_partitioning = false"
      : `hive_partitioning = true, hive_types = {${keys.map((key) => `${name(key.name)}: ${engineType(key.type)}`).join(", ")}}`;
  return `SELECT ${list} FROM (${empty} UNION ALL BY NAME SELECT * FROM read_parquet([${paths.map(text).join(", ")}], union_by_name = true, ${hive}))`;
}

/** Compressed bytes of each column of each file. */
async function sizesIn(engine: Engine, paths: readonly string[]): Promise<Map<string, [string, number][]>> {
  const { rows } = await engine.rows(
    `SELECT file_name, lower(split_part(path_in_schema, ',', 1)), sum(total_compressed_size) FROM parquet_metadata([${paths.map(text).join(", ")}]) GROUP BY 1, 2`,
  );
  const sizes = new Map<string, [string, number][]>();
  for (const [path, column, bytes] of rows)
    sizes.set(path ?? "", [...(sizes.get(path ?? "") ?? []), [column ?? "", Number(bytes)]]);
  return sizes;
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Athena looks where the bucket is, and into it, before it writes (Access to Amazon S3 from Athena). */
async function writeResult(cloud: Cloud, { outputLocation, principal }: Execution, csv: string): Promise<void> {
  const { bucket, key } = placeOf(outputLocation);
  const write = { Bucket: bucket, Key: key, Body: Buffer.from(csv), ContentType: "application/octet-stream" };
  try {
    await persistently(() => cloud.call("s3", "GetBucketLocation", { Bucket: bucket }, principal));
    await persistently(() => cloud.call("s3", "ListObjectsV2", { Bucket: bucket, Prefix: key, MaxKeys: 1 }, principal));
    await persistently(() => cloud.call("s3", "PutObject", write, principal));
  } catch (error) {
    if (!isServiceError(error)) throw error;
    throw new QueryFailed(
      error.name === "AccessDenied"
        ? `Access denied when writing output to url: ${outputLocation}. Please ensure you are allowed to access the S3 bucket. ${error.message}`
        : `Unable to verify/create output bucket ${bucket}. ${error.message}`,
    );
  }
}
