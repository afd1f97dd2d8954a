/** The source of a copy: `bucket/key` or `/bucket/key`, URL-encoded, with `?versionId=` for an older version. */
import type { Call } from "../../../core/service.ts";
import type { Bucket } from "../buckets/bucket.ts";
import { invalidArgument, invalidRequest, notImplemented } from "../errors.ts";
import type { Store } from "../store.ts";
import { checkRead } from "./conditions.ts";
import { locate } from "./locate.ts";
import type { StoredObject } from "./object-version.ts";
import { isObject } from "./object-version.ts";

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Throws InvalidArgument when it names no object. */
export function readCopySource(header: string | undefined): CopySource {
  if (header?.startsWith("arn:")) throw notImplemented("copies from access points");
  const mark = header?.lastIndexOf("?versionId=") ?? -1;
  const path = mark < 0 ? (header ?? "") : (header ?? "").slice(0, mark);
  const versionId = mark < 0 ? undefined : header?.slice(mark + "?versionId=".length);
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path)) ?? [];
  if (bucket === undefined || key === undefined) {
    throw invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      "x-amz-copy-source",
      header,
    );
  }
  return { bucket, key, versionId };
}

/** `+` stands for a space, as in forms; what cannot be decoded is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** The members of CopyObject and UploadPartCopy that speak of the source. */
export interface CopySourceInput {
  readonly CopySource?: string | undefined;
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
  readonly ExpectedSourceBucketOwner?: string | undefined;
}

/** The object to copy. Throws as a read of it would, and PreconditionFailed. */
export function sourceOf(store: Store, input: CopySourceInput, call: Call): { bucket: Bucket; object: StoredObject } {
  const source = readCopySource(input.CopySource);
  const bucket = store.bucket({ Bucket: source.bucket, ExpectedBucketOwner: input.ExpectedSourceBucketOwner });
  const asked = source.versionId === undefined ? undefined : bucket.contents.find(source.key, source.versionId);
  if (asked && !isObject(asked)) {
    throw invalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.");
  }
  const object = locate(bucket, source.key, source.versionId, call);
  checkRead(
    object,
    {
      ifMatch: input.CopySourceIfMatch,
      ifNoneMatch: input.CopySourceIfNoneMatch,
      ifModifiedSince: input.CopySourceIfModifiedSince,
      ifUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    "copy",
  );
  return { bucket, object };
}
