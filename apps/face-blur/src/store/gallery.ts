/** The published pictures. Each one says which upload it was made from, and gives way to a later one only. */
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { AppError, Conflict } from "#shared/errors";
import { isLater } from "#shared/events/s3";
import { contentTypeOf, type Format } from "../picture/format.ts";
import type { Attributes } from "./uploads.ts";

export interface Origin {
  readonly key: string;
  readonly versionId: string;
  /** Orders the uploads of a key. */
  readonly sequencer: string;
}

interface Published {
  readonly eTag: string;
  readonly sequencer: string | undefined;
}

/** S3 does not take it with all that goes along with it; trying again would not help. */
export class PictureNotStorable extends AppError {}

/** Others publish the same key again and again. */
export class GalleryBusy extends Conflict {
  override readonly retryable = true;
}

const SEQUENCER = "face-blur-sequencer";
const VERSION = "face-blur-version";
const MOST_ATTEMPTS = 5;

/** Whether the gallery lacks this upload: it shows nothing under the key, or an earlier one. */
export async function isWanted(bucket: string, origin: Origin): Promise<boolean> {
  return isNewer(origin, await publishedAs(bucket, origin.key));
}

/**
 * Publishes a picture unless the gallery shows the same upload or a later one meanwhile; answers whether it did. Writes are
 * conditional on what was read before: of two at the same time one starts again.
 */
export async function publish(
  bucket: string,
  origin: Origin,
  picture: { readonly bytes: Buffer; readonly format: Format; readonly attributes: Attributes },
): Promise<boolean> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const published = await publishedAs(bucket, origin.key);
    if (!isNewer(origin, published)) return false;
    if (await put(bucket, origin, picture, published)) return true;
  }
  throw new GalleryBusy(`The published picture changed ${MOST_ATTEMPTS} times meanwhile`);
}

const isNewer = ({ sequencer }: Origin, published: Published | undefined): boolean =>
  published?.sequencer === undefined || isLater(sequencer, published.sequencer);

async function publishedAs(bucket: string, key: string): Promise<Published | undefined> {
  try {
    const { ETag = "", Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { eTag: ETag, sequencer: Metadata[SEQUENCER] };
  } catch (error) {
    // Only who may list the bucket is told that there is nothing (HeadObject, Permissions).
    if (isNamed(error, "NotFound", "NoSuchKey")) return undefined;
    throw error;
  }
}

/** False when somebody else wrote first. */
async function put(
  bucket: string,
  { key, versionId, sequencer }: Origin,
  { bytes, format, attributes }: Parameters<typeof publish>[2],
  published: Published | undefined,
): Promise<boolean> {
  const tags = new URLSearchParams({ ...attributes.tags }).toString();
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        // What the bytes are, not what the uploader said they were.
        ContentType: contentTypeOf(format),
        ...attributes.headers,
        Metadata: { ...attributes.metadata, [SEQUENCER]: sequencer, [VERSION]: versionId },
        ...(tags === "" ? {} : { Tagging: tags }),
        ...(published ? { IfMatch: published.eTag } : { IfNoneMatch: "*" }),
      }),
    );
    return true;
  } catch (error) {
    // NoSuchKey: it was deleted meanwhile (PutObject, If-Match).
    if (isNamed(error, "PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")) return false;
    if (isNamed(error, "MetadataTooLarge", "InvalidTag")) {
      throw new PictureNotStorable(`${error.name}: ${error.message}`, {}, { cause: error });
    }
    throw error;
  }
}

const isNamed = (error: unknown, ...names: readonly string[]): error is Error =>
  error instanceof Error && names.includes(error.name);
