/** The bucket that holds people's data, version by version. */
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type GetObjectCommandOutput,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { Readable } from "node:stream";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import { AppError, Unavailable } from "#shared/errors";
import { deleteObjects } from "#shared/writes/delete-objects";

const bucket = env.text("DATA_BUCKET");

/** Somebody has uploaded the object anew meanwhile. */
export class ObjectChanged extends AppError {
  override readonly retryable = true;
}

export interface Version {
  readonly versionId: string;
  readonly eTag: string;
  readonly size: number;
  readonly contentEncoding?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ListedVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isMarker: boolean;
}

const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** Undefined for a version that is not there any more, and for a delete marker. */
export async function versionOf(key: string, versionId: string): Promise<Version | undefined> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return {
      versionId,
      eTag: head.ETag ?? "",
      size: head.ContentLength ?? 0,
      metadata: head.Metadata ?? {},
      ...(head.ContentEncoding === undefined ? {} : { contentEncoding: head.ContentEncoding }),
    };
  } catch (error) {
    // A HEAD has no body to say NoSuchVersion in; a delete marker is 405.
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404 || status === 405 || isNamed(error, "NotFound", "NoSuchVersion")) return undefined;
    throw error;
  }
}

/** All versions and delete markers of exactly this key, the newest first. */
export async function versionsOf(key: string): Promise<readonly ListedVersion[]> {
  const found: ListedVersion[] = [];
  for await (const page of pagesOf({ prefix: key })) {
    found.push(...page.versions.filter((version) => version.key === key));
    // Keys come in order: what begins like this one comes behind it.
    if (page.versions.at(-1) && page.versions.at(-1)?.key !== key) break;
  }
  return found;
}

export interface VersionsPage {
  readonly versions: readonly ListedVersion[];
  readonly next?: Cursor;
}

export interface Cursor {
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** One page of versions, in the order of their keys and the newest of a key first. */
export async function versionsPage(prefix: string, after?: Cursor, most = 1_000): Promise<VersionsPage> {
  const page = await s3.send(
    new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: prefix,
      MaxKeys: most,
      ...(after ? { KeyMarker: after.key, VersionIdMarker: after.versionId } : {}),
    }),
  );
  const entries = [
    ...(page.Versions ?? []).map((entry) => ({ ...entry, isMarker: false })),
    ...(page.DeleteMarkers ?? []).map((entry) => ({ ...entry, isMarker: true })),
  ];
  const versions = entries
    // Two lists, each by key and the newest first. Of one key the latest leads: times are exact to the second only.
    .toSorted(
      (a, b) =>
        Buffer.compare(Buffer.from(a.Key ?? ""), Buffer.from(b.Key ?? "")) ||
        Number(b.IsLatest ?? false) - Number(a.IsLatest ?? false) ||
        (b.LastModified?.getTime() ?? 0) - (a.LastModified?.getTime() ?? 0),
    )
    .map(({ Key = "", VersionId = "null", isMarker }) => ({ key: Key, versionId: VersionId, isMarker }));
  const next =
    page.IsTruncated && page.NextKeyMarker !== undefined
      ? { next: { key: page.NextKeyMarker, versionId: page.NextVersionIdMarker } }
      : {};
  return { versions, ...next };
}

async function* pagesOf({ prefix }: { prefix: string }): AsyncGenerator<VersionsPage> {
  let after: Cursor | undefined;
  do {
    const page = await versionsPage(prefix, after);
    yield page;
    after = page.next;
  } while (after);
}

/** The content of a version as a stream. Throws Unavailable when it vanished just now. */
export async function openVersion(
  key: string,
  versionId: string,
): Promise<GetObjectCommandOutput & { Body: Readable }> {
  const object = await orVanished(s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })));
  if (!(object.Body instanceof Readable)) throw new Unavailable("The object came without a body");
  return { ...object, Body: object.Body };
}

/** Throws Unavailable when what is read vanished just now. */
async function orVanished<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isNamed(error, "NoSuchKey", "NoSuchVersion")) throw new Unavailable("The version vanished while it was read");
    throw error;
  }
}

/** Bytes from start (inclusive) to end (exclusive) of a version. */
export async function readRange(key: string, versionId: string, start: number, end: number): Promise<ArrayBuffer> {
  const Range = `bytes=${start}-${end - 1}`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, Range }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  return Uint8Array.from(bytes).buffer;
}

/** Names who made a version out of which other: a purge that was cut short knows its own work again. */
const MADE_BY = "erasure";

export const isMadeBy = ({ metadata }: Version, maker: string): boolean => metadata[MADE_BY] === maker;

/**
 * Puts a new version in place of one that is the latest, with its metadata, tags and headers. Throws ObjectChanged when that is not the
 * latest any more: nothing is overwritten then.
 */
export async function replaceVersion(
  key: string,
  { versionId, eTag }: Version,
  maker: string,
  edit: (body: Readable) => Readable | Promise<Readable>,
): Promise<void> {
  const { TagSet = [] } = await orVanished(
    s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId })),
  );
  const Tagging = new URLSearchParams(
    TagSet.map(({ Key = "", Value = "" }): [string, string] => [Key, Value]),
  ).toString();
  // Opened last: a body that nobody reads yet holds its connection.
  const object = await openVersion(key, versionId);
  const { ContentType, ContentEncoding, ContentLanguage, ContentDisposition, CacheControl, StorageClass } = object;
  const kept = { ContentType, ContentEncoding, ContentLanguage, ContentDisposition, CacheControl, StorageClass };
  const Body = await edit(object.Body);
  try {
    await new Upload({
      client: s3,
      params: {
        Bucket: bucket,
        Key: key,
        Body,
        ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
        Metadata: { ...object.Metadata, [MADE_BY]: maker },
        ...(Tagging === "" ? {} : { Tagging }),
        IfMatch: eTag,
      },
      partSize: 8 * 1024 * 1024,
      queueSize: 2,
    }).done();
  } catch (error) {
    if (!isNamed(error, "PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")) throw error;
    throw new ObjectChanged("The object was uploaded anew while it was rewritten", {}, { cause: error });
  } finally {
    object.Body.destroy();
  }
}

/** Removes versions, or delete markers, for good. Those that are gone already are no error. */
export const removeVersions = (versions: readonly ListedVersion[]): Promise<void> =>
  deleteObjects(
    bucket,
    versions.map(({ key, versionId }) => ({ key, versionId })),
  );
