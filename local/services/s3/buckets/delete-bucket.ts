import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { S3, Store } from "../store.ts";

/** Uploads that are not complete go with the bucket; versions and delete markers keep it from being deleted. */
export const deleteBucket =
  (store: Store): Handler<S3, "DeleteBucket"> =>
  (input) => {
    const bucket = store.bucket(input);
    if (!bucket.contents.isEmpty) {
      const all = bucket.record.versioning === undefined ? "" : ". You must delete all versions in the bucket.";
      throw new ServiceError("BucketNotEmpty", `The bucket you tried to delete is not empty${all}`, {
        status: 409,
        detail: { BucketName: bucket.name },
      });
    }
    for (const upload of store.uploads.of(bucket.name)) store.uploads.end(upload, new Set());
    store.delete(bucket);
    return {};
  };
