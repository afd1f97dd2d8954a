import type { Handler } from "../../../core/service.ts";
import { type Algorithm, algorithmNamed } from "../checksums/checksum.ts";
import { invalidRequest } from "../errors.ts";
import { attributesOf, encryptionMembers } from "../objects/attributes.ts";
import { checkedKey } from "../objects/key.ts";
import { tagsOfHeader } from "../objects/tags.ts";
import type { S3, Store } from "../store.ts";
import type { UploadRecord } from "./uploads.ts";

export const createMultipartUpload =
  (store: Store): Handler<S3, "CreateMultipartUpload"> =>
  (input) => {
    const bucket = store.bucket(input);
    const key = checkedKey(input.Key);
    const attributes = attributesOf(bucket, input);
    const checksum = checksumOf(algorithmNamed(input.ChecksumAlgorithm), input.ChecksumType);
    const { record } = store.uploads.begin({
      bucket: bucket.name,
      key,
      attributes: { ...attributes, contentType: attributes.contentType ?? "binary/octet-stream" },
      tags: tagsOfHeader(input.Tagging),
      checksum,
    });
    return {
      Bucket: bucket.name,
      Key: key,
      UploadId: record.id,
      ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
      ...encryptionMembers(attributes.encryption),
    };
  };

/** Which kinds go together: CRC-64 only of the whole object, SHA only of the parts (Checking object integrity, table of types). */
function checksumOf(algorithm: Algorithm | undefined, type: string | undefined): UploadRecord["checksum"] {
  if (algorithm === undefined) {
    if (type !== undefined) {
      throw invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
    }
    return undefined;
  }
  const chosen = type ?? (algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
  const isPossible =
    chosen === "FULL_OBJECT" ? algorithm.startsWith("CRC") : chosen === "COMPOSITE" && algorithm !== "CRC64NVME";
  if (!isPossible) {
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type: chosen === "FULL_OBJECT" ? "FULL_OBJECT" : "COMPOSITE" };
}
