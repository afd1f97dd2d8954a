import type { StorageClass } from "@aws-sdk/client-s3";
import type { Handler } from "../../../core/service.ts";
import { checksumMember } from "../checksums/checksum.ts";
import { limitOf } from "../listing/page.ts";
import { checkedKey } from "../objects/key.ts";
import type { S3, Store } from "../store.ts";

export const listParts =
  (store: Store): Handler<S3, "ListParts"> =>
  (input) => {
    const bucket = store.bucket(input);
    const { record, parts } = store.uploads.find(input.UploadId, bucket.name, checkedKey(input.Key));
    const limit = limitOf(input.MaxParts, "max-parts");
    const marker = Number(input.PartNumberMarker ?? 0);
    const rest = [...parts.values()].filter(({ number }) => number > marker).sort((a, b) => a.number - b.number);
    const page = rest.slice(0, limit);
    const owner = { ID: store.cloud.accountId };
    return {
      Bucket: bucket.name,
      Key: record.key,
      UploadId: record.id,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: limit > 0 && page.length < rest.length,
      Initiator: owner,
      Owner: owner,
      // The cast names a value of the enum: it was checked when the upload began.
      StorageClass: record.attributes.storageClass as StorageClass,
      ...(record.checksum && { ChecksumAlgorithm: record.checksum.algorithm, ChecksumType: record.checksum.type }),
      ...(page.length > 0 && {
        Parts: page.map((part) => ({
          PartNumber: part.number,
          LastModified: new Date(part.modifiedAt),
          ETag: `"${part.etag}"`,
          Size: part.size,
          ...(record.checksum && checksumMember(part.checksum)),
        })),
      }),
    };
  };
