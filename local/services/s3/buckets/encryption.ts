import type { ServerSideEncryptionConfiguration } from "@aws-sdk/client-s3";
import type { Handler } from "../../../core/service.ts";
import { invalidArgument, malformedXml } from "../errors.ts";
import type { S3, Store } from "../store.ts";

/** Every bucket encrypts, by keys of S3 unless something else is configured. */
export const DEFAULT_ENCRYPTION: ServerSideEncryptionConfiguration = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
};

export const getBucketEncryption =
  (store: Store): Handler<S3, "GetBucketEncryption"> =>
  (input) => ({ ServerSideEncryptionConfiguration: store.bucket(input).record.encryption });

export const putBucketEncryption =
  (store: Store): Handler<S3, "PutBucketEncryption"> =>
  (input) => {
    const bucket = store.bucket(input);
    const [rule, ...more] = input.ServerSideEncryptionConfiguration?.Rules ?? [];
    if (!rule || more.length > 0) throw malformedXml();
    const { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId } = rule.ApplyServerSideEncryptionByDefault ?? {};
    if (algorithm !== undefined && !["AES256", "aws:kms", "aws:kms:dsse"].includes(algorithm)) throw malformedXml();
    if (algorithm === "AES256" && keyId !== undefined) {
      throw invalidArgument(
        "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
        "ApplyServerSideEncryptionByDefault",
      );
    }
    store.configure(bucket, {
      encryption: { Rules: [{ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false }] },
    });
    return {};
  };

export const deleteBucketEncryption =
  (store: Store): Handler<S3, "DeleteBucketEncryption"> =>
  (input) => {
    store.configure(store.bucket(input), { encryption: DEFAULT_ENCRYPTION });
    return {};
  };
