/** The index in its bucket: Parquet files by day, and what compaction still has to remove. */
import { createHash } from "node:crypto";
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import { deleteObjects } from "#shared/writes/delete-objects";
import { type IndexRow, partitionOf } from "../rows/index-row.ts";
import { parquetOf, rowsIn } from "../rows/parquet.ts";

export interface StoredFile {
  readonly key: string;
  readonly size: number;
  /** Epoch ms. */
  readonly writtenAt: number;
}

const bucket = env.text("INDEX_BUCKET");
const EARLIEST_DAY = env.text("EARLIEST_DAY");
const DATA = "objects/";
const COMPACTIONS = "compactions/";
const FILES_AT_A_TIME = 10;

/** Files by what is in them: writing the same rows again changes nothing, and no file is ever changed. */
const nameOf = (content: Uint8Array | string): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 32);
const folderOf = (day: string): string => `${DATA}day=${day}/`;

/** Adds rows: one file for each day on which they happened. */
export async function appendRows(rows: readonly IndexRow[]): Promise<void> {
  const byDay = Map.groupBy(rows, (row) => partitionOf(row, EARLIEST_DAY));
  await inTurns([...byDay], async ([day, ofDay]) => void (await writeRows(day, ofDay)));
}

/** Answers the key of the file. */
export async function writeRows(day: string, rows: readonly IndexRow[], prefix = ""): Promise<string> {
  const Body = parquetOf(rows);
  const Key = `${folderOf(day)}${prefix}${nameOf(Body)}.parquet`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: "application/vnd.apache.parquet" }));
  return Key;
}

/** The files of a day, or of all days. */
export const dataFiles = (day?: string): Promise<StoredFile[]> => listed(day === undefined ? DATA : folderOf(day));

export async function readRows(key: string): Promise<IndexRow[]> {
  return rowsIn(await contentOf(key));
}

/** A compaction that was written, whose sources are not yet removed. */
export interface Compaction {
  readonly output: string;
  readonly sources: readonly string[];
}

export const compactionFiles = (day?: string): Promise<StoredFile[]> =>
  listed(day === undefined ? COMPACTIONS : `${COMPACTIONS}day=${day}/`);

export async function keepCompaction(day: string, compaction: Compaction): Promise<void> {
  const Body = JSON.stringify(compaction);
  const Key = `${COMPACTIONS}day=${day}/${nameOf(Body)}.json`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: "application/json" }));
}

/** Undefined when it is no longer there. */
export async function readCompaction(key: string): Promise<Compaction | undefined> {
  try {
    // Written by keepCompaction and by nobody else.
    return JSON.parse(Buffer.from(await contentOf(key)).toString()) as Compaction;
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** Removes files; what is gone already counts as removed. */
export const removeFiles = (keys: readonly string[]): Promise<void> =>
  deleteObjects(
    bucket,
    keys.map((key) => ({ key })),
  );

/** The day that is in a key of data or of a compaction. */
export const dayOfKey = (key: string): string | undefined => /\/day=(\d{4}-\d\d-\d\d)\//.exec(key)?.[1];

async function contentOf(Key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

async function listed(Prefix: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix, ...(ContinuationToken ? { ContinuationToken } : {}) }),
    );
    for (const { Key: key = "", Size: size = 0, LastModified } of page.Contents ?? [])
      files.push({ key, size, writtenAt: LastModified?.getTime() ?? 0 });
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return files;
}

/** Works on all, a few at a time. */
export async function inTurns<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  most = FILES_AT_A_TIME,
): Promise<void> {
  const next = items.values();
  const workers = Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const item of next) await work(item);
  });
  await Promise.all(workers);
}
