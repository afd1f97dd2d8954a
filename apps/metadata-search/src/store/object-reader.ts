/** Asks objects for what no event tells: user metadata, content type, tags. */
import { GetObjectTaggingCommand, HeadObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import type { ObjectDescription } from "../rows/index-row.ts";

/** NotFound: the object or version is gone. MethodNotAllowed: there is a delete marker under this version (HeadObject). */
const GONE = new Set(["NotFound", "NoSuchKey", "NoSuchVersion", "MethodNotAllowed", "405"]);

/**
 * What a version says of itself; undefined when it is gone. Where there are no versions, `expectedETag` tells whether this is still
 * the content that is meant: after an overwrite the metadata are somebody else's, whose own event comes.
 */
export async function describeObject(
  Bucket: string,
  Key: string,
  VersionId: string,
  expectedETag: string | undefined,
): Promise<ObjectDescription | undefined> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key, VersionId }));
    const eTag = (head.ETag ?? "").replaceAll('"', "");
    if (expectedETag !== undefined && expectedETag !== eTag) return undefined;
    const tags = (head.TagCount ?? 0) > 0 ? await tagsOf(Bucket, Key, VersionId) : {};
    return {
      size: head.ContentLength ?? 0,
      eTag,
      contentType: head.ContentType,
      metadata: head.Metadata ?? {},
      tags,
    };
  } catch (error) {
    if (error instanceof Error && GONE.has(error.name)) return undefined;
    throw error;
  }
}

async function tagsOf(Bucket: string, Key: string, VersionId: string): Promise<Record<string, string>> {
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }));
  return Object.fromEntries(TagSet.map(({ Key: name = "", Value = "" }) => [name, Value]));
}

export interface ListedVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  readonly modifiedAt: Date;
  readonly size: number;
  readonly eTag: string;
  /** 0 for the latest version of its key. */
  readonly position: number;
}

/** Where a listing goes on. `position` is that of the last version within its key, which may go on as well. */
export interface Cursor {
  readonly key: string;
  readonly versionId: string;
  readonly position: number;
}

/** One page of at most 1,000 versions and delete markers, and where the next one begins. */
export async function listVersions(
  Bucket: string,
  Prefix: string,
  cursor: Cursor | undefined,
): Promise<{ versions: readonly ListedVersion[]; next: Cursor | undefined }> {
  const page = await s3.send(
    new ListObjectVersionsCommand({
      Bucket,
      Prefix,
      ...(cursor && { KeyMarker: cursor.key, VersionIdMarker: cursor.versionId }),
    }),
  );
  // Versions and markers come in two lists, each the latest first (ListObjectVersions): by key and time they are one again.
  const entries = [
    ...(page.Versions ?? []).map((version) => ({ ...version, isDeleteMarker: false })),
    ...(page.DeleteMarkers ?? []).map((marker) => ({ ...marker, isDeleteMarker: true, Size: 0, ETag: "" })),
  ].sort(
    (a, b) =>
      compare(a.Key ?? "", b.Key ?? "") ||
      time(b.LastModified) - time(a.LastModified) ||
      Number(b.IsLatest) - Number(a.IsLatest),
  );
  let last = cursor && { key: cursor.key, position: cursor.position };
  const versions = entries.map((entry): ListedVersion => {
    const {
      Key: key = "",
      VersionId: versionId = "null",
      LastModified,
      Size: size = 0,
      ETag = "",
      isDeleteMarker,
    } = entry;
    last = { key, position: last?.key === key ? last.position + 1 : 0 };
    const modifiedAt = LastModified ?? new Date(0);
    return {
      key,
      versionId,
      isDeleteMarker,
      modifiedAt,
      size,
      eTag: ETag.replaceAll('"', ""),
      position: last.position,
    };
  });
  const next = page.IsTruncated
    ? { key: page.NextKeyMarker ?? "", versionId: page.NextVersionIdMarker ?? "null", position: last?.position ?? 0 }
    : undefined;
  return { versions, next };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const time = (date: Date | undefined): number => date?.getTime() ?? 0;
