/** The objects of the buckets: read by version, and written only over what was read. */
import {
  CopyObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { Unavailable } from "#shared/errors";
import { isLater } from "#shared/events/s3";
import {
  type Headers,
  headersOf,
  ObjectUnsuitable,
  type Result,
  type StoredText,
  tagging,
  unsuitability,
} from "./stored-text.ts";
import { decodeUtf8 } from "./tidy-text.ts";

export interface Place {
  readonly bucket: string;
  readonly key: string;
}
export interface Version extends Place {
  readonly versionId: string;
}
/** `superseded`: something newer is there, whose own event sees to it. */
export type Outcome = "written" | "superseded";

/** By which results in another place are kept in the order of their originals. */
const SEQUENCER = "source-sequencer";
const MOST_TRIES = 5;

/** The text of one version; undefined when it is gone. Throws ObjectUnsuitable. */
export async function readText(version: Version, largestBytes: number): Promise<StoredText | undefined> {
  const { bucket: Bucket, key: Key, versionId: VersionId } = version;
  const output = await unlessGone(s3.send(new GetObjectCommand({ Bucket, Key, VersionId })));
  if (output === undefined) return undefined;
  const problem = unsuitability(output, largestBytes);
  if (problem !== undefined) {
    // The connection is only free again when nobody waits for the rest.
    await output.Body?.transformToWebStream().cancel();
    throw new ObjectUnsuitable(problem, { key: Key });
  }
  const text = decodeUtf8((await output.Body?.transformToByteArray()) ?? new Uint8Array());
  if (text === undefined) throw new ObjectUnsuitable("The object is not text in UTF-8", { key: Key });
  const tags = (output.TagCount ?? 0) > 0 ? await tagsOf(version) : [];
  return {
    text,
    eTag: output.ETag?.replaceAll('"', "") ?? "",
    headers: headersOf(output),
    metadata: output.Metadata ?? {},
    tags,
  };
}

async function tagsOf({ bucket: Bucket, key: Key, versionId: VersionId }: Version): Promise<StoredText["tags"]> {
  const output = await unlessGone(s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId })));
  return (output?.TagSet ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value }));
}

/** The user metadata of a version; undefined when it is gone. */
export async function metadataOf({ bucket: Bucket, key: Key, versionId: VersionId }: Version) {
  const output = await unlessGone(s3.send(new HeadObjectCommand({ Bucket, Key, VersionId })));
  return output && (output.Metadata ?? {});
}

/** Writes over the object, provided that it still has this ETag: a newer upload, or a deletion, is never undone. */
export async function overwrite(place: Place, eTag: string, result: Result): Promise<Outcome> {
  return unlessChanged(put(place, result, { IfMatch: eTag }));
}

/**
 * Writes a result to another place than its original's. The newest original wins, in whatever order the events come: the order
 * is that of their sequencers, which the results carry.
 */
export async function place(place: Place, sequencer: string, result: Result): Promise<Outcome> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const there = await unlessGone(s3.send(new HeadObjectCommand({ Bucket: place.bucket, Key: place.key })));
    const known = there?.Metadata?.[SEQUENCER];
    if (known !== undefined && !isLater(sequencer, known)) return "superseded";
    const metadata = { ...result.metadata, [SEQUENCER]: sequencer };
    const condition = there?.ETag === undefined ? { IfNoneMatch: "*" } : { IfMatch: there.ETag };
    if ((await unlessChanged(put(place, { ...result, metadata }, condition))) === "written") return "written";
  }
  throw new Unavailable("Others write to the place of the result all the time");
}

/** Copies a staged result over the object, provided that it still has this ETag. */
export async function copyOver(
  staged: Place,
  { bucket, key }: Place,
  eTag: string,
  headers: Headers,
): Promise<Outcome> {
  const CopySource = `${staged.bucket}/${encodeURIComponent(staged.key)}`;
  // What a copy does not take along by itself (CopyObject, Amazon S3 API Reference).
  const { StorageClass, WebsiteRedirectLocation } = headers;
  const input = { Bucket: bucket, Key: key, CopySource, IfMatch: eTag, StorageClass, WebsiteRedirectLocation };
  return unlessChanged(s3.send(new CopyObjectCommand(input)));
}

/** Writes an object, whatever is there. */
export async function put(
  { bucket, key }: Place,
  { text, headers, metadata, tags }: Result,
  condition: Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch"> = {},
): Promise<void> {
  const input = { Bucket: bucket, Key: key, Body: text, ...headers, Metadata: metadata, Tagging: tagging(tags) };
  try {
    await s3.send(new PutObjectCommand({ ...input, ...condition }));
  } catch (error) {
    if (nameOf(error) !== "MetadataTooLarge") throw error;
    throw new ObjectUnsuitable("The object's metadata leave no room for what the guard has to write there", { key });
  }
}

const GONE = new Set(["NoSuchKey", "NoSuchVersion", "NotFound", "MethodNotAllowed"]);
/** 412, and 404 where nothing is there to match. A 409, when two writes meet, is left to the retry (PutObject, S3 API Reference). */
const CHANGED = new Set(["PreconditionFailed", "NoSuchKey", "NotFound"]);

async function unlessGone<T>(output: Promise<T>): Promise<T | undefined> {
  try {
    return await output;
  } catch (error) {
    if (GONE.has(nameOf(error))) return undefined;
    throw error;
  }
}

async function unlessChanged(write: Promise<unknown>): Promise<Outcome> {
  try {
    await write;
    return "written";
  } catch (error) {
    if (CHANGED.has(nameOf(error))) return "superseded";
    throw error;
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");
