/** Public access block and ownership controls. */
import type { Handler } from "../../../core/service.ts";
import { malformedXml, notConfigured } from "../errors.ts";
import type { S3, Store } from "../store.ts";

export const getPublicAccessBlock =
  (store: Store): Handler<S3, "GetPublicAccessBlock"> =>
  (input) => {
    const { name, record } = store.bucket(input);
    if (record.publicAccessBlock) return { PublicAccessBlockConfiguration: record.publicAccessBlock };
    throw notConfigured(
      "NoSuchPublicAccessBlockConfiguration",
      "The public access block configuration was not found",
      name,
    );
  };

export const putPublicAccessBlock =
  (store: Store): Handler<S3, "PutPublicAccessBlock"> =>
  (input) => {
    const bucket = store.bucket(input);
    const wanted = input.PublicAccessBlockConfiguration;
    if (!wanted) throw malformedXml();
    store.configure(bucket, {
      publicAccessBlock: {
        BlockPublicAcls: wanted.BlockPublicAcls ?? false,
        IgnorePublicAcls: wanted.IgnorePublicAcls ?? false,
        BlockPublicPolicy: wanted.BlockPublicPolicy ?? false,
        RestrictPublicBuckets: wanted.RestrictPublicBuckets ?? false,
      },
    });
    return {};
  };

export const deletePublicAccessBlock =
  (store: Store): Handler<S3, "DeletePublicAccessBlock"> =>
  (input) => {
    store.configure(store.bucket(input), { publicAccessBlock: undefined });
    return {};
  };

const OWNERSHIPS = new Set(["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]);

export const getBucketOwnershipControls =
  (store: Store): Handler<S3, "GetBucketOwnershipControls"> =>
  (input) => {
    const { name, record } = store.bucket(input);
    if (record.ownership) return { OwnershipControls: record.ownership };
    throw notConfigured("OwnershipControlsNotFoundError", "The bucket ownership controls were not found", name);
  };

export const putBucketOwnershipControls =
  (store: Store): Handler<S3, "PutBucketOwnershipControls"> =>
  (input) => {
    const bucket = store.bucket(input);
    const [rule, ...more] = input.OwnershipControls?.Rules ?? [];
    if (!rule || more.length > 0 || !OWNERSHIPS.has(rule.ObjectOwnership ?? "")) throw malformedXml();
    store.configure(bucket, { ownership: { Rules: [rule] } });
    return {};
  };

export const deleteBucketOwnershipControls =
  (store: Store): Handler<S3, "DeleteBucketOwnershipControls"> =>
  (input) => {
    store.configure(store.bucket(input), { ownership: undefined });
    return {};
  };
