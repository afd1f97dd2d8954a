import type { StorageClass } from "@aws-sdk/client-s3";
import type { Handler } from "../../../core/service.ts";
import { compareKeys } from "../listing/key-order.ts";
import { encoderOf, limitOf, pageOf } from "../listing/page.ts";
import { SortedKeys } from "../listing/sorted-keys.ts";
import type { S3, Store } from "../store.ts";
import type { Upload } from "./uploads.ts";

export const listMultipartUploads =
  (store: Store): Handler<S3, "ListMultipartUploads"> =>
  (input) => {
    const bucket = store.bucket(input);
    const encode = encoderOf(input.EncodingType);
    const limit = limitOf(input.MaxUploads, "max-uploads");
    const { KeyMarker: keyMarker = "", UploadIdMarker: uploadIdMarker = "" } = input;
    const byKey = groupByKey(store.uploads.of(bucket.name));
    const keys = new SortedKeys();
    for (const key of byKey.keys()) keys.add(key);
    const rest = (byKey.get(keyMarker) ?? []).filter(({ record }) => record.id > uploadIdMarker);
    const page = pageOf<Upload>({
      keys,
      prefix: input.Prefix ?? "",
      delimiter: input.Delimiter ?? "",
      after: keyMarker,
      limit,
      entriesOf: (key) => byKey.get(key) ?? [],
      // An upload id without a key is ignored (ListMultipartUploads, upload-id-marker).
      ...(keyMarker !== "" && uploadIdMarker !== "" && { restOfAfter: rest }),
    });
    return {
      Bucket: bucket.name,
      Prefix: encode(input.Prefix ?? ""),
      ...(input.Delimiter && { Delimiter: encode(input.Delimiter) }),
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      KeyMarker: encode(keyMarker),
      UploadIdMarker: uploadIdMarker,
      MaxUploads: limit,
      IsTruncated: page.isTruncated,
      ...(page.isTruncated && page.last && nextMarkers(page.last, encode)),
      ...(page.entries.length > 0 && { Uploads: page.entries.map((upload) => entryOf(store, upload, encode)) }),
      ...(page.commonPrefixes.length > 0 && {
        CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      }),
    };
  };

/** Uploads of one key in the order of their ids, so that a marker finds its place. */
function groupByKey(uploads: readonly Upload[]): Map<string, Upload[]> {
  const sorted = uploads.toSorted(
    (a, b) => compareKeys(a.record.key, b.record.key) || compareKeys(a.record.id, b.record.id),
  );
  return Map.groupBy(sorted, ({ record }) => record.key);
}

const nextMarkers = (
  last: { readonly entry: Upload } | { readonly commonPrefix: string },
  encode: (text: string) => string,
) =>
  "entry" in last
    ? { NextKeyMarker: encode(last.entry.record.key), NextUploadIdMarker: last.entry.record.id }
    : { NextKeyMarker: encode(last.commonPrefix) };

const entryOf = (store: Store, { record }: Upload, encode: (text: string) => string) => ({
  UploadId: record.id,
  Key: encode(record.key),
  Initiated: new Date(record.initiatedAt),
  // The cast names a value of the enum: it was checked when the upload began.
  StorageClass: record.attributes.storageClass as StorageClass,
  Owner: { ID: store.cloud.accountId },
  Initiator: { ID: store.cloud.accountId },
  ...(record.checksum && { ChecksumAlgorithm: record.checksum.algorithm, ChecksumType: record.checksum.type }),
});
