/** The document of a request: its bytes, or an object that is read with the caller's own permissions; what it is, and whether it is too large. */
import type { Document, S3Object } from "@aws-sdk/client-textract";
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import type { Format, Page, Refusal } from "./reading/messages.ts";
import type { Reader } from "./reading/reader.ts";

/** Quotas in Amazon Textract: "File Size and Page Count Limits". */
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_BYTES_OF_JOB = 500 * 1024 * 1024;
const MOST_PAGES_OF_JOB = 3_000;

export const unsupported = () =>
  new ServiceError("UnsupportedDocumentException", "Request has unsupported document format");
export const bad = () => new ServiceError("BadDocumentException", "Request has bad document");
export const invalidParameters = () => new ServiceError("InvalidParameterException", "Request has invalid parameters");

/** The one page of a document that is read while the caller waits. */
export async function readPage(
  cloud: Cloud,
  reader: Reader,
  document: Document | undefined,
  caller: Principal,
): Promise<Page> {
  if ((document?.Bytes === undefined) === (document?.S3Object === undefined)) throw invalidParameters();
  const bytes = document?.Bytes ?? (await objectBytes(cloud, document?.S3Object, caller));
  if (bytes.length > MOST_BYTES) throw tooLarge();
  const answer = await reader.read(bytes, formatOf(bytes), 1);
  const [page] = typeof answer === "string" ? refuse(answer) : answer.pages;
  if (!page) throw bad();
  return page;
}

/** All pages of a job's document; undefined where one could not be read. */
export async function readPages(
  cloud: Cloud,
  reader: Reader,
  object: S3Object | undefined,
  caller: Principal,
): Promise<readonly (Page | undefined)[]> {
  const bytes = await objectBytes(cloud, object, caller);
  const isPaged = formatOf(bytes) === "pdf" || isTiff(bytes);
  if (bytes.length > (isPaged ? MOST_BYTES_OF_JOB : MOST_BYTES)) throw tooLarge();
  const answer = await reader.read(bytes, formatOf(bytes), MOST_PAGES_OF_JOB);
  return typeof answer === "string" ? refuse(answer) : answer.pages;
}

const tooLarge = () => new ServiceError("DocumentTooLargeException", "Request has document too large");

function refuse(refusal: Refusal): never {
  throw refusal === "unreadable" ? bad() : unsupported();
}

function formatOf(bytes: Uint8Array): Format {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  if (head.includes("%PDF-")) return "pdf";
  if (head.startsWith("\xff\xd8\xff") || head.startsWith("\x89PNG\r\n\x1a\n") || isTiff(bytes)) return "picture";
  throw unsupported();
}

const isTiff = (bytes: Uint8Array): boolean =>
  ["II*\0", "MM\0*"].includes(Buffer.from(bytes.subarray(0, 4)).toString("latin1"));

const unreadableObject = () =>
  new ServiceError(
    "InvalidS3ObjectException",
    "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
  );

/** Throws unless the caller may read the object. */
export async function checkObject(cloud: Cloud, object: S3Object | undefined, caller: Principal): Promise<void> {
  await asCaller(() => cloud.call("s3", "HeadObject", addressOf(object), caller));
}

async function objectBytes(cloud: Cloud, object: S3Object | undefined, caller: Principal): Promise<Uint8Array> {
  const { Body } = await asCaller(() => cloud.call("s3", "GetObject", addressOf(object), caller));
  // Within the cloud a body is what the S3 handler made: bytes or a stream.
  const body = Body as unknown as Uint8Array | AsyncIterable<Uint8Array>;
  return body instanceof Uint8Array ? body : Buffer.concat(await Array.fromAsync(body));
}

const addressOf = ({ Bucket = "", Name = "", Version }: S3Object = {}) => ({
  Bucket,
  Key: Name,
  ...(Version === undefined ? {} : { VersionId: Version }),
});

async function asCaller<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isServiceError(error)) throw error;
    // What S3 suffers from for a moment is Textract's own trouble.
    if (error.name === "SlowDown") throw new ServiceError("ThrottlingException", "Rate exceeded");
    if ((error.status ?? 0) >= 500) throw new ServiceError("InternalServerError", "Internal server error");
    throw unreadableObject();
  }
}
