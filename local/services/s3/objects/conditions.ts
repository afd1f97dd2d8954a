/** Preconditions of reads and writes (Add preconditions to S3 operations with conditional requests). */
import { noSuchKey, notModified, notImplemented, preconditionFailed } from "../errors.ts";
import { NULL_VERSION, type StoredObject } from "./object-version.ts";

export interface ReadConditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: Date | undefined;
  readonly ifUnmodifiedSince: Date | undefined;
}

/**
 * Throws PreconditionFailed or NotModified. An ETag outranks a date (RFC 9110, Precedence of Preconditions).
 * For copies S3 answers 412 where a read gets 304.
 */
export function checkRead(object: StoredObject, conditions: ReadConditions, purpose: "read" | "copy" = "read"): void {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const header = (name: string) => (purpose === "copy" ? `x-amz-copy-source-${name}` : name);
  const refusal = (name: string) =>
    purpose === "copy" ? preconditionFailed(header(name)) : notModified(cacheHeaders(object));
  const { etag } = object.content;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag)) throw preconditionFailed(header("If-Match"));
  } else if (ifUnmodifiedSince && wholeSeconds(object.modifiedAt) > wholeSeconds(ifUnmodifiedSince.getTime())) {
    throw preconditionFailed(header("If-Unmodified-Since"));
  }
  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, etag)) throw refusal("If-None-Match");
  } else if (ifModifiedSince && wholeSeconds(object.modifiedAt) <= wholeSeconds(ifModifiedSince.getTime())) {
    throw refusal("If-Modified-Since");
  }
}

/** Throws unless the current object is as the writer expects it: absent (`If-None-Match: *`) or unchanged (`If-Match`). */
export function checkWrite(
  current: StoredObject | undefined,
  key: string,
  { IfMatch, IfNoneMatch }: { readonly IfMatch?: string | undefined; readonly IfNoneMatch?: string | undefined },
): void {
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== "*") throw notImplemented("If-None-Match with anything but * on a write");
    if (current) throw preconditionFailed("If-None-Match");
  }
  if (IfMatch !== undefined) {
    if (!current) throw noSuchKey(key);
    if (!matches(IfMatch, current.content.etag)) throw preconditionFailed("If-Match");
  }
}

/** Throws unless the current object is the one to delete. */
export function checkDelete(current: StoredObject | undefined, ifMatch: string | undefined): void {
  if (ifMatch !== undefined && !(current && matches(ifMatch, current.content.etag))) {
    throw preconditionFailed("If-Match");
  }
}

function cacheHeaders({ content, modifiedAt, attributes, versionId }: StoredObject): Record<string, string> {
  return {
    ETag: `"${content.etag}"`,
    "Last-Modified": new Date(modifiedAt).toUTCString(),
    ...(attributes.cacheControl !== undefined && { "Cache-Control": attributes.cacheControl }),
    ...(attributes.expires !== undefined && { Expires: new Date(attributes.expires).toUTCString() }),
    ...(versionId !== NULL_VERSION && { "x-amz-version-id": versionId }),
  };
}

const matches = (header: string, etag: string): boolean =>
  header.split(",").some((part) => {
    const wanted = part.trim().replace(/^W\//, "");
    return wanted === "*" || wanted.replaceAll('"', "") === etag;
  });

const wholeSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
