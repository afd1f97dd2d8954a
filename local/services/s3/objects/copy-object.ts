import type { CopyObjectCommandInput } from "@aws-sdk/client-s3";
import type { Handler } from "../../../core/service.ts";
import { type Bucket, versionIdOf } from "../buckets/bucket.ts";
import { algorithmNamed, checksumMember, digest } from "../checksums/checksum.ts";
import { invalidArgument, invalidRequest, notImplemented } from "../errors.ts";
import type { S3, Store } from "../store.ts";
import { attributesOf, encryptionMembers } from "./attributes.ts";
import { assertNotTooLarge, readContent } from "./body.ts";
import { checkWrite } from "./conditions.ts";
import { sourceOf } from "./copy-source.ts";
import { checkedKey } from "./key.ts";
import type { Attributes, StoredObject } from "./object-version.ts";
import { tagsOfHeader } from "./tags.ts";
import { addObject, contentOf, md5 } from "./write.ts";

export const copyObject =
  (store: Store): Handler<S3, "CopyObject"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const key = checkedKey(input.Key);
    if (input.CopySourceSSECustomerAlgorithm) throw notImplemented("encryption with customer-provided keys");
    const { bucket: from, object } = sourceOf(store, input, call);
    checkDirective("x-amz-metadata-directive", input.MetadataDirective);
    checkDirective("x-amz-tagging-directive", input.TaggingDirective);
    assertNotTooLarge(object.content.size);
    if (from.name === bucket.name && object.key === key && input.CopySource?.includes("?versionId=") !== true) {
      refuseCopyOntoItself(input);
    }
    checkWrite(bucket.contents.current(key), key, input);
    const body = readContent(store.cloud.storage.blobs, object.content);
    const algorithm = algorithmNamed(input.ChecksumAlgorithm) ?? object.content.checksum.algorithm;
    const checksum = { algorithm, value: digest(algorithm, [body]), type: "FULL_OBJECT" } as const;
    const attributes = copiedAttributes(bucket, object, input);
    const stored = addObject(
      store,
      bucket,
      {
        key,
        attributes,
        tags: input.TaggingDirective === "REPLACE" ? tagsOfHeader(input.Tagging) : object.tags,
        // A copy is one piece, whatever its source was made of: its ETag is the MD5 of its bytes.
        content: contentOf(store, body, md5(body), checksum),
      },
      "ObjectCreated:Copy",
      call,
    );
    const sourceVersion = versionIdOf(from, object.versionId).VersionId;
    return {
      CopyObjectResult: {
        ETag: `"${stored.content.etag}"`,
        LastModified: new Date(stored.modifiedAt),
        ...checksumMember(checksum),
        ChecksumType: checksum.type,
      },
      ...versionIdOf(bucket, stored.versionId),
      ...(sourceVersion !== undefined && { CopySourceVersionId: sourceVersion }),
      ...encryptionMembers(attributes.encryption),
    };
  };

function checkDirective(name: string, value: string | undefined): void {
  if (value !== undefined && value !== "COPY" && value !== "REPLACE") {
    throw invalidArgument("Unknown metadata directive.", name, value);
  }
}

function refuseCopyOntoItself(input: CopyObjectCommandInput): void {
  const changes = input.StorageClass ?? input.WebsiteRedirectLocation ?? input.ServerSideEncryption;
  if (changes !== undefined || input.MetadataDirective === "REPLACE") return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** COPY keeps what the source has; storage class, redirect and encryption are never copied (CopyObject). */
function copiedAttributes(bucket: Bucket, source: StoredObject, input: CopyObjectCommandInput): Attributes {
  const given = attributesOf(bucket, input);
  if (input.MetadataDirective === "REPLACE") {
    return { ...given, contentType: given.contentType ?? "application/octet-stream" };
  }
  return {
    ...source.attributes,
    storageClass: given.storageClass,
    websiteRedirect: given.websiteRedirect,
    encryption: given.encryption,
  };
}
