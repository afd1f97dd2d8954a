/** The pictures as people put them into the buckets. */
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { PictureRefused } from "./refusals.ts";
import type { Version } from "./picture-event.ts";

interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** What is there under the key now; undefined when nothing is, or a delete marker. */
export async function currentVersion({ bucket, key }: Place): Promise<Version | undefined> {
  try {
    const { ETag = "", VersionId = "null" } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { versionId: VersionId, eTag: ETag.replaceAll('"', "") };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether this version still exists. */
export async function isThere({ bucket, key }: Place, { versionId }: Version): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** The bytes of one version; undefined when it is gone. Throws PictureRefused before it reads more than `mostBytes`. */
export async function fetchVersion(
  { bucket, key }: Place,
  { versionId }: Version,
  mostBytes: number,
): Promise<Uint8Array | undefined> {
  try {
    const { Body, ContentLength = 0 } = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
    );
    if (ContentLength > mostBytes) {
      if (Body && "destroy" in Body) Body.destroy();
      throw new PictureRefused(`${ContentLength} bytes, more than ${mostBytes}`);
    }
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Only who may list a bucket is told that there is nothing; others are denied (HeadObject, Permissions). */
const isGone = (error: unknown): boolean =>
  error instanceof Error && ["NotFound", "NoSuchKey", "NoSuchVersion"].includes(error.name);
