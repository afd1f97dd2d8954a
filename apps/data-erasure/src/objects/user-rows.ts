/** The rows of one version: whose they are, and the version without some of them. */
import { pipeline, Readable, type Transform } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import { env } from "#shared/environment";
import { editRows, type Judge, readRows } from "../formats/edit-rows.ts";
import { type Format, formatOf, rowReader, RowsUnreadable } from "../formats/format.ts";
import { readParquetUsers, withoutParquetRows } from "../formats/parquet.ts";
import { openVersion, readRange, replaceVersion, type Version } from "./data-bucket.ts";

const userField = env.text("USER_FIELD", "user_id");

/** An error of the source ends the result with it. */
const through = (source: Readable, transform: Transform): Readable => pipeline(source, transform, () => {});
const unpacked = (body: Readable, { isCompressed }: Format): Readable =>
  isCompressed ? through(body, createGunzip()) : body;
const packed = (body: Readable, { isCompressed }: Format): Readable =>
  isCompressed ? through(body, createGzip()) : body;

const fileOf = (key: string, { versionId, size }: Version) => ({
  byteLength: size,
  slice: (start: number, end = size) => readRange(key, versionId, start, end),
});

/** Tells the user of each row that has one, in order. Answers how many rows there are. Throws RowsUnreadable. */
export async function readUsers(
  key: string,
  version: Version,
  tell: (user: string, row: number) => void,
  afterPiece: () => Promise<void> | void = () => {},
): Promise<{ rows: number; blanks: number }> {
  const format = formatOf(key, version.contentEncoding);
  if (format.kind === "parquet") {
    const rows = await readParquetUsers(fileOf(key, version), userField, tell, afterPiece);
    return { rows, blanks: 0 };
  }
  const reader = rowReader(format.kind, userField);
  let rows = 0;
  let blanks = 0;
  const { Body } = await openVersion(key, version.versionId);
  try {
    await readRows(
      unpacked(Body, format),
      reader.syntax,
      (row, bytes, start, end) => {
        rows += 1;
        if (reader.isBlank(row, bytes, start, end)) blanks += 1;
        const user = reader.userOf(row, bytes, start, end);
        if (user !== undefined) tell(user, row);
      },
      afterPiece,
    );
  } catch (error) {
    throw unreadable(error);
  } finally {
    Body.destroy();
  }
  return { rows, blanks };
}

/** Puts a version without these rows, by number and in order, in place of the latest one. Throws ObjectChanged. */
export async function eraseRows(
  key: string,
  version: Version,
  { rows, users, maker }: { rows: readonly number[]; users: ReadonlySet<string>; maker: string },
): Promise<void> {
  const format = formatOf(key, version.contentEncoding);
  if (format.kind === "parquet") {
    const file = fileOf(key, version);
    await replaceVersion(key, version, maker, (body) => {
      // It is read by ranges instead.
      body.destroy();
      return Readable.from(withoutParquetRows(file, new Set(rows)));
    });
    return;
  }
  const reader = rowReader(format.kind, userField);
  let next = 0;
  await edited(key, version, format, maker, reader, (row, bytes, start, end) => {
    if (row === 0 && format.kind === "csv") reader.userOf(row, bytes, start, end);
    if (row !== rows[next]) return "keep";
    next += 1;
    const user = reader.userOf(row, bytes, start, end);
    if (user === undefined || !users.has(user)) {
      throw new RowsUnreadable(`Row ${row} is not of whom the index says`, { row });
    }
    return "blank";
  });
}

/** Puts a version without its blank rows in place of the latest one. Throws ObjectChanged. */
export async function dropBlankRows(key: string, version: Version, maker: string): Promise<void> {
  const format = formatOf(key, version.contentEncoding);
  if (format.kind === "parquet") return;
  const reader = rowReader(format.kind, userField);
  await edited(key, version, format, maker, reader, (row, bytes, start, end) =>
    reader.isBlank(row, bytes, start, end) ? "drop" : "keep",
  );
}

const edited = (
  key: string,
  version: Version,
  format: Format,
  maker: string,
  { syntax }: Pick<ReturnType<typeof rowReader>, "syntax">,
  judge: Judge,
): Promise<void> =>
  replaceVersion(key, version, maker, (body) =>
    packed(Readable.from(editRows(unpacked(body, format), syntax, judge), { objectMode: false }), format),
  );

/** A damaged or cut-off gzip file can never be read. */
function unreadable(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("Z_") ? new RowsUnreadable(`Not readable as gzip: ${code}`, {}) : error;
}
