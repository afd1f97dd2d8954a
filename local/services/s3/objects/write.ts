/** How a new version comes to be, whatever operation made it. */
import { hash } from "node:crypto";
import type { Call } from "../../../core/service.ts";
import type { Bucket } from "../buckets/bucket.ts";
import type { Checksum } from "../checksums/checksum.ts";
import type { ObjectEvent } from "../notifications/object-event.ts";
import { requestOf } from "../notifications/object-event.ts";
import type { Store } from "../store.ts";
import type { Content, ObjectVersion, StoredObject } from "./object-version.ts";

export const md5 = (bytes: Uint8Array): string => hash("md5", bytes);

/** An object of one piece. */
export function contentOf(store: Store, body: Uint8Array, etag: string, checksum: Checksum): Content {
  const blob = store.cloud.storage.blobs.put(body);
  return { size: body.length, etag, checksum, parts: [{ number: undefined, blob, size: body.length, checksum }] };
}

/** Stores the object as the newest version of its key and tells who listens. */
export function addObject(
  store: Store,
  bucket: Bucket,
  object: Pick<ObjectVersion, "key" | "attributes" | "tags"> & { readonly content: Content },
  event: "ObjectCreated:Put" | "ObjectCreated:Copy" | "ObjectCreated:CompleteMultipartUpload",
  call: Call,
): StoredObject {
  const version = { ...store.stamp(bucket), ...object };
  bucket.contents.add(version);
  store.notifier.announce(bucket, eventOf(bucket, version, event, call));
  return version;
}

/** What is told about a version. */
export function eventOf(
  bucket: Bucket,
  version: ObjectVersion,
  name: ObjectEvent["name"],
  cause: Call | "lifecycle",
): ObjectEvent {
  return {
    name,
    key: version.key,
    at: version.modifiedAt,
    sequencer: version.sequencer,
    size: version.content?.size,
    etag: version.content?.etag,
    versionId: bucket.record.versioning === undefined ? undefined : version.versionId,
    request: cause === "lifecycle" ? "lifecycle" : requestOf(cause),
  };
}
