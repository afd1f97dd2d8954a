/** Objects of S3 as Athena touches them. */
import { isServiceError } from "../../../core/errors.ts";

/** The bucket and key of `s3://bucket/key`. */
export function placeOf(location: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = "", key = ""] = /^s3a?:\/\/([^/]+)\/?(.*)$/s.exec(location) ?? [];
  return { bucket, key };
}

/** The content of an object as a call from within gives it. */
export async function bytesOf(body: unknown): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  // A body is bytes or a stream of them.
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const TRIES = 6;
const PASSING = /^(SlowDown|Throttl|TooManyRequests|RequestLimitExceeded|Internal|ServiceUnavailable)/;

/** Athena tries again by itself when S3 or Glue ask it to slow down or fail for a moment. */
export async function persistently<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === TRIES || !isServiceError(error) || !PASSING.test(error.name)) throw error;
    }
  }
}
