import type { ListObjectsV2CommandInput, _Object as ListedObject } from "@aws-sdk/client-s3";
import type { Handler } from "../../../core/service.ts";
import type { Bucket } from "../buckets/bucket.ts";
import { invalidArgument } from "../errors.ts";
import type { StoredObject } from "../objects/object-version.ts";
import type { S3, Store } from "../store.ts";
import { encoderOf, limitOf, type Page, pageOf } from "./page.ts";

export const listObjectsV2 =
  (store: Store): Handler<S3, "ListObjectsV2"> =>
  (input) => {
    const bucket = store.bucket(input);
    const encode = encoderOf(input.EncodingType);
    const limit = limitOf(input.MaxKeys);
    const { ContinuationToken: token, StartAfter: startAfter } = input;
    const after = token === undefined ? (startAfter ?? "") : readToken(token);
    const page = currentPage(bucket, input, after, limit);
    const next = page.isTruncated ? nameOfLast(page) : undefined;
    return {
      ...echo(bucket, input, encode, limit),
      ...listed(page, encode, input.FetchOwner ? store.cloud.accountId : undefined),
      KeyCount: page.entries.length + page.commonPrefixes.length,
      ...(token !== undefined && { ContinuationToken: token }),
      ...(startAfter !== undefined && { StartAfter: encode(startAfter) }),
      ...(next !== undefined && { NextContinuationToken: tokenOf(next) }),
    };
  };

export const listObjects =
  (store: Store): Handler<S3, "ListObjects"> =>
  (input) => {
    const bucket = store.bucket(input);
    const encode = encoderOf(input.EncodingType);
    const limit = limitOf(input.MaxKeys);
    const marker = input.Marker ?? "";
    const page = currentPage(bucket, input, marker, limit);
    const next = page.isTruncated && input.Delimiter ? nameOfLast(page) : undefined;
    return {
      ...echo(bucket, input, encode, limit),
      ...listed(page, encode, store.cloud.accountId),
      Marker: encode(marker),
      // Without a delimiter the last key is the next marker, and is not repeated (ListObjects, NextMarker).
      ...(next !== undefined && { NextMarker: encode(next) }),
    };
  };

function currentPage(
  bucket: Bucket,
  { Prefix: prefix = "", Delimiter: delimiter = "" }: Pick<ListObjectsV2CommandInput, "Prefix" | "Delimiter">,
  after: string,
  limit: number,
): Page<StoredObject> {
  const { contents } = bucket;
  const entriesOf = (key: string) => {
    const object = contents.current(key);
    return object ? [object] : [];
  };
  return pageOf({ keys: contents.keys, prefix, delimiter, after, limit, entriesOf });
}

const echo = (
  bucket: Bucket,
  input: Pick<ListObjectsV2CommandInput, "Prefix" | "Delimiter" | "EncodingType">,
  encode: (text: string) => string,
  limit: number,
) => ({
  Name: bucket.name,
  Prefix: encode(input.Prefix ?? ""),
  ...(input.Delimiter && { Delimiter: encode(input.Delimiter) }),
  ...(input.EncodingType && { EncodingType: input.EncodingType }),
  MaxKeys: limit,
});

function listed(page: Page<StoredObject>, encode: (text: string) => string, owner: string | undefined) {
  return {
    IsTruncated: page.isTruncated,
    ...(page.entries.length > 0 && { Contents: page.entries.map((object) => entryOf(object, encode, owner)) }),
    ...(page.commonPrefixes.length > 0 && {
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    }),
  };
}

function entryOf(object: StoredObject, encode: (text: string) => string, owner: string | undefined): ListedObject {
  const { key, modifiedAt, content, attributes } = object;
  return {
    Key: encode(key),
    LastModified: new Date(modifiedAt),
    ETag: `"${content.etag}"`,
    Size: content.size,
    // The casts name values of enums: they were checked when the object was written.
    StorageClass: attributes.storageClass as NonNullable<ListedObject["StorageClass"]>,
    ChecksumAlgorithm: [content.checksum.algorithm],
    ChecksumType: content.checksum.type,
    ...(owner !== undefined && { Owner: { ID: owner } }),
  };
}

function nameOfLast({ last }: Page<StoredObject>): string | undefined {
  if (last === undefined) return undefined;
  return "entry" in last ? last.entry.key : last.commonPrefix;
}

const tokenOf = (name: string): string => Buffer.from(`1${name}`).toString("base64");

function readToken(token: string): string {
  const text = Buffer.from(token, "base64").toString();
  if (!text.startsWith("1") || tokenOf(text.slice(1)) !== token) {
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
  }
  return text.slice(1);
}
