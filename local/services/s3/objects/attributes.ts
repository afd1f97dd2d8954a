/** What a write says about the object beside its bytes. */
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import { ServiceError } from "../../../core/errors.ts";
import type { Bucket } from "../buckets/bucket.ts";
import { invalidArgument, invalidRequest, notImplemented } from "../errors.ts";
import type { Attributes, Encryption } from "./object-version.ts";

/** Bytes of names and values together (Working with object metadata). */
const MOST_METADATA = 2048;
const STORAGE_CLASSES = new Set([
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "GLACIER_IR",
  "DEEP_ARCHIVE",
]);
/** Objects in these cannot be read before they are restored, which is not there. */
export const ARCHIVES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** The members that PutObject, CopyObject and CreateMultipartUpload share. */
export type AttributeInput = Pick<
  PutObjectCommandInput,
  | "ACL"
  | "BucketKeyEnabled"
  | "CacheControl"
  | "ContentDisposition"
  | "ContentEncoding"
  | "ContentLanguage"
  | "ContentType"
  | "Expires"
  | "GrantFullControl"
  | "GrantRead"
  | "GrantReadACP"
  | "GrantWriteACP"
  | "Metadata"
  | "ObjectLockLegalHoldStatus"
  | "ObjectLockMode"
  | "SSECustomerAlgorithm"
  | "SSECustomerKey"
  | "SSEKMSKeyId"
  | "ServerSideEncryption"
  | "StorageClass"
  | "WebsiteRedirectLocation"
>;

/** Throws for what is malformed, too much, or not there (Object Lock, customer keys, ACLs). */
export function attributesOf(bucket: Bucket, input: AttributeInput): Attributes {
  refuseAbsent(bucket, input);
  const { StorageClass: storageClass = "STANDARD", WebsiteRedirectLocation: websiteRedirect } = input;
  if (!STORAGE_CLASSES.has(storageClass)) {
    throw new ServiceError("InvalidStorageClass", "The storage class you specified is not valid", {
      status: 400,
      detail: { StorageClassRequested: storageClass },
    });
  }
  if (websiteRedirect !== undefined && !/^(\/|https?:\/\/)/.test(websiteRedirect)) {
    throw new ServiceError(
      "InvalidRedirectLocation",
      "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
      { status: 400 },
    );
  }
  return {
    contentType: input.ContentType,
    cacheControl: input.CacheControl,
    contentDisposition: input.ContentDisposition,
    contentEncoding: input.ContentEncoding,
    contentLanguage: input.ContentLanguage,
    expires: input.Expires?.getTime(),
    websiteRedirect,
    metadata: metadataOf(input.Metadata),
    storageClass,
    encryption: encryptionOf(bucket, input),
  };
}

function refuseAbsent(bucket: Bucket, input: AttributeInput): void {
  if (input.ObjectLockMode ?? input.ObjectLockLegalHoldStatus)
    throw invalidRequest("Bucket is missing Object Lock Configuration");
  if (input.SSECustomerAlgorithm ?? input.SSECustomerKey)
    throw notImplemented("encryption with customer-provided keys");
  const isEnforced = bucket.record.ownership?.Rules?.[0]?.ObjectOwnership === "BucketOwnerEnforced";
  const grants = input.GrantFullControl ?? input.GrantRead ?? input.GrantReadACP ?? input.GrantWriteACP;
  if (grants === undefined && (input.ACL === undefined || input.ACL === "bucket-owner-full-control")) return;
  if (isEnforced) {
    throw new ServiceError("AccessControlListNotSupported", "The bucket does not allow ACLs", { status: 400 });
  }
  if (grants !== undefined || input.ACL !== "private") throw notImplemented("access control lists");
}

function metadataOf(given: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(given ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const size = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size > MOST_METADATA) {
    throw new ServiceError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      status: 400,
      detail: { Size: size, MaxSizeAllowed: MOST_METADATA },
    });
  }
  return Object.fromEntries(entries);
}

/** What the request asks for, else the bucket's default (Setting default server-side encryption behavior). */
function encryptionOf(bucket: Bucket, input: AttributeInput): Encryption {
  const byDefault = bucket.record.encryption.Rules?.[0];
  const fallback = byDefault?.ApplyServerSideEncryptionByDefault;
  const asked = input.ServerSideEncryption;
  const algorithm = asked ?? fallback?.SSEAlgorithm ?? "AES256";
  if (algorithm !== "AES256" && algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse") {
    throw new ServiceError(
      "InvalidEncryptionAlgorithmError",
      "The encryption request that you specified is not valid. Supported value: AES256.",
      { status: 400 },
    );
  }
  if (algorithm === "AES256" && input.SSEKMSKeyId !== undefined) {
    throw invalidArgument(
      "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
      "x-amz-server-side-encryption",
    );
  }
  if (algorithm === "AES256") return { algorithm, kmsKeyId: undefined, bucketKeyEnabled: undefined };
  return {
    algorithm,
    kmsKeyId: input.SSEKMSKeyId ?? (asked === undefined ? fallback?.KMSMasterKeyID : undefined),
    bucketKeyEnabled: input.BucketKeyEnabled ?? byDefault?.BucketKeyEnabled,
  };
}

/** The encryption as answers name it. */
export const encryptionMembers = ({ algorithm, kmsKeyId, bucketKeyEnabled }: Encryption) => ({
  ServerSideEncryption: algorithm,
  ...(kmsKeyId !== undefined && { SSEKMSKeyId: kmsKeyId }),
  ...(bucketKeyEnabled !== undefined && { BucketKeyEnabled: bucketKeyEnabled }),
});
