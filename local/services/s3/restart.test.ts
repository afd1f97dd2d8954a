import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { testCloud } from "../../testing.ts";

const Bucket = "kept";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "s3-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function session<T>(
  work: (s3: S3Client, cloud: Awaited<ReturnType<typeof testCloud>>) => Promise<T>,
): Promise<T> {
  await using cloud = await testCloud({ dataFolder: folder });
  return await work(cloud.client(S3Client), cloud);
}

it("finds versions in their order, bytes, uploads and rules after a restart", async () => {
  const { before, UploadId, ETag } = await session(async (s3) => {
    await s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: "Enabled" as const };
    await s3.send(new PutObjectCommand({ Bucket, Key: "b", Body: "old" }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    for (const Body of ["1", "2"]) await s3.send(new PutObjectCommand({ Bucket, Key: "b", Body }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    const upload = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "big" }));
    const part = await s3.send(
      new UploadPartCommand({ Bucket, Key: "big", UploadId: upload.UploadId, PartNumber: 1, Body: "part" }),
    );
    const Rules = [{ Status: "Enabled" as const, Filter: { Prefix: "" }, Expiration: { Days: 1 } }];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    return { before: { Versions, DeleteMarkers }, UploadId: upload.UploadId, ETag: part.ETag ?? "" };
  });
  await session(async (s3, cloud) => {
    const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect({ Versions, DeleteMarkers }).toEqual(before);
    expect(Versions?.map(({ Key, Size }) => [Key, Size])).toEqual([
      ["a", 1],
      ["b", 1],
      ["b", 1],
      ["b", 3],
    ]);
    const answer = await s3.send(new GetObjectCommand({ Bucket, Key: "b" }));
    expect(await answer.Body?.transformToString()).toBe("2");
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: "big", UploadId, MultipartUpload }));
    // New versions come behind those of before the restart.
    await s3.send(new PutObjectCommand({ Bucket, Key: "b", Body: "after" }));
    const newest = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: "b" }));
    expect(newest.Versions?.[0]).toMatchObject({ Size: 5, IsLatest: true });
    await cloud.clock.advance(3 * 86_400_000);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents).toBeUndefined();
  });
});
