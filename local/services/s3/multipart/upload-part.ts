import type { Handler } from "../../../core/service.ts";
import {
  badDigest,
  checkContentMd5,
  type ChecksumMembers,
  checksumMember,
  digest,
  givenChecksum,
} from "../checksums/checksum.ts";
import { invalidArgument, invalidRequest } from "../errors.ts";
import { encryptionMembers } from "../objects/attributes.ts";
import { assertNotTooLarge, bodyOf, readContent } from "../objects/body.ts";
import { sourceOf } from "../objects/copy-source.ts";
import { versionIdOf } from "../buckets/bucket.ts";
import { checkedKey } from "../objects/key.ts";
import { md5 } from "../objects/write.ts";
import type { S3, Store } from "../store.ts";
import { checkedPartNumber, type Upload, type UploadedPart } from "./uploads.ts";

export const uploadPart =
  (store: Store): Handler<S3, "UploadPart"> =>
  (input) => {
    const bucket = store.bucket(input);
    const number = checkedPartNumber(input.PartNumber);
    const upload = store.uploads.find(input.UploadId, bucket.name, checkedKey(input.Key));
    const body = bodyOf(input.Body);
    checkContentMd5(input.ContentMD5, md5(body));
    const part = addPart(store, upload, number, body, input);
    return {
      ETag: `"${part.etag}"`,
      ...checksumMember(part.checksum),
      ...encryptionMembers(upload.record.attributes.encryption),
    };
  };

export const uploadPartCopy =
  (store: Store): Handler<S3, "UploadPartCopy"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const number = checkedPartNumber(input.PartNumber);
    const upload = store.uploads.find(input.UploadId, bucket.name, checkedKey(input.Key));
    const { bucket: from, object } = sourceOf(store, input, call);
    const { first, last } = copiedRange(input.CopySourceRange, object.content.size);
    assertNotTooLarge(last + 1 - first);
    const body = readContent(store.cloud.storage.blobs, object.content, first, last + 1);
    const part = addPart(store, upload, number, body, {});
    const sourceVersion = versionIdOf(from, object.versionId).VersionId;
    return {
      CopyPartResult: {
        ETag: `"${part.etag}"`,
        LastModified: new Date(part.modifiedAt),
        ...(upload.record.checksum && checksumMember(part.checksum)),
      },
      ...(sourceVersion !== undefined && { CopySourceVersionId: sourceVersion }),
      ...encryptionMembers(upload.record.attributes.encryption),
    };
  };

/** Unlike a read's, the range must lie wholly within the source. */
function copiedRange(range: string | undefined, size: number): { first: number; last: number } {
  if (range === undefined) return { first: 0, last: size - 1 };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) {
    throw invalidArgument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      "x-amz-copy-source-range",
      range,
    );
  }
  if (Number(last) >= size) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${size}`,
      "x-amz-copy-source-range",
      range,
    );
  }
  return { first: Number(first), last: Number(last) };
}

function addPart(store: Store, upload: Upload, number: number, body: Uint8Array, input: ChecksumMembers): UploadedPart {
  const given = givenChecksum(input);
  const expected = upload.record.checksum?.algorithm;
  // An upload that names no algorithm takes parts with any: SDKs send a CRC-32 with each part by default.
  if (given && expected && given.algorithm !== expected) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${given.algorithm.toLowerCase()}`,
    );
  }
  const algorithm = expected ?? given?.algorithm ?? "CRC64NVME";
  const value = digest(algorithm, [body]);
  if (given && given.value !== value) throw badDigest(algorithm);
  const part: UploadedPart = {
    upload: upload.record.id,
    number,
    blob: store.cloud.storage.blobs.put(body),
    size: body.length,
    etag: md5(body),
    checksum: { algorithm, value, type: upload.record.checksum?.type ?? "FULL_OBJECT" },
    modifiedAt: store.cloud.clock.now(),
  };
  store.uploads.addPart(part);
  return part;
}
