import type { Handlers } from "../../../core/service.ts";
import type { S3, Store } from "../store.ts";
import {
  deleteBucketOwnershipControls,
  deletePublicAccessBlock,
  getBucketOwnershipControls,
  getPublicAccessBlock,
  putBucketOwnershipControls,
  putPublicAccessBlock,
} from "./access.ts";
import { deleteBucketCors, getBucketCors, putBucketCors } from "./cors.ts";
import { createBucket } from "./create-bucket.ts";
import { deleteBucket } from "./delete-bucket.ts";
import { deleteBucketEncryption, getBucketEncryption, putBucketEncryption } from "./encryption.ts";
import { getBucketLocation, headBucket, listBuckets } from "./list-buckets.ts";
import { deleteBucketPolicy, getBucketPolicy, getBucketPolicyStatus, putBucketPolicy } from "./policy.ts";
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from "./tagging.ts";
import { getBucketVersioning, putBucketVersioning } from "./versioning.ts";
import {
  deleteBucketWebsite,
  getBucketLogging,
  getBucketWebsite,
  putBucketLogging,
  putBucketWebsite,
} from "./website-and-logging.ts";

export const bucketHandlers = (store: Store) =>
  ({
    CreateBucket: createBucket(store),
    DeleteBucket: deleteBucket(store),
    DeleteBucketCors: deleteBucketCors(store),
    DeleteBucketEncryption: deleteBucketEncryption(store),
    DeleteBucketOwnershipControls: deleteBucketOwnershipControls(store),
    DeleteBucketPolicy: deleteBucketPolicy(store),
    DeleteBucketTagging: deleteBucketTagging(store),
    DeleteBucketWebsite: deleteBucketWebsite(store),
    DeletePublicAccessBlock: deletePublicAccessBlock(store),
    GetBucketCors: getBucketCors(store),
    GetBucketEncryption: getBucketEncryption(store),
    GetBucketLocation: getBucketLocation(store),
    GetBucketLogging: getBucketLogging(store),
    GetBucketOwnershipControls: getBucketOwnershipControls(store),
    GetBucketPolicy: getBucketPolicy(store),
    GetBucketPolicyStatus: getBucketPolicyStatus(store),
    GetBucketTagging: getBucketTagging(store),
    GetBucketVersioning: getBucketVersioning(store),
    GetBucketWebsite: getBucketWebsite(store),
    GetPublicAccessBlock: getPublicAccessBlock(store),
    HeadBucket: headBucket(store),
    ListBuckets: listBuckets(store),
    PutBucketCors: putBucketCors(store),
    PutBucketEncryption: putBucketEncryption(store),
    PutBucketLogging: putBucketLogging(store),
    PutBucketOwnershipControls: putBucketOwnershipControls(store),
    PutBucketPolicy: putBucketPolicy(store),
    PutBucketTagging: putBucketTagging(store),
    PutBucketVersioning: putBucketVersioning(store),
    PutBucketWebsite: putBucketWebsite(store),
    PutPublicAccessBlock: putPublicAccessBlock(store),
  }) satisfies Handlers<S3>;
