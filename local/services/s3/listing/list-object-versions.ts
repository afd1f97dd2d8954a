import type { DeleteMarkerEntry, ObjectVersion as ListedVersion } from "@aws-sdk/client-s3";
import type { Handler } from "../../../core/service.ts";
import type { Bucket } from "../buckets/bucket.ts";
import { invalidArgument } from "../errors.ts";
import { checkedId } from "../objects/locate.ts";
import { isObject, type ObjectVersion, type StoredObject } from "../objects/object-version.ts";
import { orderOfVersionId, type S3, type Store } from "../store.ts";
import { encoderOf, limitOf, pageOf } from "./page.ts";

export const listObjectVersions =
  (store: Store): Handler<S3, "ListObjectVersions"> =>
  (input) => {
    const bucket = store.bucket(input);
    const encode = encoderOf(input.EncodingType);
    const limit = limitOf(input.MaxKeys);
    const { KeyMarker: keyMarker = "", VersionIdMarker: versionIdMarker = "" } = input;
    if (versionIdMarker !== "" && keyMarker === "") {
      throw invalidArgument("A version-id marker cannot be specified without a key marker.", "version-id-marker");
    }
    const { contents } = bucket;
    const page = pageOf<ObjectVersion>({
      keys: contents.keys,
      prefix: input.Prefix ?? "",
      delimiter: input.Delimiter ?? "",
      after: keyMarker,
      limit,
      entriesOf: (key) => contents.versions(key),
      ...(versionIdMarker !== "" && { restOfAfter: olderThan(bucket, keyMarker, versionIdMarker) }),
    });
    const versions = page.entries.filter(isObject).map((version) => versionEntry(store, bucket, version, encode));
    const markers = page.entries
      .filter((version) => !isObject(version))
      .map((version) => commonEntry(store, bucket, version, encode));
    return {
      Name: bucket.name,
      Prefix: encode(input.Prefix ?? ""),
      ...(input.Delimiter && { Delimiter: encode(input.Delimiter) }),
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      KeyMarker: encode(keyMarker),
      VersionIdMarker: versionIdMarker,
      MaxKeys: limit,
      IsTruncated: page.isTruncated,
      ...(page.isTruncated && page.last && nextMarkers(page.last, encode)),
      ...(versions.length > 0 && { Versions: versions }),
      ...(markers.length > 0 && { DeleteMarkers: markers }),
      ...(page.commonPrefixes.length > 0 && {
        CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      }),
    };
  };

/** The versions behind the marker. It may be gone by now: who empties a bucket deletes page by page. */
function olderThan(bucket: Bucket, key: string, versionId: string): readonly ObjectVersion[] {
  const versions = bucket.contents.versions(key);
  const at = versions.findIndex((version) => version.versionId === checkedId(versionId));
  if (at >= 0) return versions.slice(at + 1);
  const order = orderOfVersionId(versionId) ?? Infinity;
  return versions.filter((version) => version.order < order);
}

type Last = { readonly entry: ObjectVersion } | { readonly commonPrefix: string };

const nextMarkers = (last: Last, encode: (text: string) => string) =>
  "entry" in last
    ? { NextKeyMarker: encode(last.entry.key), NextVersionIdMarker: last.entry.versionId }
    : { NextKeyMarker: encode(last.commonPrefix) };

const commonEntry = (
  store: Store,
  bucket: Bucket,
  version: ObjectVersion,
  encode: (text: string) => string,
): DeleteMarkerEntry => ({
  Key: encode(version.key),
  VersionId: version.versionId,
  IsLatest: bucket.contents.latest(version.key) === version,
  LastModified: new Date(version.modifiedAt),
  Owner: { ID: store.cloud.accountId },
});

const versionEntry = (
  store: Store,
  bucket: Bucket,
  version: StoredObject,
  encode: (text: string) => string,
): ListedVersion => ({
  ...commonEntry(store, bucket, version, encode),
  ETag: `"${version.content.etag}"`,
  Size: version.content.size,
  // The cast names a value of the enum: it was checked when the object was written.
  StorageClass: version.attributes.storageClass as NonNullable<ListedVersion["StorageClass"]>,
  ChecksumAlgorithm: [version.content.checksum.algorithm],
  ChecksumType: version.content.checksum.type,
});
