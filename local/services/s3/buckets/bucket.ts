/** A bucket: what was configured for it, and what it holds. */
import type {
  CORSConfiguration,
  LifecycleRule,
  LoggingEnabled,
  NotificationConfiguration,
  OwnershipControls,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionConfiguration,
  TransitionDefaultMinimumObjectSize,
  WebsiteConfiguration,
} from "@aws-sdk/client-s3";
import type { Contents } from "../contents.ts";
import type { Tags } from "../objects/object-version.ts";

export interface BucketRecord {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Undefined until versioning was configured for the first time: from then on it can only be suspended. */
  readonly versioning: "Enabled" | "Suspended" | undefined;
  readonly tags: Tags | undefined;
  /** JSON text, as it was put. */
  readonly policy: string | undefined;
  readonly encryption: ServerSideEncryptionConfiguration;
  readonly publicAccessBlock: PublicAccessBlockConfiguration | undefined;
  readonly ownership: OwnershipControls | undefined;
  readonly cors: CORSConfiguration | undefined;
  readonly lifecycle: Lifecycle | undefined;
  readonly notification: NotificationConfiguration;
  readonly website: WebsiteConfiguration | undefined;
  readonly logging: LoggingEnabled | undefined;
}

interface Lifecycle {
  readonly rules: readonly LifecycleRule[];
  readonly smallestTransition: TransitionDefaultMinimumObjectSize;
}

export interface Bucket {
  readonly name: string;
  readonly arn: string;
  readonly record: BucketRecord;
  readonly contents: Contents;
}

export const bucketArn = (name: string): string => `arn:aws:s3:::${name}`;

/** What answers of a bucket with versioning carry beside an object: nothing in buckets that never had it. */
export const versionIdOf = (bucket: Bucket, versionId: string): { VersionId?: string } =>
  bucket.record.versioning === undefined ? {} : { VersionId: versionId };
