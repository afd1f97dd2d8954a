/** Finding what a read asks for, and refusing as S3 does. */
import { ServiceError } from "../../../core/errors.ts";
import type { Call } from "../../../core/service.ts";
import type { Bucket } from "../buckets/bucket.ts";
import { deleteMarkerRefuses, invalidArgument, noSuchKey, noSuchVersion } from "../errors.ts";
import { isObject, NULL_VERSION, type ObjectVersion, type StoredObject } from "./object-version.ts";

/**
 * The object or version that is asked for. Throws NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker
 * asked for by its version id. A caller that may not list the bucket is not told that a key is missing (GetObject, Permissions).
 */
export function locate(bucket: Bucket, key: string, versionId: string | undefined, call: Call): StoredObject {
  const found = versionId === undefined ? bucket.contents.latest(key) : bucket.contents.find(key, checkedId(versionId));
  if (isObject(found)) return found;
  if (versionId !== undefined && found) throw deleteMarkerRefuses(call.operation === "HeadObject" ? "HEAD" : "GET");
  authorizeAbsence(bucket, call);
  if (versionId !== undefined) throw noSuchVersion(key, versionId);
  throw found ? deleted(key, found.versionId) : noSuchKey(key);
}

/** GetObject and HeadObject (Permissions) name s3:ListBucket for whatever is not there, versions too. */
const authorizeAbsence = (bucket: Bucket, call: Call): void =>
  call.authorize({ action: "s3:ListBucket", resource: bucket.arn });

/** NoSuchKey of an object whose latest version is a delete marker: headers tell so (Working with delete markers). */
function deleted(key: string, versionId: string): ServiceError {
  const { name, message, detail } = noSuchKey(key);
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": versionId };
  return new ServiceError(name, message, { status: 404, detail: { ...detail, ...headers } });
}

/** The object that a change of tags and the like is about; no permission to list is asked for. */
export function locateForChange(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  method: string,
): StoredObject {
  const found: ObjectVersion | undefined =
    versionId === undefined ? bucket.contents.latest(key) : bucket.contents.find(key, checkedId(versionId));
  if (isObject(found)) return found;
  if (found) throw deleteMarkerRefuses(method);
  throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
}

/** Version ids that this S3 never makes are malformed, not missing. */
export function checkedId(versionId: string): string {
  if (versionId === NULL_VERSION || /^[\w.]{32}$/.test(versionId)) return versionId;
  throw invalidArgument("Invalid version id specified", "versionId", versionId);
}

/** HEAD answers have no body: only the status tells what was wrong. */
export function withoutBody<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 404) throw error;
    throw new ServiceError("NotFound", "Not Found", { status: 404, detail: error.detail });
  }
}
