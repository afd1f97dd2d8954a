/**
 * DuckDB, loaded when the first query runs. Every query has an engine of its own, which can read one folder and nothing else: no other
 * file, no network, no extension, and its settings cannot be changed.
 */
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Cancelled, QueryFailed } from "./failure.ts";
import type { Node } from "./statement.ts";
import type { Column } from "../store.ts";
import { athenaType, shown } from "./types.ts";

export interface Engine {
  /** The syntax tree of a statement, as `json_serialize_sql` answers it. */
  parse(statement: string): Promise<Node>;
  run(statement: string): Promise<void>;
  rows(statement: string): Promise<{ columns: Column[]; rows: (string | null)[][] }>;
  /** No files, no settings from now on: what comes next was written by somebody else. */
  close(): void;
}

/** What Athena's engine calls otherwise. */
const TRINO = [
  "element_at(m, k) AS map_extract_value(m, k)",
  "json_format(j) AS CAST(j AS VARCHAR)",
  "regexp_like(s, p) AS regexp_matches(s, p)",
  "approx_distinct(x) AS approx_count_distinct(x)",
  "from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ)",
  "from_iso8601_date(s) AS CAST(s AS DATE)",
];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** @param schemas the databases that statements may name; the first one is meant where none is named. */
export async function startEngine(folder: string, schemas: readonly string[], signal: AbortSignal): Promise<Engine> {
  const { DuckDBInstance: Instance } = await import("@duckdb/node-api");
  const instance = await Instance.create(":memory:", { threads: "2", memory_limit: "1GB" });
  const connection = await instance.connect();
  for (const statement of [
    "ATTACH ':memory:' AS awsdatacatalog",
    "CREATE SCHEMA awsdatacatalog.trino_functions",
    ...TRINO.map((macro) => `CREATE MACRO awsdatacatalog.trino_functions.${macro}`),
    ...schemas.map((schema) => `CREATE SCHEMA IF NOT EXISTS awsdatacatalog.${name(schema)}`),
    `SET search_path = ${quoted(`awsdatacatalog.${name(schemas[0] ?? "default")},awsdatacatalog.trino_functions`)}`,
    "SET TimeZone = 'UTC'",
    "SET temp_directory = ''",
    `SET allowed_directories = [${quoted(`${folder}/`)}]`,
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
  ])
    await connection.run(statement);
  return engineOn(instance, connection, signal);
}

/** A name as SQL takes it, whatever it holds. */
export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function engineOn(instance: DuckDBInstance, connection: DuckDBConnection, signal: AbortSignal): Engine {
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    const interrupt = () => connection.interrupt();
    signal.addEventListener("abort", interrupt);
    try {
      if (signal.aborted) throw new Cancelled("Query cancelled by user");
      return await work();
    } catch (error) {
      if (signal.aborted) throw new Cancelled("Query cancelled by user");
      throw error instanceof QueryFailed ? error : new QueryFailed(reasonOf(error));
    } finally {
      signal.removeEventListener("abort", interrupt);
    }
  };
  return {
    async parse(statement) {
      const reader = await connection.runAndReadAll("SELECT json_serialize_sql(?::VARCHAR)", [statement]);
      return JSON.parse(String(reader.getRows()[0]?.[0])) as Node; // json_serialize_sql answers an object
    },
    run: (statement) => guarded(async () => void (await connection.run(statement))),
    rows: (statement) =>
      guarded(async () => {
        const reader = await connection.runAndReadAll(statement);
        const types = reader.columnTypes().map(String);
        return {
          columns: reader
            .columnNames()
            .map((column, index) => ({ name: column, type: athenaType(types[index] ?? "") })),
          rows: reader.getRowsJson().map((row) => row.map((value, index) => shown(value, types[index] ?? ""))),
        };
      }),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The engine's own words, in one line, without the picture of the statement. */
function reasonOf(error: unknown): string {
  const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n\nLINE ");
  const [, kind = "", rest = message] = /^(\w+) Error: ([\s\S]*)$/.exec(message) ?? [];
  const text = rest.replaceAll(/\s+/g, " ").trim();
  if (kind === "Parser") return `SYNTAX_ERROR: ${text}`;
  if (kind === "Binder" || kind === "Catalog") return `SYNTAX_ERROR: ${text}`;
  if (kind === "Conversion") return `INVALID_CAST_ARGUMENT: ${text}`;
  return `GENERIC_USER_ERROR: ${text}`;
}
