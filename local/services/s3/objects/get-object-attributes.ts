import type { GetObjectAttributesParts, StorageClass } from "@aws-sdk/client-s3";
import type { Handler } from "../../../core/service.ts";
import { versionIdOf } from "../buckets/bucket.ts";
import { checksumMember } from "../checksums/checksum.ts";
import { invalidArgument } from "../errors.ts";
import type { S3, Store } from "../store.ts";
import { checkedKey } from "./key.ts";
import { locate } from "./locate.ts";
import type { Content } from "./object-version.ts";

const MOST_PARTS = 1000;

export const getObjectAttributes =
  (store: Store): Handler<S3, "GetObjectAttributes"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const object = locate(bucket, checkedKey(input.Key), input.VersionId, call);
    const wanted = new Set(input.ObjectAttributes?.flatMap((names) => names.split(",")).map((name) => name.trim()));
    if (wanted.size === 0) throw invalidArgument("Invalid attribute name specified.", "x-amz-object-attributes");
    const { content, attributes } = object;
    const marker = Number(input.PartNumberMarker ?? 0);
    return {
      LastModified: new Date(object.modifiedAt),
      ...versionIdOf(bucket, object.versionId),
      ...(wanted.has("ETag") && { ETag: content.etag }),
      ...(wanted.has("Checksum") && {
        Checksum: { ...checksumMember(content.checksum), ChecksumType: content.checksum.type },
      }),
      ...(wanted.has("ObjectSize") && { ObjectSize: content.size }),
      // The cast names a value of the enum: it was checked when the object was written.
      ...(wanted.has("StorageClass") && { StorageClass: attributes.storageClass as StorageClass }),
      ...(wanted.has("ObjectParts") &&
        content.parts[0]?.number !== undefined && {
          ObjectParts: partsOf(content, marker, Math.min(input.MaxParts ?? MOST_PARTS, MOST_PARTS)),
        }),
    };
  };

/** Part by part only where the parts have checksums of their own (GetObjectAttributes, ObjectParts). */
function partsOf(content: Content, marker: number, most: number): GetObjectAttributesParts {
  const rest = content.parts.filter(({ number = 0, checksum }) => number > marker && checksum !== undefined);
  const page = rest.slice(0, most);
  const isTruncated = page.length < rest.length;
  return {
    TotalPartsCount: content.parts.length,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
    MaxParts: most,
    IsTruncated: isTruncated,
    ...(page.length > 0 && {
      Parts: page.map(({ number = 0, size, checksum }) => ({
        PartNumber: number,
        Size: size,
        ...checksumMember(checksum),
      })),
    }),
  };
}
