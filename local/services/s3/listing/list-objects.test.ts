import {
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { BUCKET as Bucket, bucketFixture, refusal } from "../testing/s3-fixture.ts";

const keysOf = (page: Pick<ListObjectsV2CommandOutput, "Contents">) => page.Contents?.map(({ Key }) => Key);

describe("a listing", () => {
  it("has keys in order, with what is known of each", async () => {
    await using fixture = await bucketFixture();
    for (const key of ["b", "a/2", "a/1", "ü"]) await fixture.put(key);
    const page = await fixture.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(keysOf(page)).toEqual(["a/1", "a/2", "b", "ü"]);
    expect(page).toMatchObject({ Name: Bucket, KeyCount: 4, MaxKeys: 1000, IsTruncated: false, Prefix: "" });
    expect(page.Contents?.[0]).toEqual({
      Key: "a/1",
      LastModified: new Date("2030-01-07T12:00:00Z"),
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      Size: 5,
      StorageClass: "STANDARD",
      ChecksumAlgorithm: ["CRC32"],
      ChecksumType: "FULL_OBJECT",
    });
  });

  it("folds keys at a delimiter, behind a prefix", async () => {
    await using fixture = await bucketFixture();
    for (const key of ["in/a", "in/x/1", "in/x/2", "in/y/1", "out/1"]) await fixture.put(key);
    const page = await fixture.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "in/", Delimiter: "/" }));
    expect(keysOf(page)).toEqual(["in/a"]);
    expect(page.CommonPrefixes).toEqual([{ Prefix: "in/x/" }, { Prefix: "in/y/" }]);
    expect(page.KeyCount).toBe(3);
  });

  it("goes on where the page before ended", async () => {
    await using fixture = await bucketFixture();
    const names = Array.from({ length: 7 }, (_, i) => `k${i}`);
    for (const key of names) await fixture.put(key);
    const found: (string | undefined)[] = [];
    const sizes: number[] = [];
    for await (const page of paginateListObjectsV2({ client: fixture.s3, pageSize: 3 }, { Bucket })) {
      found.push(...(keysOf(page) ?? []));
      sizes.push(page.KeyCount ?? 0);
    }
    expect([found, sizes]).toEqual([names, [3, 3, 1]]);
  });

  it("begins behind a key, owns what it lists, and hides deleted objects", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    for (const key of ["a", "b", "c", "d"]) await fixture.put(key);
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "c" }));
    const page = await fixture.s3.send(new ListObjectsV2Command({ Bucket, StartAfter: "a", FetchOwner: true }));
    expect(keysOf(page)).toEqual(["b", "d"]);
    expect(page.Contents?.[0]?.Owner).toEqual({ ID: "123456789012" });
    expect(page.StartAfter).toBe("a");
  });

  it("of the first kind names its next marker only when it folds", async () => {
    await using fixture = await bucketFixture();
    for (const key of ["a/1", "a/2", "b/1", "c"]) await fixture.put(key);
    const plain = await fixture.s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 1 }));
    expect([keysOf(plain), plain.IsTruncated, plain.NextMarker]).toEqual([["a/1"], true, undefined]);
    const folded = await fixture.s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 1, Delimiter: "/" }));
    expect([folded.CommonPrefixes, folded.NextMarker]).toEqual([[{ Prefix: "a/" }], "a/"]);
    const next = await fixture.s3.send(new ListObjectsCommand({ Bucket, Delimiter: "/", Marker: "a/" }));
    expect([next.CommonPrefixes, keysOf(next), next.IsTruncated]).toEqual([[{ Prefix: "b/" }], ["c"], false]);
  });

  it("may be URL-encoded", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("a b/ü&<");
    const page = await fixture.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: "a b", EncodingType: "url", Delimiter: "&" }),
    );
    expect(page).toMatchObject({
      Prefix: "a+b",
      Delimiter: "%26",
      EncodingType: "url",
      CommonPrefixes: [{ Prefix: "a+b/%C3%BC%26" }],
    });
  });

  it.each<[string, object, string]>([
    ["no keys at all", { MaxKeys: 0 }, "done"],
    ["fewer than none", { MaxKeys: -1 }, "InvalidArgument 400"],
    ["a token that is none", { ContinuationToken: "nonsense" }, "InvalidArgument 400"],
    ["another encoding", { EncodingType: "base64" }, "InvalidArgument 400"],
    ["an absent bucket", { Bucket: "absent" }, "NoSuchBucket 404"],
  ])("of %s is answered", async (_name, input, expected) => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    expect(await refusal(fixture.s3.send(new ListObjectsV2Command({ Bucket, ...input })))).toBe(expected);
  });

  it("never has more than 1,000 keys, and takes no longer among 100,000", async () => {
    await using fixture = await bucketFixture();
    const { cloud } = fixture;
    for (let i = 0; i < 100_000; i++) {
      const Key = `k${String((i * 7919) % 100_000).padStart(6, "0")}`;
      await cloud.call("s3", "PutObject", { Bucket, Key, Body: "x" }, ACCOUNT);
    }
    const input = { Bucket, MaxKeys: 5000, StartAfter: "k050000" };
    const took: number[] = [];
    for (let i = 0; i < 20; i++) {
      const began = performance.now();
      const page = await cloud.call("s3", "ListObjectsV2", input, ACCOUNT);
      expect([page.KeyCount, page.MaxKeys, page.Contents?.[0]?.Key]).toEqual([1000, 1000, "k050001"]);
      took.push(performance.now() - began);
    }
    // Sorting all keys at each call takes 50 ms or more; a page takes about one. The quickest: others may use the machine.
    expect(Math.min(...took)).toBeLessThan(25);
  });
});
