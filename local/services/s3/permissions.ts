/** What a caller must be allowed for each operation (Actions, resources, and condition keys for Amazon S3). */
import type { Permission, PolicyDocument } from "../../core/principal.ts";
import { ServiceError } from "../../core/errors.ts";
import { bucketArn } from "./buckets/bucket.ts";
import { effectivePolicy } from "./buckets/policy.ts";
import { noSuchBucket } from "./errors.ts";
import { type Asked, objectPermissions, text } from "./object-permissions.ts";
import type { Store } from "./store.ts";

/** Operations on a bucket whose action has another name. */
const ACTIONS: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  ListMultipartUploads: "ListBucketMultipartUploads",
  GetBucketEncryption: "GetEncryptionConfiguration",
  PutBucketEncryption: "PutEncryptionConfiguration",
  DeleteBucketEncryption: "PutEncryptionConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  GetBucketCors: "GetBucketCORS",
  PutBucketCors: "PutBucketCORS",
  DeleteBucketCors: "PutBucketCORS",
  DeleteBucketTagging: "PutBucketTagging",
  GetBucketNotificationConfiguration: "GetBucketNotification",
  PutBucketNotificationConfiguration: "PutBucketNotification",
};

/** A bucket that does not exist is said to be missing, whatever the caller may do. */
export function permissionsOf(store: Store, operation: string, input: Asked): readonly Permission[] {
  if (operation === "ListBuckets") return [{ action: "s3:ListAllMyBuckets", resource: "*" }];
  const bucket = text(input["Bucket"]) ?? "";
  if (operation !== "CreateBucket" && !store.find(bucket)) {
    if (operation === "HeadBucket" || operation === "HeadObject") {
      throw new ServiceError("NotFound", "Not Found", { status: 404 });
    }
    throw noSuchBucket(bucket);
  }
  const ofObject = objectPermissions(store, operation, input);
  if (ofObject) return ofObject;
  const action = `s3:${ACTIONS[operation] ?? operation}`;
  return [
    { action, resource: bucketArn(bucket), ...(operation.startsWith("ListObject") && { context: listContext(input) }) },
  ];
}

function listContext(input: Asked): Readonly<Record<string, string>> {
  const prefix = text(input["Prefix"]);
  const delimiter = text(input["Delimiter"]);
  const most = input["MaxKeys"];
  return {
    ...(prefix !== undefined && { "s3:prefix": prefix }),
    ...(delimiter !== undefined && { "s3:delimiter": delimiter }),
    ...(most !== undefined && { "s3:max-keys": String(most) }),
  };
}

/** The policy of the bucket that an ARN of a bucket or object names. */
export function policyOf(store: Store, arn: string): PolicyDocument | undefined {
  const [, name] = /^arn:aws[\w-]*:s3:::([^/]+)/.exec(arn) ?? [];
  const bucket = store.find(name);
  return bucket && effectivePolicy(bucket, store.cloud.accountId);
}
