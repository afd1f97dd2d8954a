import type { Handler } from "../../../core/service.ts";
import { type Bucket, versionIdOf } from "../buckets/bucket.ts";
import type { S3, Store } from "../store.ts";
import { checkedKey } from "./key.ts";
import { locateForChange } from "./locate.ts";
import type { StoredObject, Tags } from "./object-version.ts";
import { MOST_OBJECT_TAGS, tagSetOf, tagsOf } from "./tags.ts";
import { eventOf } from "./write.ts";
import type { Call } from "../../../core/service.ts";

export const getObjectTagging =
  (store: Store): Handler<S3, "GetObjectTagging"> =>
  (input) => {
    const bucket = store.bucket(input);
    const object = locateForChange(bucket, checkedKey(input.Key), input.VersionId, "GET");
    return { TagSet: tagSetOf(object.tags), ...versionIdOf(bucket, object.versionId) };
  };

export const putObjectTagging =
  (store: Store): Handler<S3, "PutObjectTagging"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const tags = tagsOf(input.Tagging?.TagSet, MOST_OBJECT_TAGS);
    const object = locateForChange(bucket, checkedKey(input.Key), input.VersionId, "PUT");
    retag(store, bucket, object, tags, "ObjectTagging:Put", call);
    return versionIdOf(bucket, object.versionId);
  };

export const deleteObjectTagging =
  (store: Store): Handler<S3, "DeleteObjectTagging"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const object = locateForChange(bucket, checkedKey(input.Key), input.VersionId, "DELETE");
    retag(store, bucket, object, {}, "ObjectTagging:Delete", call);
    return versionIdOf(bucket, object.versionId);
  };

function retag(
  store: Store,
  bucket: Bucket,
  object: StoredObject,
  tags: Tags,
  name: "ObjectTagging:Put" | "ObjectTagging:Delete",
  call: Call,
): void {
  bucket.contents.amend(object, { tags });
  const { sequencer } = store.stamp(bucket);
  const at = store.cloud.clock.now();
  store.notifier.announce(bucket, { ...eventOf(bucket, object, name, call), at, sequencer });
}
