/** "Add preconditions to S3 operations with conditional requests": what a condition looks at, with versions and markers. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { BUCKET as Bucket, bucketFixture, type Fixture, refusal } from "../testing/s3-fixture.ts";

const HELLO = '"5d41402abc4b2a76b9719d911017c592"';

/** The three ways to write one key. */
const WRITES: Readonly<Record<string, (fixture: Fixture, condition: object) => Promise<unknown>>> = {
  PutObject: (fixture, condition) => fixture.put("k", "new", condition),
  CopyObject: (fixture, condition) =>
    fixture.s3.send(new CopyObjectCommand({ Bucket, Key: "k", CopySource: `${Bucket}/source`, ...condition })),
  CompleteMultipartUpload: async ({ s3 }, condition) => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const part = { Bucket, Key: "k", UploadId, PartNumber: 1 };
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: "new" }));
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    const complete = new CompleteMultipartUploadCommand({ Bucket, Key: "k", UploadId, MultipartUpload, ...condition });
    return s3.send(complete).catch(async (error: unknown) => {
      // A refused completion leaves the upload, which may be completed or aborted.
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "k", UploadId }));
      throw error;
    });
  },
};
type State = "absent" | "there" | "deleted";
async function prepare(fixture: Fixture, state: State): Promise<void> {
  await fixture.versioning("Enabled");
  await fixture.put("source", "new");
  if (state === "absent") return;
  await fixture.put("k");
  if (state === "deleted") await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
}

describe.each(Object.entries(WRITES))("%s", (_operation, write) => {
  it.each<[string, State, object, string]>([
    ["If-None-Match: * of an absent key", "absent", { IfNoneMatch: "*" }, "done"],
    ["If-None-Match: * of a key that is there", "there", { IfNoneMatch: "*" }, "PreconditionFailed 412"],
    ["If-None-Match: * behind a delete marker", "deleted", { IfNoneMatch: "*" }, "done"],
    ["If-Match of the current object", "there", { IfMatch: HELLO }, "done"],
    ["If-Match of another", "there", { IfMatch: '"x"' }, "PreconditionFailed 412"],
    ["If-Match of an absent key", "absent", { IfMatch: HELLO }, "NoSuchKey 404"],
    ["If-Match behind a delete marker: an older version is not meant", "deleted", { IfMatch: HELLO }, "NoSuchKey 404"],
  ])("%s", async (_name, state, condition, expected) => {
    await using fixture = await bucketFixture();
    await prepare(fixture, state);
    const before = await fixture.versions("k");
    expect(await refusal(write(fixture, condition))).toBe(expected);
    expect((await fixture.versions("k")).length - before.length).toBe(expected === "done" ? 1 : 0);
  });
});

describe("DeleteObject", () => {
  it.each<[string, State, string, string]>([
    ["* of a key that is there", "there", "*", "done"],
    ["* of an absent key", "absent", "*", "PreconditionFailed 412"],
    ["* behind a delete marker", "deleted", "*", "PreconditionFailed 412"],
    ["the ETag of the current object", "there", HELLO, "done"],
    ["the ETag without quotes", "there", HELLO.replaceAll('"', ""), "done"],
    ["another ETag", "there", '"x"', "PreconditionFailed 412"],
  ])("If-Match: %s", async (_name, state, IfMatch, expected) => {
    await using fixture = await bucketFixture();
    await prepare(fixture, state);
    expect(await refusal(fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", IfMatch })))).toBe(expected);
  });

  it("keeps what its condition keeps, among many", async () => {
    await using fixture = await bucketFixture();
    for (const key of ["a", "b"]) await fixture.put(key);
    const Objects = [
      { Key: "a", ETag: HELLO },
      { Key: "b", ETag: '"x"' },
    ];
    const answer = await fixture.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted).toEqual([{ Key: "a" }]);
    expect(answer.Errors).toMatchObject([{ Key: "b", Code: "PreconditionFailed" }]);
  });
});

describe("versions (Working with delete markers, Working with objects in a versioning-suspended bucket)", () => {
  it("a delete marker has a time of its own, and no size or ETag", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    await fixture.put("k");
    await fixture.cloud.clock.advance(5_000);
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    const { Versions, DeleteMarkers } = await fixture.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions).toMatchObject([{ IsLatest: false, Size: 5, LastModified: new Date("2030-01-07T12:00:00Z") }]);
    expect(DeleteMarkers).toMatchObject([{ IsLatest: true, LastModified: new Date("2030-01-07T12:00:05Z") }]);
    expect(Object.keys(DeleteMarkers?.[0] ?? {})).not.toContain("ETag");
  });

  it("a second delete puts a second marker on the first", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    for (const _ of [1, 2]) await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "never" }));
    expect(await fixture.versions("never")).toHaveLength(2);
  });

  it("a suspended bucket has one null marker, however often a key is deleted", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Suspended");
    for (const _ of [1, 2]) await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "never" }));
    expect(await fixture.versions("never")).toEqual(["null (marker)*"]);
  });

  it("a suspended bucket keeps versions with ids when the null version goes", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const id = await fixture.put("k", "kept");
    await fixture.versioning("Suspended");
    await fixture.put("k", "null one");
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: "null" }));
    expect(await fixture.versions("k")).toEqual([`${id}*`]);
  });

  it("deleting a version that is not there is done without a marker", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const id = await fixture.put("k");
    const remove = new DeleteObjectCommand({ Bucket, Key: "k", VersionId: "null" });
    expect((await fixture.s3.send(remove)).DeleteMarker).toBeUndefined();
    expect(await fixture.versions("k")).toEqual([`${id}*`]);
  });

  it("a head of a marker by its id tells when it was made", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const { VersionId = "" } = await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(await refusal(fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k", VersionId })))).toMatch(/405$/);
    expect(await refusal(fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k" })))).toBe("NotFound 404");
  });

  it("keys are listed by their UTF-8 bytes", async () => {
    await using fixture = await bucketFixture();
    const keys = ["Z", "a", "aa", "a/", "é", "\uffee", "\u{1f600}"];
    for (const key of keys.toReversed()) await fixture.put(key);
    const { Versions } = await fixture.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ Key }) => Key)).toEqual(["Z", "a", "a/", "aa", "é", "\uffee", "\u{1f600}"]);
  });
});
