/** Paths that S3's front end refuses before it looks at the bucket. */
import { ServiceError } from "../../core/errors.ts";

export const invalidUri = (): ServiceError =>
  new ServiceError("InvalidURI", "Couldn't parse the specified URI.", { status: 400 });

/**
 * Throws a 400 without a word, as S3 does, for a key whose `..` lead out of the bucket: read from the left there must never be
 * more of them than names before (Naming Amazon S3 objects).
 */
export function assertWithinBucket(key: string): void {
  if (!key.includes("..")) return;
  let depth = 0;
  for (const part of key.split("/")) {
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
    if (depth < 0) throw new ServiceError("BadRequest", "", { status: 400 });
  }
}
