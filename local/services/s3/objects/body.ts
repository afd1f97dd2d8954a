/** Bytes of requests and answers. */
import type { Blobs } from "../../../core/storage.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Output } from "../../../core/service.ts";
import { notImplemented } from "../errors.ts";
import type { S3 } from "../store.ts";
import type { Content } from "./object-version.ts";

/** 5 GiB in one request (Amazon S3 multipart upload limits). */
const LONGEST_BODY = 5 * 1024 ** 3;

/** The body of a request: a Buffer from the gateway, bytes or text from within the cloud. Throws EntityTooLarge. */
export function bodyOf(body: unknown): Uint8Array {
  const bytes = typeof body === "string" ? Buffer.from(body) : (body ?? new Uint8Array());
  if (!(bytes instanceof Uint8Array)) throw notImplemented("bodies that are neither text nor bytes");
  assertNotTooLarge(bytes.length);
  return bytes;
}

export function assertNotTooLarge(size: number): void {
  if (size <= LONGEST_BODY) return;
  throw new ServiceError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
    status: 400,
    detail: { ProposedSize: size, MaxSizeAllowed: LONGEST_BODY },
  });
}

/** The bytes of an object from `start` (inclusive) to `end` (exclusive). */
export function readContent(blobs: Blobs, content: Content, start = 0, end = content.size): Buffer {
  const pieces: Buffer[] = [];
  let offset = 0;
  for (const part of content.parts) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, part.size);
    if (from < to) pieces.push(blobs.read(part.blob, from, to));
    offset += part.size;
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}

/** The SDK types bodies of answers as its own streams; the gateway writes bytes, and callers within the cloud take them. */
export const answerBody = (bytes: Buffer): NonNullable<Output<S3, "GetObject">["Body"]> => bytes as never;
