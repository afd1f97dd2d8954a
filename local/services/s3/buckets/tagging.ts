import type { Handler } from "../../../core/service.ts";
import { notConfigured } from "../errors.ts";
import { MOST_BUCKET_TAGS, tagSetOf, tagsOf } from "../objects/tags.ts";
import type { S3, Store } from "../store.ts";

export const getBucketTagging =
  (store: Store): Handler<S3, "GetBucketTagging"> =>
  (input) => {
    const { name, record } = store.bucket(input);
    if (record.tags) return { TagSet: tagSetOf(record.tags) };
    throw notConfigured("NoSuchTagSet", "The TagSet does not exist", name);
  };

export const putBucketTagging =
  (store: Store): Handler<S3, "PutBucketTagging"> =>
  (input) => {
    const bucket = store.bucket(input);
    store.configure(bucket, { tags: tagsOf(input.Tagging?.TagSet, MOST_BUCKET_TAGS) });
    return {};
  };

export const deleteBucketTagging =
  (store: Store): Handler<S3, "DeleteBucketTagging"> =>
  (input) => {
    store.configure(store.bucket(input), { tags: undefined });
    return {};
  };
