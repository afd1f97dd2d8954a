/** Rows of Postgres as the Data API hands them over: each value under the name of its type. */
import type { ArrayValue, ColumnMetadata, Field, ResultSetOptions } from "@aws-sdk/client-rds-data";
import { ServiceError } from "../../core/errors.ts";

/** The response size limit is 1 MiB, 64 KB a row (Limitations for the Amazon RDS Data API). */
const MOST_BYTES = 1_048_576;
const MOST_ROW_BYTES = 65_536;

interface PgType {
  readonly name: string;
  /** As java.sql.Types numbers it: this is what column metadata show. */
  readonly jdbc: number;
  readonly kind: "boolean" | "long" | "double" | "decimal" | "bytes" | "text";
}

const TYPES: ReadonlyMap<number, PgType> = new Map([
  [16, { name: "bool", jdbc: -7, kind: "boolean" }],
  [17, { name: "bytea", jdbc: -2, kind: "bytes" }],
  [18, { name: "char", jdbc: 1, kind: "text" }],
  [19, { name: "name", jdbc: 12, kind: "text" }],
  [20, { name: "int8", jdbc: -5, kind: "long" }],
  [21, { name: "int2", jdbc: 5, kind: "long" }],
  [23, { name: "int4", jdbc: 4, kind: "long" }],
  [25, { name: "text", jdbc: 12, kind: "text" }],
  [26, { name: "oid", jdbc: -5, kind: "long" }],
  [114, { name: "json", jdbc: 1111, kind: "text" }],
  [700, { name: "float4", jdbc: 7, kind: "double" }],
  [701, { name: "float8", jdbc: 8, kind: "double" }],
  [1042, { name: "bpchar", jdbc: 1, kind: "text" }],
  [1043, { name: "varchar", jdbc: 12, kind: "text" }],
  [1082, { name: "date", jdbc: 91, kind: "text" }],
  [1083, { name: "time", jdbc: 92, kind: "text" }],
  [1114, { name: "timestamp", jdbc: 93, kind: "text" }],
  [1184, { name: "timestamptz", jdbc: 93, kind: "text" }],
  [1186, { name: "interval", jdbc: 1111, kind: "text" }],
  [1266, { name: "timetz", jdbc: 92, kind: "text" }],
  [1700, { name: "numeric", jdbc: 2, kind: "decimal" }],
  [2278, { name: "void", jdbc: 1111, kind: "text" }],
  [2950, { name: "uuid", jdbc: 1111, kind: "text" }],
  [3802, { name: "jsonb", jdbc: 1111, kind: "text" }],
]);
/** One-dimensional arrays, by the type of what is in them. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1005, 21],
  [1007, 23],
  [1016, 20],
  [1009, 25],
  [1015, 1043],
  [1021, 700],
  [1022, 701],
  [1231, 1700],
  [2951, 2950],
]);

/** Leaves every value as Postgres writes it, so that nothing is rounded on the way. */
export const AS_WRITTEN: Readonly<Record<number, (text: string) => string>> = Object.fromEntries(
  [...TYPES.keys(), ...ARRAYS.keys()].map((oid) => [oid, (text: string) => text]),
);

export interface ResultColumn {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Throws UnsupportedResultException for types that the Data API does not know and for results that are too large. */
export function recordsOf(
  columns: readonly ResultColumn[],
  rows: readonly (readonly (string | null)[])[],
  options: ResultSetOptions = {},
): Field[][] {
  let bytes = 0;
  return rows.map((row) => {
    const rowBytes = row.reduce((sum, value) => sum + Buffer.byteLength(value ?? ""), 0);
    if (rowBytes > MOST_ROW_BYTES) {
      throw new ServiceError("UnsupportedResultException", "The result contains a row that exceeds 64 KB.");
    }
    bytes += rowBytes;
    if (bytes > MOST_BYTES) {
      throw new ServiceError(
        "UnsupportedResultException",
        "Database returned more than the allowed response size limit of 1 MB.",
      );
    }
    return columns.map((column, index) => fieldOf(column, row[index] ?? null, options));
  });
}

function fieldOf({ dataTypeID }: ResultColumn, text: string | null, options: ResultSetOptions): Field {
  if (text === null) return { isNull: true };
  const element = ARRAYS.get(dataTypeID);
  if (element !== undefined) return { arrayValue: arrayOf(typeOf(element), text) };
  switch (typeOf(dataTypeID).kind) {
    case "boolean":
      return { booleanValue: text === "t" };
    case "long":
      return options.longReturnType === "STRING" ? { stringValue: text } : { longValue: Number(text) };
    case "double":
      return { doubleValue: Number(text) };
    case "decimal":
      return options.decimalReturnType === "DOUBLE_OR_LONG" ? numberOf(text) : { stringValue: text };
    case "bytes":
      return { blobValue: Buffer.from(text.slice(2), "hex") };
    case "text":
      return { stringValue: text };
  }
}

const numberOf = (text: string): Field =>
  text.includes(".") ? { doubleValue: Number(text) } : { longValue: Number(text) };

function typeOf(oid: number): PgType {
  const type = TYPES.get(oid);
  if (!type)
    throw new ServiceError("UnsupportedResultException", `The result contains the unsupported data type ${oid}.`);
  return type;
}

function arrayOf({ kind }: PgType, text: string): ArrayValue {
  if (text.startsWith("{{")) {
    throw new ServiceError("UnsupportedResultException", "The result contains a multidimensional array.");
  }
  const elements = elementsOf(text);
  const converted = <T>(convert: (value: string) => T) =>
    elements.map((value) => (value === null ? null : convert(value)));
  if (kind === "boolean") return { booleanValues: converted((value) => value === "t") };
  if (kind === "long") return { longValues: converted(Number) };
  if (kind === "double") return { doubleValues: converted(Number) };
  return { stringValues: elements };
}

/** `{a,"b c",NULL}` (Array Input and Output Syntax, PostgreSQL). */
function elementsOf(text: string): (string | null)[] {
  return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain === "NULL" ? null : (plain ?? null)) : quoted.replaceAll(/\\(.)/g, "$1"),
  );
}

export function metadataOf({ name, dataTypeID }: ResultColumn): ColumnMetadata {
  const element = ARRAYS.get(dataTypeID);
  const type = typeOf(element ?? dataTypeID);
  return {
    name,
    label: name,
    type: element === undefined ? type.jdbc : 2003,
    typeName: element === undefined ? type.name : `_${type.name}`,
    isSigned: ["long", "double", "decimal"].includes(type.kind),
    isCaseSensitive: type.kind === "text",
    isAutoIncrement: false,
    isCurrency: false,
    arrayBaseColumnType: element === undefined ? 0 : type.jdbc,
    nullable: 2,
    precision: 0,
    scale: 0,
    schemaName: "",
    tableName: "",
  };
}

/** The rows as one JSON text, for `formatRecordsAs: JSON`. */
export function jsonOf(columns: readonly ResultColumn[], records: readonly (readonly Field[])[]): string {
  return JSON.stringify(
    records.map((record) =>
      Object.fromEntries(columns.map(({ name }, index) => [name, plain(record[index] ?? { isNull: true })])),
    ),
  );
}

function plain(field: Field): unknown {
  if (field.isNull) return null;
  if (field.blobValue) return Buffer.from(field.blobValue).toString("base64");
  const [value] = Object.values(field.arrayValue ?? field);
  return value;
}
