import type { Cloud } from "../../../core/cloud.ts";
import type { ResourceProvider } from "../../../core/service.ts";
import { bucketProvider } from "./bucket.ts";
import { bucketPolicyProvider } from "./bucket-policy.ts";

export const resourcesOf = (cloud: Cloud): Readonly<Record<string, ResourceProvider>> => ({
  "AWS::S3::Bucket": bucketProvider(cloud),
  "AWS::S3::BucketPolicy": bucketPolicyProvider(cloud),
});
