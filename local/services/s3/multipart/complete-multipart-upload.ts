import { createHash } from "node:crypto";
import type { CompletedPart } from "@aws-sdk/client-s3";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { versionIdOf } from "../buckets/bucket.ts";
import { badDigest, type Checksum, checksumMember, digest, givenChecksum } from "../checksums/checksum.ts";
import { invalidRequest, malformedXml } from "../errors.ts";
import { encryptionMembers } from "../objects/attributes.ts";
import { checkWrite } from "../objects/conditions.ts";
import { checkedKey } from "../objects/key.ts";
import { addObject } from "../objects/write.ts";
import type { S3, Store } from "../store.ts";
import type { Upload, UploadedPart } from "./uploads.ts";

/** 5 MiB for all parts but the last (Amazon S3 multipart upload limits). */
const SMALLEST_PART = 5 * 1024 * 1024;

export const completeMultipartUpload =
  (store: Store): Handler<S3, "CompleteMultipartUpload"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const key = checkedKey(input.Key);
    const upload = store.uploads.find(input.UploadId, bucket.name, key);
    const parts = chosenParts(upload, input.MultipartUpload?.Parts);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== size) {
      throw invalidRequest(
        `The provided 'x-amz-mp-object-size' header does not match what was computed. (computed: ${size})`,
      );
    }
    const checksum = checksumOf(store, upload, parts);
    const given = givenChecksum(input);
    if (given && (given.algorithm !== checksum.algorithm || given.value !== checksum.value)) {
      throw badDigest(given.algorithm);
    }
    checkWrite(bucket.contents.current(key), key, input);
    const etag = `${createHash("md5")
      .update(Buffer.from(parts.map((part) => part.etag).join(""), "hex"))
      .digest("hex")}-${parts.length}`;
    const { attributes, tags } = upload.record;
    const content = {
      size,
      etag,
      checksum,
      parts: parts.map((part) => ({
        number: part.number,
        blob: part.blob,
        size: part.size,
        // Parts have checksums of their own only where they were asked for.
        checksum: upload.record.checksum && part.checksum,
      })),
    };
    store.uploads.end(upload, new Set(parts.map(({ blob }) => blob)));
    const object = addObject(
      store,
      bucket,
      { key, attributes, tags, content },
      "ObjectCreated:CompleteMultipartUpload",
      call,
    );
    return {
      Location: `${store.cloud.endpoint}/${bucket.name}/${key.split("/").map(encodeURIComponent).join("/")}`,
      Bucket: bucket.name,
      Key: key,
      ETag: `"${etag}"`,
      ...checksumMember(checksum),
      ChecksumType: checksum.type,
      ...versionIdOf(bucket, object.versionId),
      ...encryptionMembers(attributes.encryption),
    };
  };

/** The parts that the request lists, each checked against what was uploaded. */
function chosenParts(upload: Upload, listed: readonly CompletedPart[] | undefined): UploadedPart[] {
  if (!listed || listed.length === 0) throw malformedXml();
  const parts = listed.map((wanted, index) => {
    const number = wanted.PartNumber ?? 0;
    if (index > 0 && number <= (listed[index - 1]?.PartNumber ?? 0)) {
      throw new ServiceError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        { status: 400, detail: { UploadId: upload.record.id } },
      );
    }
    const part = upload.parts.get(number);
    const given = givenChecksum(wanted);
    if (upload.record.checksum?.type === "COMPOSITE" && !given) {
      throw invalidRequest(
        `The upload was created using a ${upload.record.checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    const isSame =
      part?.etag === wanted.ETag?.replaceAll('"', "") && (given === undefined || given.value === part?.checksum.value);
    if (!part || !isSame) {
      throw new ServiceError(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { status: 400, detail: { UploadId: upload.record.id, PartNumber: number, ETag: wanted.ETag } },
      );
    }
    return part;
  });
  const small = parts.slice(0, -1).find(({ size }) => size < SMALLEST_PART);
  if (small) {
    throw new ServiceError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      status: 400,
      detail: {
        ProposedSize: small.size,
        MinSizeAllowed: SMALLEST_PART,
        PartNumber: small.number,
        ETag: small.etag,
      },
    });
  }
  return parts;
}

/** Of the whole object, or of the parts' checksums with the number of parts behind it. */
function checksumOf(store: Store, upload: Upload, parts: readonly UploadedPart[]): Checksum {
  const { algorithm, type } = upload.record.checksum ?? { algorithm: "CRC64NVME", type: "FULL_OBJECT" };
  if (type === "COMPOSITE") {
    const value = digest(
      algorithm,
      parts.map((part) => Buffer.from(part.checksum.value, "base64")),
    );
    return { algorithm, type, value: `${value}-${parts.length}` };
  }
  const { blobs } = store.cloud.storage;
  const pieces = (function* () {
    for (const part of parts) yield blobs.read(part.blob);
  })();
  return { algorithm, type, value: digest(algorithm, pieces) };
}
