/** Rows as Parquet and back. The columns are those of the table in template.yaml. */
import { parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { IndexRow } from "./index-row.ts";

type SchemaElement = NonNullable<Parameters<typeof parquetWriteBuffer>[0]["schema"]>[number];

const text = (name: string): SchemaElement => ({
  name,
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  repetition_type: "OPTIONAL",
});
const moment = (name: string): SchemaElement => ({
  name,
  type: "INT64",
  converted_type: "TIMESTAMP_MILLIS",
  repetition_type: "OPTIONAL",
});
const map = (name: string): SchemaElement[] => [
  { name, converted_type: "MAP", repetition_type: "OPTIONAL", num_children: 1 },
  { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
  { ...text("key"), repetition_type: "REQUIRED" },
  text("value"),
];

type Cell = string | bigint | boolean | Date | Readonly<Record<string, string>> | undefined;
interface Column {
  readonly name: string;
  readonly elements: readonly SchemaElement[];
  of(row: IndexRow): Cell;
}

const textColumn = (name: string, of: (row: IndexRow) => string | undefined): Column => ({
  name,
  elements: [text(name)],
  of,
});

const COLUMNS: readonly Column[] = [
  textColumn("bucket", (row) => row.bucket),
  textColumn("object_key", (row) => row.key),
  textColumn("file_name", (row) => row.fileName),
  textColumn("version_id", (row) => row.versionId),
  textColumn("event_order", (row) => row.eventOrder),
  textColumn("kind", (row) => row.kind),
  textColumn("event_name", (row) => row.eventName),
  {
    name: "size",
    elements: [{ name: "size", type: "INT64", repetition_type: "OPTIONAL" }],
    of: ({ size }) => (size === undefined ? undefined : BigInt(size)),
  },
  textColumn("etag", (row) => row.eTag),
  textColumn("content_type", (row) => row.contentType),
  textColumn("customer", (row) => row.customer),
  textColumn("category", (row) => row.category),
  textColumn("received_on", (row) => row.receivedOn),
  { name: "uploaded_at", elements: [moment("uploaded_at")], of: (row) => new Date(row.uploadedAt) },
  { name: "metadata", elements: map("metadata"), of: (row) => row.metadata },
  { name: "tags", elements: map("tags"), of: (row) => row.tags },
  {
    name: "is_read",
    elements: [{ name: "is_read", type: "BOOLEAN", repetition_type: "OPTIONAL" }],
    of: (row) => row.isRead,
  },
  { name: "indexed_at", elements: [moment("indexed_at")], of: (row) => new Date(row.indexedAt) },
];

const SCHEMA: SchemaElement[] = [
  { name: "row", num_children: COLUMNS.length },
  ...COLUMNS.flatMap(({ elements }) => elements),
];

/** A file of these rows, in the order of their keys: what lies together compresses well and is skipped together. */
export function parquetOf(rows: readonly IndexRow[]): Uint8Array {
  const sorted = rows.toSorted(byKey);
  const columnData = COLUMNS.map(({ name, of }) => ({ name, data: sorted.map(of) }));
  return new Uint8Array(parquetWriteBuffer({ schema: SCHEMA, columnData }));
}

const byKey = (a: IndexRow, b: IndexRow): number =>
  compare(a.bucket, b.bucket) || compare(a.key, b.key) || compare(a.eventOrder, b.eventOrder);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The rows of a file that parquetOf has made. */
export async function rowsIn(bytes: Uint8Array): Promise<IndexRow[]> {
  // A buffer of Node may be a part of a larger one.
  const file = bytes.slice().buffer;
  const rows = await parquetReadObjects({ file });
  return rows.map((row): IndexRow => {
    const optional = (name: string) => (typeof row[name] === "string" ? row[name] : undefined);
    const written = (name: string) => optional(name) ?? "";
    const at = (name: string) => (row[name] instanceof Date ? row[name].toISOString() : "");
    const pairs = (name: string) => (row[name] ?? {}) as Record<string, string>; // a map of texts, by the schema above
    return {
      bucket: written("bucket"),
      key: written("object_key"),
      fileName: written("file_name"),
      versionId: written("version_id"),
      eventOrder: written("event_order"),
      kind: written("kind") as IndexRow["kind"], // written by parquetOf and by nobody else
      eventName: written("event_name"),
      size: row["size"] === null || row["size"] === undefined ? undefined : Number(row["size"]),
      eTag: optional("etag"),
      contentType: optional("content_type"),
      customer: optional("customer"),
      category: optional("category"),
      receivedOn: written("received_on"),
      uploadedAt: at("uploaded_at"),
      metadata: pairs("metadata"),
      tags: pairs("tags"),
      isRead: row["is_read"] === true,
      indexedAt: at("indexed_at"),
    };
  });
}
