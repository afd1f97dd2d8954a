/** The picture of a request: bytes, or an object that is read with the caller's own permissions. */
import type { Image } from "@aws-sdk/client-rekognition";
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";

/** Guidelines and quotas in Amazon Rekognition. */
const MOST_BYTES = 5 * 1024 * 1024;
const MOST_OBJECT_BYTES = 15 * 1024 * 1024;

export async function imageBytes(cloud: Cloud, image: Image | undefined, caller: Principal): Promise<Uint8Array> {
  if ((image?.Bytes === undefined) === (image?.S3Object === undefined)) {
    throw new ServiceError(
      "InvalidParameterException",
      "Request has invalid parameters: Image needs either Bytes or S3Object",
    );
  }
  const bytes = image?.Bytes ?? (await readObject(cloud, image?.S3Object ?? {}, caller));
  const most = image?.Bytes ? MOST_BYTES : MOST_OBJECT_BYTES;
  if (bytes.length > most) throw new ServiceError("ImageTooLargeException", "Request has image too large");
  if (!isJpeg(bytes) && !isPng(bytes))
    throw new ServiceError("InvalidImageFormatException", "Request has invalid image format");
  return bytes;
}

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
const isPng = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 8)).toString("latin1") === "\x89PNG\r\n\x1a\n";

async function readObject(
  cloud: Cloud,
  {
    Bucket = "",
    Name = "",
    Version,
  }: { Bucket?: string | undefined; Name?: string | undefined; Version?: string | undefined },
  caller: Principal,
): Promise<Uint8Array> {
  try {
    const { Body } = await cloud.call(
      "s3",
      "GetObject",
      { Bucket, Key: Name, ...(Version === undefined ? {} : { VersionId: Version }) },
      caller,
    );
    // Within the cloud a body is what the S3 handler made: bytes or a stream.
    const body = Body as unknown as Uint8Array | AsyncIterable<Uint8Array>;
    return body instanceof Uint8Array ? body : Buffer.concat(await Array.fromAsync(body));
  } catch (error) {
    if (!isServiceError(error) || /^(SlowDown|InternalError|ServiceUnavailable)$/.test(error.name)) throw error;
    throw new ServiceError(
      "InvalidS3ObjectException",
      "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
    );
  }
}
