import type { Call, Handler } from "../../../core/service.ts";
import { type Bucket, versionIdOf } from "../buckets/bucket.ts";
import { notImplemented } from "../errors.ts";
import type { S3, Store } from "../store.ts";
import { checkDelete } from "./conditions.ts";
import { checkedKey } from "./key.ts";
import { checkedId } from "./locate.ts";
import { NO_ATTRIBUTES } from "./no-attributes.ts";
import { NULL_VERSION } from "./object-version.ts";
import { eventOf } from "./write.ts";

export const deleteObject =
  (store: Store): Handler<S3, "DeleteObject"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const key = checkedKey(input.Key);
    if (input.IfMatchLastModifiedTime ?? input.IfMatchSize) {
      throw notImplemented("conditions that only directory buckets have");
    }
    checkDelete(bucket.contents.current(key), input.IfMatch);
    const { versionId, isDeleteMarker } = remove(store, bucket, key, input.VersionId, call);
    return {
      ...(isDeleteMarker && { DeleteMarker: true }),
      ...(versionId !== undefined && { VersionId: versionId }),
    };
  };

interface Removal {
  /** The version that was removed, or the delete marker that was made; undefined in buckets without versioning. */
  readonly versionId: string | undefined;
  /** A delete marker was made, or removed. */
  readonly isDeleteMarker: boolean;
}

/** Removes a version for good, or the object in the way of the bucket's versioning. What is not there is removed already. */
export function remove(
  store: Store,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  cause: Call | "lifecycle",
): Removal {
  if (versionId !== undefined) {
    const removed = removeVersion(store, bucket, key, checkedId(versionId), cause);
    return { versionId, isDeleteMarker: removed };
  }
  if (bucket.record.versioning === undefined) {
    removeVersion(store, bucket, key, NULL_VERSION, cause);
    return { versionId: undefined, isDeleteMarker: false };
  }
  const marker = { ...store.stamp(bucket), key, content: undefined, attributes: NO_ATTRIBUTES, tags: {} };
  bucket.contents.add(marker);
  const name = cause === "lifecycle" ? "LifecycleExpiration:DeleteMarkerCreated" : "ObjectRemoved:DeleteMarkerCreated";
  store.notifier.announce(bucket, eventOf(bucket, marker, name, cause));
  return { versionId: versionIdOf(bucket, marker.versionId).VersionId, isDeleteMarker: true };
}

/** Answers whether it was a delete marker. */
function removeVersion(
  store: Store,
  bucket: Bucket,
  key: string,
  versionId: string,
  cause: Call | "lifecycle",
): boolean {
  const removed = bucket.contents.remove(key, versionId);
  if (!removed) return false;
  const { modifiedAt, sequencer } = store.stamp(bucket);
  const name = cause === "lifecycle" ? "LifecycleExpiration:Delete" : "ObjectRemoved:Delete";
  // An event about a removal has the time of the removal, and knows nothing of the bytes.
  const event = eventOf(bucket, { ...removed, modifiedAt, sequencer }, name, cause);
  store.notifier.announce(bucket, { ...event, size: undefined, etag: undefined });
  return removed.content === undefined;
}
