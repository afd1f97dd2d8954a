/** The versions of objects in the watched bucket. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import type { DeleteMarkerEntry, ListObjectVersionsCommandOutput, ObjectVersion } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { AppError } from "#shared/errors";
import { type NumberedVersion, numberVersions, type Version } from "./versions.ts";

/** Some versions could not be removed; the retry removes them. */
export class VersionsNotRemoved extends AppError<{ key: string; codes: readonly string[] }> {
  override readonly retryable = true;
}

/** DeleteObjects takes at most 1,000 keys (DeleteObjects, Amazon S3 API Reference). */
const MOST_DELETED = 1_000;

/** All versions of exactly this key, numbered; the prefix also lists keys that only begin like it, after this one. */
export async function versionsOf(bucket: string, key: string): Promise<NumberedVersion[]> {
  const found: Version[] = [];
  let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (marker) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...marker }),
    );
    const listed = [...(page.Versions ?? []).map(toVersion), ...(page.DeleteMarkers ?? []).map(toMarker)];
    found.push(...listed.filter((version) => version.key === key));
    const isOver = !page.IsTruncated || listed.some((version) => version.key > key);
    marker = isOver
      ? undefined
      : {
          ...(page.NextKeyMarker && { KeyMarker: page.NextKeyMarker }),
          ...(page.NextVersionIdMarker && { VersionIdMarker: page.NextVersionIdMarker }),
        };
  }
  return numberVersions(found);
}

const toVersion = ({ Key = "", VersionId = "null", Size = 0, LastModified }: ObjectVersion) => ({
  key: Key,
  versionId: VersionId,
  size: Size,
  isDeleteMarker: false,
  storedAt: LastModified?.toISOString() ?? "",
});

const toMarker = ({ Key, VersionId, LastModified }: DeleteMarkerEntry) => ({
  ...toVersion({ Key, VersionId, LastModified }),
  isDeleteMarker: true,
});

/** The bytes of one version. */
export async function contentOf(bucket: string, key: string, versionId: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

/** Whether a version carries the tag `retain=yes`. */
export async function isRetained(bucket: string, key: string, versionId: string): Promise<boolean> {
  const { TagSet = [] } = await s3.send(
    new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
  );
  return TagSet.some(({ Key, Value }) => Key === "retain" && Value === "yes");
}

/** Removes versions for good. Throws VersionsNotRemoved when S3 could not remove all of them. */
export async function removeVersions(bucket: string, key: string, versions: readonly NumberedVersion[]): Promise<void> {
  for (let start = 0; start < versions.length; start += MOST_DELETED) {
    const Objects = versions
      .slice(start, start + MOST_DELETED)
      .map(({ versionId }) => ({ Key: key, VersionId: versionId }));
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    if (Errors.length > 0) {
      throw new VersionsNotRemoved(`${Errors.length} of ${Objects.length} versions were not removed`, {
        key,
        codes: [...new Set(Errors.map(({ Code = "" }) => Code))],
      });
    }
  }
}
