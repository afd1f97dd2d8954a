import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import type { App } from "#local/testing";

/** The versions that an object has, the newest first. */
export async function versionsIn(app: App, key: string): Promise<string[]> {
  const { Versions = [] } = await app
    .client(S3Client)
    .send(new ListObjectVersionsCommand({ Bucket: app.resource("SourceBucket"), Prefix: key }));
  return Versions.flatMap(({ Key, VersionId }) => (Key === key && VersionId !== undefined ? [VersionId] : []));
}
