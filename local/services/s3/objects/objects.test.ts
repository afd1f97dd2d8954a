import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  SelectObjectContentCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { describe, expect, it } from "vitest";
import { BUCKET as Bucket, bucketFixture, refusal } from "../testing/s3-fixture.ts";

const HELLO_MD5 = "5d41402abc4b2a76b9719d911017c592";

describe("an object", () => {
  it("comes back as it was put, with its headers, metadata and tags", async () => {
    await using fixture = await bucketFixture();
    const expires = new Date("2031-02-03T04:05:06Z");
    await fixture.put("a b/ü+%/x", "hello", {
      ContentType: "text/plain",
      CacheControl: "max-age=1",
      ContentDisposition: "inline",
      ContentEncoding: "identity",
      ContentLanguage: "nb",
      Expires: expires,
      Metadata: { Who: "me", note: "to+you" },
      StorageClass: "STANDARD_IA",
      Tagging: "team=a%20b&kind=order",
      WebsiteRedirectLocation: "/other",
    });
    const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key: "a b/ü+%/x" }));
    expect(await answer.Body?.transformToString()).toBe("hello");
    expect(answer).toMatchObject({
      ETag: `"${HELLO_MD5}"`,
      ContentLength: 5,
      ContentType: "text/plain",
      CacheControl: "max-age=1",
      ContentDisposition: "inline",
      ContentEncoding: "identity",
      ContentLanguage: "nb",
      ExpiresString: expires.toUTCString(),
      LastModified: new Date("2030-01-07T12:00:00Z"),
      Metadata: { who: "me", note: "to+you" },
      StorageClass: "STANDARD_IA",
      TagCount: 2,
      WebsiteRedirectLocation: "/other",
      ServerSideEncryption: "AES256",
      AcceptRanges: "bytes",
    });
    expect(answer.VersionId).toBeUndefined();
    const head = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "a b/ü+%/x" }));
    expect(head).toMatchObject({ ContentLength: 5, ETag: `"${HELLO_MD5}"`, Metadata: { who: "me", note: "to+you" } });
  });

  it("is of unknown type when nothing is said, and is not in a class worth naming", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    const head = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k" }));
    expect(head.ContentType).toBe("application/octet-stream");
    expect(head.StorageClass).toBeUndefined();
  });

  it("may be empty", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k", "");
    const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect([await answer.Body?.transformToString(), answer.ContentLength]).toEqual(["", 0]);
  });

  it("answers with the headers that a read asks for", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    const answer = await fixture.s3.send(
      new GetObjectCommand({ Bucket, Key: "k", ResponseContentType: "text/csv", ResponseCacheControl: "no-store" }),
    );
    expect(answer).toMatchObject({ ContentType: "text/csv", CacheControl: "no-store" });
  });

  it("is reached by a presigned URL until that expires", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("a b");
    const signingDate = new Date(fixture.cloud.clock.now());
    const url = await getSignedUrl(fixture.s3, new GetObjectCommand({ Bucket, Key: "a b" }), {
      expiresIn: 60,
      signingDate,
    });
    expect(await (await fetch(url)).text()).toBe("hello");
    await fixture.cloud.clock.advance(61_000);
    const late = await fetch(url);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("Request has expired")]);
  });

  it("is put by a presigned URL", async () => {
    await using fixture = await bucketFixture();
    const url = await getSignedUrl(fixture.s3, new PutObjectCommand({ Bucket, Key: "k" }), {
      signingDate: new Date(fixture.cloud.clock.now()),
    });
    expect((await fetch(url, { method: "PUT", body: "from a browser" })).status).toBe(200);
    const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect(await answer.Body?.transformToString()).toBe("from a browser");
  });

  it("is gone when deleted, and deleting it again is no error", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(await refusal(fixture.s3.send(new GetObjectCommand({ Bucket, Key: "k" })))).toBe("NoSuchKey 404");
    expect(await refusal(fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k" })))).toBe("NotFound 404");
    expect(await refusal(fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" })))).toBe("done");
  });

  it("drops its bytes when it is replaced or deleted", async () => {
    await using fixture = await bucketFixture();
    const { blobs } = fixture.cloud.storage;
    await fixture.put("k", "first");
    await fixture.put("k", "second");
    expect(() => blobs.read("b0")).toThrow("no blob");
    expect(String(blobs.read("b1"))).toBe("second");
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(() => blobs.read("b1")).toThrow("no blob");
  });

  it("refuses what is not there", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    const select = new SelectObjectContentCommand({
      Bucket,
      Key: "k",
      Expression: "select *",
      ExpressionType: "SQL",
      InputSerialization: { CSV: {} },
      OutputSerialization: { CSV: {} },
    });
    expect(await refusal(fixture.s3.send(select))).toBe("NotImplemented 501");
  });
});

describe("limits", () => {
  it.each<[string, object, string]>([
    ["a key of 1,024 bytes", { Key: "ü".repeat(512) }, "done"],
    ["a key of 1,025 bytes", { Key: `${"ü".repeat(512)}x` }, "KeyTooLongError 400"],
    ["metadata of 2,048 bytes", { Metadata: { a: "x".repeat(2047) } }, "done"],
    ["metadata of 2,049 bytes", { Metadata: { a: "x".repeat(2048) } }, "MetadataTooLarge 400"],
    ["ten tags", { Tagging: Array.from({ length: 10 }, (_, i) => `t${i}=1`).join("&") }, "done"],
    ["eleven tags", { Tagging: Array.from({ length: 11 }, (_, i) => `t${i}=1`).join("&") }, "BadRequest 400"],
    ["a tag twice", { Tagging: "a=1&a=2" }, "InvalidTag 400"],
    ["a tag with odd characters", { Tagging: "a=%3C" }, "InvalidTag 400"],
    ["a tag of AWS", { Tagging: "aws:x=1" }, "InvalidTag 400"],
    ["an unknown storage class", { StorageClass: "FREE" }, "InvalidStorageClass 400"],
    ["a redirect to nowhere", { WebsiteRedirectLocation: "ftp://x" }, "InvalidRedirectLocation 400"],
    ["a public ACL", { ACL: "public-read" }, "AccessControlListNotSupported 400"],
    ["the owner's ACL", { ACL: "bucket-owner-full-control" }, "done"],
    ["a lock", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: new Date() }, "InvalidRequest 400"],
    ["another MD5", { ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" }, "BadDigest 400"],
    ["no MD5 at all", { ContentMD5: "AAAA" }, "InvalidDigest 400"],
    ["a bucket of somebody else", { ExpectedBucketOwner: "999999999999" }, "AccessDenied 403"],
    ["a bucket that is not there", { Bucket: "absent" }, "NoSuchBucket 404"],
  ])("answer %s", async (_name, more, expected) => {
    await using fixture = await bucketFixture();
    expect(await refusal(fixture.put("k", "hello", more))).toBe(expected);
  });
});

describe("a range", () => {
  it.each([
    ["bytes=2-4", "234", "bytes 2-4/10", 206],
    ["bytes=7-", "789", "bytes 7-9/10", 206],
    ["bytes=-3", "789", "bytes 7-9/10", 206],
    ["bytes=-30", "0123456789", "bytes 0-9/10", 206],
    ["bytes=8-99", "89", "bytes 8-9/10", 206],
    ["bytes=5-2", "0123456789", undefined, 200],
    ["bytes=0-1,4-5", "0123456789", undefined, 200],
    ["items=0-1", "0123456789", undefined, 200],
  ])("of %s is %s", async (Range, text, contentRange, status) => {
    await using fixture = await bucketFixture();
    await fixture.put("k", "0123456789");
    const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key: "k", Range }));
    expect([await answer.Body?.transformToString(), answer.ContentRange, answer.$metadata.httpStatusCode]).toEqual([
      text,
      contentRange,
      status,
    ]);
    expect(answer.ContentLength).toBe(text.length);
  });

  it.each(["bytes=10-", "bytes=-0"])("of %s is refused", async (Range) => {
    await using fixture = await bucketFixture();
    await fixture.put("k", "0123456789");
    expect(await refusal(fixture.s3.send(new GetObjectCommand({ Bucket, Key: "k", Range })))).toBe("InvalidRange 416");
  });

  it("may be asked of the head alone", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k", "0123456789");
    const head = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k", Range: "bytes=0-3" }));
    expect(head).toMatchObject({ ContentLength: 4, ContentRange: "bytes 0-3/10" });
  });
});

describe("a condition", () => {
  const before = new Date("2030-01-07T11:59:59Z");
  const then = new Date("2030-01-07T12:00:00Z");

  it.each<[string, object, string]>([
    ["If-Match of its ETag", { IfMatch: `"${HELLO_MD5}"` }, "done"],
    ["If-Match of another", { IfMatch: '"x"' }, "PreconditionFailed 412"],
    ["If-Match that outranks a date", { IfMatch: HELLO_MD5, IfUnmodifiedSince: before }, "done"],
    ["If-None-Match of another", { IfNoneMatch: '"x"' }, "done"],
    ["If-None-Match of its ETag", { IfNoneMatch: `"x", "${HELLO_MD5}"` }, "304"],
    ["If-None-Match that outranks a date", { IfNoneMatch: '"x"', IfModifiedSince: then }, "done"],
    ["If-Modified-Since an earlier moment", { IfModifiedSince: before }, "done"],
    ["If-Modified-Since the same second", { IfModifiedSince: then }, "304"],
    ["If-Unmodified-Since the same second", { IfUnmodifiedSince: then }, "done"],
    ["If-Unmodified-Since an earlier moment", { IfUnmodifiedSince: before }, "PreconditionFailed 412"],
  ])("on a read: %s", async (_name, condition, expected) => {
    await using fixture = await bucketFixture();
    await fixture.cloud.clock.advance(400);
    await fixture.put("k");
    const answer = await refusal(fixture.s3.send(new GetObjectCommand({ Bucket, Key: "k", ...condition })));
    expect(answer).toContain(expected);
  });

  it.each<[string, string, object, string]>([
    ["a new key, expected to be new", "new", { IfNoneMatch: "*" }, "done"],
    ["a key that exists, expected to be new", "k", { IfNoneMatch: "*" }, "PreconditionFailed 412"],
    ["a key that exists, unchanged", "k", { IfMatch: `"${HELLO_MD5}"` }, "done"],
    ["a key that exists, changed", "k", { IfMatch: '"x"' }, "PreconditionFailed 412"],
    ["a new key, expected to be there", "new", { IfMatch: '"x"' }, "NoSuchKey 404"],
    ["something S3 does not know", "k", { IfNoneMatch: '"x"' }, "NotImplemented 501"],
  ])("on a write of %s", async (_name, key, condition, expected) => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    expect(await refusal(fixture.put(key, "new", condition))).toBe(expected);
  });

  it("on a delete keeps what has changed", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    const remove = (IfMatch: string) =>
      refusal(fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", IfMatch })));
    expect(await remove('"x"')).toBe("PreconditionFailed 412");
    expect(await remove(`"${HELLO_MD5}"`)).toBe("done");
    expect(await remove("*")).toBe("PreconditionFailed 412");
  });

  it("holds for one of many writers at the same moment", async () => {
    await using fixture = await bucketFixture();
    const writes = Array.from({ length: 8 }, (_, i) => refusal(fixture.put("k", `writer ${i}`, { IfNoneMatch: "*" })));
    const answers = await Promise.all(writes);
    expect(answers.filter((answer) => answer === "done")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "PreconditionFailed 412")).toHaveLength(7);
  });
});

describe("a copy", () => {
  it("keeps metadata and tags, unless they are replaced", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("from é+", "hello", { Metadata: { a: "1" }, Tagging: "t=1", ContentType: "text/plain" });
    const CopySource = encodeURIComponent(`${Bucket}/from é+`);
    const copied = await fixture.s3.send(new CopyObjectCommand({ Bucket, Key: "kept", CopySource }));
    expect(copied.CopyObjectResult).toMatchObject({
      ETag: `"${HELLO_MD5}"`,
      LastModified: new Date("2030-01-07T12:00:00Z"),
    });
    const kept = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "kept" }));
    expect(kept).toMatchObject({ Metadata: { a: "1" }, ContentType: "text/plain", TagCount: 1 });
    await fixture.s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: "replaced",
        CopySource,
        MetadataDirective: "REPLACE",
        Metadata: { b: "2" },
        TaggingDirective: "REPLACE",
      }),
    );
    const replaced = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "replaced" }));
    expect(replaced.Metadata).toEqual({ b: "2" });
    expect([replaced.TagCount, replaced.ContentType]).toEqual([undefined, "application/octet-stream"]);
  });

  it("onto itself must change something", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    const copy = (more: object) =>
      refusal(fixture.s3.send(new CopyObjectCommand({ Bucket, Key: "k", CopySource: `/${Bucket}/k`, ...more })));
    expect(await copy({})).toBe("InvalidRequest 400");
    expect(await copy({ MetadataDirective: "REPLACE", Metadata: { a: "1" } })).toBe("done");
    expect(await copy({ StorageClass: "STANDARD_IA" })).toBe("done");
  });

  it.each<[string, object, string]>([
    ["of nothing", { CopySource: `${Bucket}/absent` }, "NoSuchKey 404"],
    ["from an absent bucket", { CopySource: "absent/k" }, "NoSuchBucket 404"],
    ["without a key", { CopySource: Bucket }, "InvalidArgument 400"],
    ["of something else", { CopySource: `${Bucket}/k`, CopySourceIfMatch: '"x"' }, "PreconditionFailed 412"],
    ["of the same", { CopySource: `${Bucket}/k`, CopySourceIfNoneMatch: HELLO_MD5 }, "PreconditionFailed 412"],
  ])("%s is refused", async (_name, input, expected) => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    const CopySource = `${Bucket}/k`;
    const copy = new CopyObjectCommand({ Bucket, Key: "new", CopySource, ...input });
    expect(await refusal(fixture.s3.send(copy))).toBe(expected);
  });
});

describe("many deletions at once", () => {
  it("answer for each key", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("a");
    const answer = await fixture.s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: "a" }, { Key: "absent" }, { Key: "x".repeat(1025) }] },
      }),
    );
    expect(answer.Deleted).toEqual([{ Key: "a" }, { Key: "absent" }]);
    expect(answer.Errors).toMatchObject([{ Code: "KeyTooLongError", Message: "Your key is too long" }]);
  });

  it("answer only failures when they are to be quiet", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("a");
    const Objects = [{ Key: "a" }, { Key: "b", ETag: '"x"' }];
    const answer = await fixture.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Quiet: true, Objects } }));
    expect(answer.Deleted).toBeUndefined();
    expect(answer.Errors).toMatchObject([{ Key: "b", Code: "PreconditionFailed" }]);
  });

  it("are at least one and at most 1,000", async () => {
    await using fixture = await bucketFixture();
    const remove = (count: number) => {
      const Objects = Array.from({ length: count }, (_, i) => ({ Key: `k${i}` }));
      return refusal(fixture.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } })));
    };
    expect(await remove(0)).toBe("MalformedXML 400");
    expect(await remove(1000)).toBe("done");
    expect(await remove(1001)).toBe("MalformedXML 400");
  });
});

describe("tags", () => {
  it("are replaced as a whole, and taken away", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k", "hello", { Tagging: "a=1" });
    const tags = async () => (await fixture.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "k" }))).TagSet;
    const TagSet = [
      { Key: "z", Value: "" },
      { Key: "b", Value: "2" },
    ];
    await fixture.s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet } }));
    expect(await tags()).toEqual(TagSet.toReversed());
    await fixture.s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "k" }));
    expect(await tags()).toEqual([]);
    expect(await refusal(fixture.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "x" })))).toBe("NoSuchKey 404");
  });
});

describe("attributes", () => {
  it("are answered as far as they are asked for", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k", "hello", { ChecksumAlgorithm: "SHA256" });
    const answer = await fixture.s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: "k", ObjectAttributes: ["ETag", "ObjectSize", "Checksum"] }),
    );
    expect(answer).toMatchObject({
      ETag: HELLO_MD5,
      ObjectSize: 5,
      Checksum: {
        ChecksumSHA256: "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
        ChecksumType: "FULL_OBJECT",
      },
    });
    expect([answer.StorageClass, answer.ObjectParts]).toEqual([undefined, undefined]);
  });
});
