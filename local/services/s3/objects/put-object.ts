import type { Handler } from "../../../core/service.ts";
import { versionIdOf } from "../buckets/bucket.ts";
import { checkContentMd5, checkedChecksum, checksumMember } from "../checksums/checksum.ts";
import { notImplemented } from "../errors.ts";
import type { S3, Store } from "../store.ts";
import { attributesOf, encryptionMembers } from "./attributes.ts";
import { bodyOf } from "./body.ts";
import { checkWrite } from "./conditions.ts";
import { checkedKey } from "./key.ts";
import { tagsOfHeader } from "./tags.ts";
import { addObject, contentOf, md5 } from "./write.ts";

/** What S3 calls a body of unknown kind. */
const UNKNOWN_TYPE = "application/octet-stream";

export const putObject =
  (store: Store): Handler<S3, "PutObject"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const key = checkedKey(input.Key);
    if (input.WriteOffsetBytes !== undefined) throw notImplemented("appending to objects");
    const attributes = attributesOf(bucket, input);
    const tags = tagsOfHeader(input.Tagging);
    const body = bodyOf(input.Body);
    const etag = md5(body);
    checkContentMd5(input.ContentMD5, etag);
    const checksum = checkedChecksum(input, body);
    checkWrite(bucket.contents.current(key), key, input);
    const object = {
      key,
      tags,
      attributes: { ...attributes, contentType: attributes.contentType ?? UNKNOWN_TYPE },
      content: contentOf(store, body, etag, checksum),
    };
    const stored = addObject(store, bucket, object, "ObjectCreated:Put", call);
    return {
      ETag: `"${etag}"`,
      ...checksumMember(checksum),
      ChecksumType: checksum.type,
      ...versionIdOf(bucket, stored.versionId),
      ...encryptionMembers(attributes.encryption),
    };
  };
