/** What the tests of S3 share: a cloud with a bucket and a client. */
import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { testCloud, type TestCloud } from "../../../testing.ts";

export const BUCKET = "orders";

export interface Fixture extends AsyncDisposable {
  readonly cloud: TestCloud;
  readonly s3: S3Client;
  /** Puts a text; answers its version id. */
  put(key: string, body?: string, more?: object): Promise<string | undefined>;
  versioning(status: "Enabled" | "Suspended"): Promise<void>;
  /** Every version as `id`, `id (marker)`, newest first; a star marks the latest. */
  versions(key: string): Promise<string[]>;
}

/** Use with `await using`. */
export async function bucketFixture(): Promise<Fixture> {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    cloud,
    s3,
    put: async (Key, Body = "hello", more = {}) =>
      (await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }))).VersionId,
    versioning: async (Status) => {
      await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status } }));
    },
    versions: async (key) => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(
        new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: key }),
      );
      const named = [
        ...Versions.map((version) => ({ version, kind: "" })),
        ...DeleteMarkers.map((version) => ({ version, kind: " (marker)" })),
      ];
      return named.map(({ version, kind }) => `${version.VersionId}${kind}${version.IsLatest ? "*" : ""}`);
    },
    [Symbol.asyncDispose]: async () => {
      s3.destroy();
      await cloud.stop();
    },
  };
}

/** The name and status with which a request is refused. */
export async function refusal(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    return `${name} ${$metadata?.httpStatusCode}`;
  }
  return "done";
}
