import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { BUCKET as Bucket, bucketFixture, type Fixture, refusal } from "../testing/s3-fixture.ts";

const text = async ({ s3 }: Fixture, Key: string, VersionId?: string) => {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, ...(VersionId && { VersionId }) }));
  return answer.Body?.transformToString();
};

describe("a bucket with versioning", () => {
  it("keeps every version, newest first, also within one millisecond", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const ids = [await fixture.put("k", "1"), await fixture.put("k", "2"), await fixture.put("k", "3")];
    expect(await fixture.versions("k")).toEqual([`${ids[2]}*`, ids[1], ids[0]]);
    expect(await text(fixture, "k")).toBe("3");
    expect(await text(fixture, "k", ids[0])).toBe("1");
  });

  it("hides a deleted object behind a marker, and shows it when the marker is removed", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const id = await fixture.put("k", "1");
    const deleted = await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(deleted.DeleteMarker).toBe(true);
    const { VersionId: marker } = deleted;
    expect(await fixture.versions("k")).toEqual([id, `${marker} (marker)*`]);
    expect(await refusal(text(fixture, "k"))).toBe("NoSuchKey 404");
    expect(await refusal(text(fixture, "k", marker))).toBe("MethodNotAllowed 405");
    expect(await text(fixture, "k", id)).toBe("1");
    const removed = await fixture.s3.send(
      new DeleteObjectCommand({ Bucket, Key: "k", ...(marker && { VersionId: marker }) }),
    );
    expect(removed).toMatchObject({ DeleteMarker: true, VersionId: marker });
    expect(await text(fixture, "k")).toBe("1");
  });

  it("makes the version before current when the current one is removed for good", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    await fixture.put("k", "1");
    const VersionId = (await fixture.put("k", "2")) ?? "";
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId }));
    expect(await text(fixture, "k")).toBe("1");
    expect(await refusal(text(fixture, "k", VersionId))).toBe("NoSuchVersion 404");
  });

  it("answers deletions of many versions with their markers", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const VersionId = (await fixture.put("a", "1")) ?? "";
    const { DeleteMarker: _, VersionId: marker = "" } = await fixture.s3.send(
      new DeleteObjectCommand({ Bucket, Key: "b" }),
    );
    const answer = await fixture.s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: "a", VersionId }, { Key: "b", VersionId: marker }, { Key: "c" }] },
      }),
    );
    expect(answer.Deleted).toEqual([
      { Key: "a", VersionId },
      { Key: "b", VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker },
      { Key: "c", DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    ]);
  });

  it("copies an older version, and never a marker", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const first = await fixture.put("k", "1");
    await fixture.put("k", "2");
    const copy = await fixture.s3.send(
      new CopyObjectCommand({ Bucket, Key: "k", CopySource: `${Bucket}/k?versionId=${first}` }),
    );
    expect(copy.CopySourceVersionId).toBe(first);
    expect(await text(fixture, "k")).toBe("1");
    const { VersionId: marker } = await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    const ofMarker = new CopyObjectCommand({ Bucket, Key: "x", CopySource: `${Bucket}/k?versionId=${marker}` });
    expect(await refusal(fixture.s3.send(ofMarker))).toBe("InvalidRequest 400");
  });

  it("tags one version and leaves the others", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const VersionId = (await fixture.put("k", "1")) ?? "";
    await fixture.put("k", "2");
    const Tagging = { TagSet: [{ Key: "a", Value: "1" }] };
    await fixture.s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", VersionId, Tagging }));
    const older = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k", VersionId }));
    const newer = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k" }));
    expect([older.TagCount, newer.TagCount]).toEqual([1, undefined]);
  });

  it("refuses ids that it never gave", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    await fixture.put("k");
    expect(await refusal(text(fixture, "k", "nonsense"))).toBe("InvalidArgument 400");
    expect(await refusal(text(fixture, "k", "0".repeat(32)))).toBe("NoSuchVersion 404");
  });
});

describe("the null version", () => {
  it("is what was there before versioning", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k", "old");
    await fixture.versioning("Enabled");
    const id = await fixture.put("k", "new");
    expect(await fixture.versions("k")).toEqual([`${id}*`, "null"]);
    expect(await text(fixture, "k", "null")).toBe("old");
  });

  it("is replaced by what is written while versioning is suspended, and comes to the front", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k", "old");
    await fixture.versioning("Enabled");
    const id = await fixture.put("k", "kept");
    await fixture.versioning("Suspended");
    expect(await fixture.put("k", "newer")).toBe("null");
    expect(await fixture.versions("k")).toEqual(["null*", id]);
    expect(await text(fixture, "k")).toBe("newer");
  });

  it("makes way for a marker when deleted while versioning is suspended", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const id = await fixture.put("k", "kept");
    await fixture.versioning("Suspended");
    await fixture.put("k", "gone");
    const deleted = await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    expect(await fixture.versions("k")).toEqual([id, "null (marker)*"]);
  });
});

describe("a listing of versions", () => {
  it("goes on page by page where versions disappear meanwhile", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    for (const key of ["a", "a", "a", "b", "b"]) await fixture.put(key);
    let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
    let pages = 0;
    for (;;) {
      const page = await fixture.s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...markers }));
      pages++;
      for (const { Key, VersionId = "" } of page.Versions ?? [])
        await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
      if (!page.IsTruncated) break;
      markers = {
        ...(page.NextKeyMarker && { KeyMarker: page.NextKeyMarker }),
        ...(page.NextVersionIdMarker && { VersionIdMarker: page.NextVersionIdMarker }),
      };
    }
    expect(pages).toBe(3);
    expect(await fixture.versions("")).toEqual([]);
  });

  it("goes on behind a key, and refuses a version without one", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    for (const key of ["a", "b"]) await fixture.put(key);
    const behind = await fixture.s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker: "a" }));
    expect(behind.Versions?.map(({ Key }) => Key)).toEqual(["b"]);
    const headless = new ListObjectVersionsCommand({ Bucket, VersionIdMarker: "x" });
    expect(await refusal(fixture.s3.send(headless))).toBe("InvalidArgument 400");
  });
});
