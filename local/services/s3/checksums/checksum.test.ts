import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUCKET as Bucket, bucketFixture, refusal } from "../testing/s3-fixture.ts";
import { type Algorithm, digest } from "./checksum.ts";

// The check values of the catalogue of CRC algorithms, and the digests of the standards, for "123456789".
const DIGITS = Buffer.from("123456789");
const hex = (algorithm: Algorithm) => Buffer.from(digest(algorithm, [DIGITS]), "base64").toString("hex");

describe("a digest", () => {
  it.each<[Algorithm, string]>([
    ["CRC32", "cbf43926"],
    ["CRC32C", "e3069283"],
    ["CRC64NVME", "ae8b14860a799888"],
    ["MD5", "25f9e794323b453885f5181f1b624d0b"],
    ["SHA1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"],
    ["SHA256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"],
  ])("by %s is that of the standard", (algorithm, expected) => {
    expect(hex(algorithm)).toBe(expected);
  });

  it("is the same in pieces as in one", () => {
    const algorithms = fc.constantFrom<Algorithm>("CRC32", "CRC32C", "CRC64NVME", "SHA256");
    fc.assert(
      fc.property(algorithms, fc.uint8Array({ maxLength: 64 }), fc.nat(64), (algorithm, bytes, cut) => {
        expect(digest(algorithm, [bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(digest(algorithm, [bytes]));
      }),
    );
  });
});

describe("a checksum", () => {
  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "by %s is checked, kept and answered when asked for",
    async (algorithm) => {
      await using fixture = await bucketFixture();
      const name = `Checksum${algorithm}` as const;
      const right = digest(algorithm, [Buffer.from("hello")]);
      const put = (value: string) =>
        fixture.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "hello", [name]: value }));
      expect(await refusal(put(digest(algorithm, [DIGITS])))).toBe("BadDigest 400");
      expect(await refusal(put("bm9uZQ"))).toBe("InvalidRequest 400");
      expect((await put(right))[name]).toBe(right);
      const head = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" }));
      expect([head[name], head.ChecksumType]).toEqual([right, "FULL_OBJECT"]);
      const silent = await fetch(`${fixture.cloud.endpoint}/${Bucket}/k`, { method: "HEAD", headers: signedHeaders });
      expect(silent.headers.get(`x-amz-checksum-${algorithm.toLowerCase()}`)).toBeNull();
    },
  );

  it("is not that of a range", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k", "hello");
    const part = await fixture.s3.send(
      new GetObjectCommand({ Bucket, Key: "k", Range: "bytes=0-1", ChecksumMode: "ENABLED" }),
    );
    expect([await part.Body?.transformToString(), part.ChecksumCRC32]).toEqual(["he", undefined]);
  });

  it("by an algorithm that is not there is refused", async () => {
    await using fixture = await bucketFixture();
    const put = fixture.cloud.call(
      "s3",
      "PutObject",
      { Bucket, Key: "k", Body: "x", ChecksumAlgorithm: "XXHASH3" },
      { kind: "account" },
    );
    await expect(put).rejects.toMatchObject({ name: "NotImplemented" });
  });
});

/** The account's key in a signature that nobody checks. */
const signedHeaders = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=AKIALOCALACCOUNT0000/20300107/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
};
