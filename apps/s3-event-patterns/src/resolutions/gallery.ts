/** The bucket of resolutions. Each one says what it was made of; every change is refused if somebody else was faster. */
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import type { Made } from "./agree.ts";

const Bucket = env.text("RESOLUTIONS_BUCKET");
/** Names in the object's metadata. */
const [ORDER, SOURCE, RECIPE] = ["order", "source-etag", "recipe"];

export async function findMade(key: string): Promise<Made | undefined> {
  try {
    const { ETag = "", Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket, Key: key }));
    const { [ORDER]: order = "", [SOURCE]: sourceETag = "", [RECIPE]: recipe = "" } = Metadata;
    return { order, sourceETag, recipe, eTag: ETag };
  } catch (error) {
    // Only who may list the bucket is told that there is nothing (HeadObject, Permissions).
    if (isNamed(error, "NotFound")) return undefined;
    throw error;
  }
}

/** The bytes of a resolution as it was seen; undefined when it was replaced or removed meanwhile. */
export async function bytesOf(key: string, { eTag }: Made): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key, IfMatch: eTag }));
    return await Body?.transformToByteArray();
  } catch (error) {
    if (isNamed(error, "PreconditionFailed", "NoSuchKey")) return undefined;
    throw error;
  }
}

/** Changes nothing when what is kept is not `replaced` any more. */
export async function keep(
  key: string,
  bytes: Uint8Array,
  { order, sourceETag, recipe }: Omit<Made, "eTag">,
  replaced: Made | undefined,
): Promise<void> {
  const put = new PutObjectCommand({
    Bucket,
    Key: key,
    Body: bytes,
    ContentType: "image/webp",
    Metadata: { [ORDER]: order, [SOURCE]: sourceETag, [RECIPE]: recipe },
    ...(replaced ? { IfMatch: replaced.eTag } : { IfNoneMatch: "*" }),
  });
  await unlessChanged(() => s3.send(put));
}

/** Changes nothing when what is kept is not `made` any more. */
export async function removeMade(key: string, { eTag }: Made): Promise<void> {
  await unlessChanged(() => s3.send(new DeleteObjectCommand({ Bucket, Key: key, IfMatch: eTag })));
}

async function unlessChanged(change: () => Promise<unknown>): Promise<void> {
  try {
    await change();
  } catch (error) {
    // NoSuchKey: it was removed meanwhile (PutObject and DeleteObject, If-Match).
    if (!isNamed(error, "PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")) throw error;
  }
}

const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);
