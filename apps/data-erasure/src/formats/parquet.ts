/** Parquet files, one row group at a time: memory is the largest row group, whatever the size of the file. */
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead, type SchemaElement } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { gzipSync } from "node:zlib";
import { RowsUnreadable } from "./format.ts";

/** Columns that could be read and not be written back as they were. Told when a file is indexed, not when it is to be erased from. */
const isUnsupported = ({ type, converted_type }: SchemaElement): boolean =>
  type === "INT96" || converted_type === "MAP" || converted_type === "MAP_KEY_VALUE";

/** Throws RowsUnreadable. */
async function metadataOf(file: AsyncBuffer): Promise<FileMetaData> {
  try {
    const metadata = await parquetMetadataAsync(file);
    const unsupported = metadata.schema.find(isUnsupported);
    if (unsupported)
      throw new RowsUnreadable(`Column ${unsupported.name} is INT96 or a map, which cannot be rewritten`);
    return metadata;
  } catch (error) {
    if (error instanceof Error && /parquet|thrift/i.test(error.message)) {
      throw new RowsUnreadable(`Not readable as Parquet: ${error.message}`, {});
    }
    throw error;
  }
}

/** Tells the user of each row that has one. Answers how many rows there are. Throws RowsUnreadable. */
export async function readParquetUsers(
  file: AsyncBuffer,
  userField: string,
  tell: (user: string, row: number) => void,
  afterPiece: () => Promise<void> | void,
): Promise<number> {
  const metadata = await metadataOf(file);
  if (!metadata.schema.some(({ name }) => name === userField)) {
    throw new RowsUnreadable(`There is no column ${userField}`, {});
  }
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const groups: unknown[][][] = [];
    await parquetRead({
      file,
      metadata,
      compressors,
      columns: [userField],
      rowStart,
      rowEnd,
      onComplete: (rows) => void groups.push(rows),
    });
    for (const [index, [user]] of groups.flat().entries()) {
      const text = user === null || user === undefined ? "" : String(user as string | number | bigint).trim();
      if (text !== "") tell(text, rowStart + index);
    }
    rowStart = rowEnd;
    await afterPiece();
  }
  return rowStart;
}

type WriterOptions = ConstructorParameters<typeof ParquetWriter>[0];
type ColumnData = Parameters<ParquetWriter["write"]>[0]["columnData"];

/**
 * The file without some rows: same schema, row groups, compression and key-value metadata. A group without rows is left out, and so are
 * statistics, which hold values. Values are copied as they are stored, not as JavaScript would show them: nothing is rounded.
 */
export async function* withoutParquetRows(file: AsyncBuffer, dropped: ReadonlySet<number>): AsyncGenerator<Buffer> {
  const metadata = await metadataOf(file);
  const schema = metadata.schema.map(asStored);
  const codecs = new Map(
    metadata.row_groups.flatMap(({ columns }) =>
      columns.map(({ meta_data }) => [meta_data?.path_in_schema[0] ?? "", meta_data?.codec ?? "UNCOMPRESSED"] as const),
    ),
  );
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schema as WriterOptions["schema"], // the writer was made with the types of an older reader
    statistics: false,
    // Codecs that only can be read are written as gzip.
    compressors: { GZIP: (input) => gzipSync(input) },
    ...(metadata.key_value_metadata ? { kvMetadata: metadata.key_value_metadata } : {}),
  });
  const names = topLevelColumns(metadata);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const rows = await rowsOf(file, { ...metadata, schema }, rowStart, rowEnd);
    const kept = rows.filter((_, index) => !dropped.has(rowStart + index));
    if (kept.length > 0) {
      const columnData: ColumnData = names.map((name) => ({
        name,
        data: kept.map((row) => row[name]),
        codec: writable(codecs.get(name)),
      }));
      await writer.write({ columnData, rowGroupSize: kept.length });
      yield flushed(bytes);
    }
    rowStart = rowEnd;
  }
  writer.schema = metadata.schema as WriterOptions["schema"]; // what is stored is what it was
  await writer.finish();
  yield flushed(bytes);
}

/** A column without what says how its values are to be shown. */
function asStored(element: SchemaElement): SchemaElement {
  if (element.type === undefined) return element;
  const { converted_type: _converted, logical_type: _logical, ...stored } = element;
  return stored;
}

async function rowsOf(file: AsyncBuffer, metadata: FileMetaData, rowStart: number, rowEnd: number) {
  const parts: Record<string, unknown>[][] = [];
  await parquetRead({
    file,
    metadata,
    compressors,
    rowStart,
    rowEnd,
    rowFormat: "object",
    utf8: false,
    onComplete: (rows) => void parts.push(rows),
  });
  return parts.flat();
}

/** The children of the root, in order: deeper ones belong to them. */
function topLevelColumns({ schema }: FileMetaData): readonly string[] {
  const names: string[] = [];
  let at = 1;
  const pass = (index: number): number => {
    let next = index + 1;
    for (let child = 0; child < (schema[index]?.num_children ?? 0); child += 1) next = pass(next);
    return next;
  };
  while (at < schema.length) {
    names.push(schema[at]?.name ?? "");
    at = pass(at);
  }
  return names;
}

const writable = (codec: string | undefined) =>
  codec === "UNCOMPRESSED" || codec === "SNAPPY" ? codec : ("GZIP" as const);

/** What was written since the last time; the writer keeps counting its offsets. */
function flushed(bytes: ByteWriter): Buffer {
  const written = Buffer.from(bytes.getBytes());
  (bytes as ByteWriter & { index: number }).index = 0;
  return written;
}
