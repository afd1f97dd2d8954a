import type { GetObjectCommandInput, GetObjectOutput, HeadObjectCommandInput } from "@aws-sdk/client-s3";
import type { Call, Handler } from "../../../core/service.ts";
import { ServiceError } from "../../../core/errors.ts";
import { type Bucket, versionIdOf } from "../buckets/bucket.ts";
import { checksumMember } from "../checksums/checksum.ts";
import { invalidRequest } from "../errors.ts";
import { expirationHeader } from "../lifecycle/expiration-header.ts";
import type { S3, Store } from "../store.ts";
import { ARCHIVES, encryptionMembers } from "./attributes.ts";
import { answerBody, readContent } from "./body.ts";
import { checkRead } from "./conditions.ts";
import { checkedKey } from "./key.ts";
import { locate, withoutBody } from "./locate.ts";
import type { StoredObject } from "./object-version.ts";
import { partRange } from "./part-range.ts";
import { contentRange, rangeOf } from "./range.ts";

export const getObject =
  (store: Store): Handler<S3, "GetObject"> =>
  (input, call) => {
    const { object, first, last, answer } = read(store, input, call);
    if (ARCHIVES.has(object.attributes.storageClass)) {
      throw new ServiceError("InvalidObjectState", "The operation is not valid for the object's storage class", {
        status: 403,
        detail: { StorageClass: object.attributes.storageClass },
      });
    }
    return { ...answer, Body: answerBody(readContent(store.cloud.storage.blobs, object.content, first, last + 1)) };
  };

export const headObject =
  (store: Store): Handler<S3, "HeadObject"> =>
  (input, call) =>
    withoutBody(() => read(store, input, call).answer);

/** What GET and HEAD have in common: everything but the bytes. */
function read(store: Store, input: GetObjectCommandInput | HeadObjectCommandInput, call: Call) {
  const bucket = store.bucket(input);
  const object = locate(bucket, checkedKey(input.Key), input.VersionId, call);
  checkRead(object, {
    ifMatch: input.IfMatch,
    ifNoneMatch: input.IfNoneMatch,
    ifModifiedSince: input.IfModifiedSince,
    ifUnmodifiedSince: input.IfUnmodifiedSince,
  });
  if (input.Range !== undefined && input.PartNumber !== undefined) {
    throw invalidRequest("Cannot specify both Range header and partNumber query parameter");
  }
  const { size } = object.content;
  const part = input.PartNumber === undefined ? undefined : partRange(object.content, input.PartNumber);
  const range = part?.range ?? rangeOf(input.Range, size);
  const { first, last } = range ?? { first: 0, last: size - 1 };
  // A checksum is that of the whole object, or of the part that is asked for, never of a range.
  const checksum = part ? part.checksum : range ? undefined : object.content.checksum;
  const answer = {
    ...description(bucket, object),
    ContentLength: last - first + 1,
    ...(range && { ContentRange: contentRange(range, size) }),
    ...(part?.count !== undefined && { PartsCount: part.count }),
    ...(input.ChecksumMode === "ENABLED" && {
      ...checksumMember(checksum),
      ...(checksum && { ChecksumType: checksum.type }),
    }),
    ...overrides(input, call),
  } satisfies GetObjectOutput;
  return { object, first, last, answer };
}

function description(bucket: Bucket, object: StoredObject) {
  const { attributes, tags, content } = object;
  const { expires } = attributes;
  const tagCount = Object.keys(tags).length;
  const expiration = expirationHeader(bucket, object);
  return {
    AcceptRanges: "bytes",
    LastModified: new Date(object.modifiedAt),
    ETag: `"${content.etag}"`,
    Metadata: { ...attributes.metadata },
    ...versionIdOf(bucket, object.versionId),
    ...(attributes.contentType !== undefined && { ContentType: attributes.contentType }),
    ...(attributes.cacheControl !== undefined && { CacheControl: attributes.cacheControl }),
    ...(attributes.contentDisposition !== undefined && { ContentDisposition: attributes.contentDisposition }),
    ...(attributes.contentEncoding !== undefined && { ContentEncoding: attributes.contentEncoding }),
    ...(attributes.contentLanguage !== undefined && { ContentLanguage: attributes.contentLanguage }),
    ...(expires !== undefined && { Expires: new Date(expires), ExpiresString: new Date(expires).toUTCString() }),
    ...(attributes.websiteRedirect !== undefined && { WebsiteRedirectLocation: attributes.websiteRedirect }),
    // Standard storage is not mentioned (GetObject, Response Elements). The cast names a value of the enum: it was checked.
    ...(attributes.storageClass !== "STANDARD" && {
      StorageClass: attributes.storageClass as NonNullable<GetObjectOutput["StorageClass"]>,
    }),
    ...(tagCount > 0 && { TagCount: tagCount }),
    ...(expiration !== undefined && { Expiration: expiration }),
    ...encryptionMembers(attributes.encryption),
  };
}

/** Headers that the request wants instead of the stored ones; only signed requests may. */
function overrides(input: GetObjectCommandInput, call: Call) {
  const wanted = {
    ...(input.ResponseCacheControl !== undefined && { CacheControl: input.ResponseCacheControl }),
    ...(input.ResponseContentDisposition !== undefined && { ContentDisposition: input.ResponseContentDisposition }),
    ...(input.ResponseContentEncoding !== undefined && { ContentEncoding: input.ResponseContentEncoding }),
    ...(input.ResponseContentLanguage !== undefined && { ContentLanguage: input.ResponseContentLanguage }),
    ...(input.ResponseContentType !== undefined && { ContentType: input.ResponseContentType }),
    ...(input.ResponseExpires !== undefined && { Expires: input.ResponseExpires }),
  };
  if (call.principal.kind === "anonymous" && Object.keys(wanted).length > 0) {
    throw invalidRequest("Request specific response headers cannot be used for anonymous GET requests.");
  }
  return wanted;
}
