/** AWS::S3::BucketPolicy. */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider, ResourceState } from "../../../core/service.ts";

export const bucketPolicyProvider = (cloud: Cloud): ResourceProvider => ({
  known: { Bucket: true, PolicyDocument: true },
  async create(properties) {
    const Bucket = bucketOf(properties);
    if (await hasPolicy(cloud, Bucket)) {
      throw new ServiceError("AlreadyExists", `The bucket policy already exists on bucket ${Bucket}.`, { status: 409 });
    }
    return put(cloud, properties);
  },
  update: (bucket, properties) => (bucketOf(properties) === bucket ? put(cloud, properties) : "replace"),
  async delete(bucket) {
    await unlessBucketGone(cloud.call("s3", "DeleteBucketPolicy", { Bucket: bucket }, ACCOUNT));
  },
});

const bucketOf = ({ Bucket }: Properties): string => String(Bucket ?? "");

async function put(cloud: Cloud, properties: Properties): Promise<ResourceState> {
  const { PolicyDocument: document } = properties;
  const Policy = typeof document === "string" ? document : JSON.stringify(document ?? {});
  const Bucket = bucketOf(properties);
  await cloud.call("s3", "PutBucketPolicy", { Bucket, Policy }, ACCOUNT);
  return { physicalId: Bucket };
}

async function hasPolicy(cloud: Cloud, Bucket: string): Promise<boolean> {
  try {
    await cloud.call("s3", "GetBucketPolicy", { Bucket }, ACCOUNT);
    return true;
  } catch (error) {
    if (isServiceError(error) && error.name === "NoSuchBucketPolicy") return false;
    throw error;
  }
}

/** What is gone already needs no deleting. */
export async function unlessBucketGone(deleting: Promise<unknown>): Promise<void> {
  try {
    await deleting;
  } catch (error) {
    if (!isServiceError(error) || error.name !== "NoSuchBucket") throw error;
  }
}
