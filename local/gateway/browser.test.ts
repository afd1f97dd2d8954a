import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../testing.ts";

const page = "https://app.example";

let cloud: TestCloud;
let s3: S3Client;
beforeEach(async () => {
  cloud = await testCloud({ startAt: Date.now() });
  s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "uploads" }));
  const CORSRules = [{ AllowedMethods: ["PUT"], AllowedOrigins: [page], AllowedHeaders: ["content-type"] }];
  await s3.send(new PutBucketCorsCommand({ Bucket: "uploads", CORSConfiguration: { CORSRules } }));
});
afterEach(() => cloud.stop());

describe("a page that uploads by a presigned URL", () => {
  const url = () =>
    getSignedUrl(
      s3,
      new PutObjectCommand({ Bucket: "uploads", Key: "a b.txt", Metadata: { who: "me" }, Tagging: "a=1" }),
      { expiresIn: 60 },
    );

  it("is allowed by the bucket's rules, and its metadata arrives", async () => {
    const headers = {
      origin: page,
      "access-control-request-method": "PUT",
      "access-control-request-headers": "content-type",
    };
    const asked = await fetch(await url(), { method: "OPTIONS", headers });
    expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([200, page]);
    const put = await fetch(await url(), { method: "PUT", body: "hello", headers: { origin: page } });
    expect([put.status, put.headers.get("access-control-allow-origin")]).toEqual([200, page]);
    const stored = await s3.send(new GetObjectCommand({ Bucket: "uploads", Key: "a b.txt" }));
    expect([await stored.Body?.transformToString(), stored.Metadata, stored.TagCount]).toEqual([
      "hello",
      { who: "me" },
      1,
    ]);
  });

  it("is refused from elsewhere", async () => {
    const headers = { origin: "https://evil.example", "access-control-request-method": "PUT" };
    const asked = await fetch(await url(), { method: "OPTIONS", headers });
    expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([403, null]);
  });

  it("is refused when the URL has expired", async () => {
    const signed = await url();
    await cloud.clock.advance(61_000);
    expect((await fetch(signed, { method: "PUT", body: "late" })).status).toBe(403);
  });
});
