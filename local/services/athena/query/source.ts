/** The files of a table: listed and read from S3 as the caller, put where the engine may read them. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import type { Principal } from "../../../core/principal.ts";
import type { CatalogTable } from "./catalog.ts";
import { QueryFailed } from "./failure.ts";
import { bytesOf, persistently, placeOf } from "./objects.ts";
import type { PartitionValues } from "./projection.ts";

export interface DataFile {
  readonly bucket: string;
  readonly key: string;
  readonly values: PartitionValues;
}

/** Beyond this many partitions their common prefix is listed once, which finds the same files in fewer calls. */
const MOST_LISTINGS = 60;

/** The files of these partitions, in the order of their keys. Hidden ones (`_x`, `.x`) and empty ones are none. */
export async function filesOf(
  cloud: Cloud,
  partitions: CatalogTable["partitions"],
  as: Principal,
): Promise<readonly DataFile[]> {
  const byLocation = new Map(partitions.map(({ location, values }) => [location, values]));
  const prefixes = byLocation.size > MOST_LISTINGS ? [commonPrefix([...byLocation.keys()])] : [...byLocation.keys()];
  const files: DataFile[] = [];
  const located = new Set<string>();
  for (const prefix of prefixes) {
    const { bucket, key } = placeOf(prefix);
    // Athena looks in which region the data lie.
    if (!located.has(bucket))
      await reading(prefix, () => persistently(() => cloud.call("s3", "GetBucketLocation", { Bucket: bucket }, as)));
    located.add(bucket);
    for (const found of await listed(cloud, bucket, key, as)) {
      const values = valuesAt(byLocation, `s3://${bucket}/${found}`);
      if (values && !/(^|\/)[_.][^/]*$/.test(found)) files.push({ bucket, key: found, values });
    }
  }
  return files;
}

/** The partition whose location is the longest that the object lies under. */
function valuesAt(byLocation: ReadonlyMap<string, PartitionValues>, object: string): PartitionValues | undefined {
  for (let end = object.lastIndexOf("/"); end > 5; end = object.lastIndexOf("/", end - 1)) {
    const values = byLocation.get(object.slice(0, end + 1));
    if (values) return values;
  }
  return undefined;
}

function commonPrefix(locations: readonly string[]): string {
  const [first = "", last = ""] = [locations[0], locations.at(-1)];
  let length = 0;
  while (length < first.length && locations.every((location) => location[length] === first[length])) length++;
  const prefix = first.slice(0, length);
  return prefix.slice(0, prefix.lastIndexOf("/") + 1) || last;
}

async function listed(cloud: Cloud, Bucket: string, Prefix: string, as: Principal): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const input = { Bucket, Prefix, ...(ContinuationToken !== undefined && { ContinuationToken }) };
    const page = await reading(`s3://${Bucket}/${Prefix}`, () =>
      persistently(() => cloud.call("s3", "ListObjectsV2", input, as)),
    );
    for (const { Key = "", Size = 0 } of page.Contents ?? []) if (Size > 0) keys.push(Key);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys;
}

/** Copies a file below the folder; partition values are in its path, as the engine reads them. Answers the path. */
export async function fetchFile(
  cloud: Cloud,
  { bucket, key, values }: DataFile,
  folder: string,
  number: number,
  as: Principal,
): Promise<string> {
  const found = await reading(`s3://${bucket}/${key}`, () =>
    persistently(() => cloud.call("s3", "GetObject", { Bucket: bucket, Key: key }, as)),
  );
  const into = join(folder, ...Object.entries(values).map(([name, value]) => `${name}=${encodeURIComponent(value)}`));
  await mkdir(into, { recursive: true });
  const path = join(into, `${number}.parquet`);
  await writeFile(path, await bytesOf(found.Body));
  return path;
}

async function reading<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isServiceError(error)) throw error;
    if (error.name === "AccessDenied")
      throw new QueryFailed(`PERMISSION_DENIED: Permission denied on S3 path: ${what}`);
    if (error.name === "NoSuchKey")
      throw new QueryFailed(
        `HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split ${what}: The specified key does not exist.`,
      );
    throw new QueryFailed(`HIVE_FILESYSTEM_ERROR: ${what}: ${error.message}`);
  }
}
