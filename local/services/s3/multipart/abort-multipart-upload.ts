import type { Handler } from "../../../core/service.ts";
import type { S3, Store } from "../store.ts";

export const abortMultipartUpload =
  (store: Store): Handler<S3, "AbortMultipartUpload"> =>
  (input) => {
    const bucket = store.bucket(input);
    store.uploads.end(store.uploads.find(input.UploadId, bucket.name, input.Key), new Set());
    return {};
  };
