import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { describe, expect, it } from "vitest";
import { BUCKET as Bucket, bucketFixture, type Fixture, refusal } from "../testing/s3-fixture.ts";

const MIB = 1024 * 1024;
const Key = "big";

async function begin({ s3 }: Fixture, more: object = {}): Promise<string> {
  const { UploadId = "" } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return UploadId;
}

async function part({ s3 }: Fixture, UploadId: string, PartNumber: number, Body: Buffer | string) {
  const answer = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { PartNumber, ...(answer.ETag && { ETag: answer.ETag }) };
}

const complete = ({ s3 }: Fixture, UploadId: string, Parts: CompletedPart[], more: object = {}) =>
  s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));

const five = (letter: string) => Buffer.alloc(5 * MIB, letter);

describe("a multipart upload", () => {
  it("becomes one object with the ETag of its parts", async () => {
    await using fixture = await bucketFixture();
    const id = await begin(fixture, { ContentType: "text/plain", Metadata: { a: "1" }, Tagging: "t=1" });
    expect(await refusal(fixture.s3.send(new GetObjectCommand({ Bucket, Key })))).toBe("NoSuchKey 404");
    const parts = [await part(fixture, id, 1, five("a")), await part(fixture, id, 2, "end")];
    const done = await complete(fixture, id, parts);
    const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest();
    const etag = md5(Buffer.concat([md5(five("a")), md5(Buffer.from("end"))])).toString("hex");
    expect(done).toMatchObject({ ETag: `"${etag}-2"`, Bucket, Key });
    const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([five("a"), Buffer.from("end")]))).toBe(true);
    expect(answer).toMatchObject({
      ContentType: "text/plain",
      Metadata: { a: "1" },
      TagCount: 1,
      ContentLength: 5 * MIB + 3,
    });
  });

  it("is read across parts, and part by part", async () => {
    await using fixture = await bucketFixture();
    const id = await begin(fixture);
    await complete(fixture, id, [await part(fixture, id, 1, five("a")), await part(fixture, id, 2, "bcd")]);
    const get = (input: object) => fixture.s3.send(new GetObjectCommand({ Bucket, Key, ...input }));
    const across = await get({ Range: `bytes=${5 * MIB - 2}-${5 * MIB + 1}` });
    expect(await across.Body?.transformToString()).toBe("aabc");
    const second = await get({ PartNumber: 2 });
    expect(second).toMatchObject({
      PartsCount: 2,
      ContentLength: 3,
      ContentRange: `bytes ${5 * MIB}-${5 * MIB + 2}/${5 * MIB + 3}`,
      $metadata: { httpStatusCode: 206 },
    });
    expect(await second.Body?.transformToString()).toBe("bcd");
    expect(await refusal(get({ PartNumber: 3 }))).toBe("InvalidPartNumber 416");
    expect(await refusal(get({ PartNumber: 1, Range: "bytes=0-1" }))).toBe("InvalidRequest 400");
  });

  it("works for the SDK's uploader, whatever the number of parts at once", async () => {
    await using fixture = await bucketFixture();
    const Body = Buffer.concat([five("a"), five("b"), Buffer.from("c")]);
    await new Upload({ client: fixture.s3, params: { Bucket, Key, Body }, partSize: 5 * MIB, queueSize: 4 }).done();
    const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
    const { ObjectParts, Checksum } = await fixture.s3.send(
      new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ["ObjectParts", "Checksum"] }),
    );
    expect(ObjectParts).toMatchObject({
      TotalPartsCount: 3,
      Parts: [{ PartNumber: 1, Size: 5 * MIB }, {}, { Size: 1 }],
    });
    expect(Checksum).toMatchObject({ ChecksumCRC32: expect.stringMatching(/-3$/), ChecksumType: "COMPOSITE" });
  });

  it("may have one checksum of the whole", async () => {
    await using fixture = await bucketFixture();
    const id = await begin(fixture, { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const parts = [await part(fixture, id, 1, five("a")), await part(fixture, id, 2, "end")];
    expect(await refusal(complete(fixture, id, parts, { ChecksumCRC32: "AAAAAA==" }))).toBe("BadDigest 400");
    const { ChecksumCRC32, ChecksumType } = await complete(fixture, id, parts);
    await fixture.put("whole", `${five("a").toString()}end`);
    const whole = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "whole", ChecksumMode: "ENABLED" }));
    expect([ChecksumCRC32, ChecksumType]).toEqual([whole.ChecksumCRC32, "FULL_OBJECT"]);
  });

  it("takes the last of several uploads of one part, and drops what is not used", async () => {
    await using fixture = await bucketFixture();
    const id = await begin(fixture);
    await part(fixture, id, 1, "first");
    await part(fixture, id, 9, "unused");
    const again = await part(fixture, id, 1, "second");
    const { Parts } = await fixture.s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id }));
    expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 6],
      [9, 6],
    ]);
    await complete(fixture, id, [again]);
    const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await answer.Body?.transformToString()).toBe("second");
    const { blobs } = fixture.cloud.storage;
    expect(() => blobs.read("b0")).toThrow("no blob");
    expect(() => blobs.read("b1")).toThrow("no blob");
  });

  it("copies parts from objects", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("source", "0123456789");
    const id = await begin(fixture);
    const copy = (PartNumber: number, CopySourceRange?: string) =>
      fixture.s3.send(
        new UploadPartCopyCommand({
          Bucket,
          Key,
          UploadId: id,
          PartNumber,
          CopySource: `${Bucket}/source`,
          ...(CopySourceRange && { CopySourceRange }),
        }),
      );
    expect(await refusal(copy(1, "bytes=8-10"))).toBe("InvalidArgument 400");
    const { CopyPartResult } = await copy(1, "bytes=2-4");
    await complete(fixture, id, [{ PartNumber: 1, ...(CopyPartResult?.ETag && { ETag: CopyPartResult.ETag }) }]);
    const answer = await fixture.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await answer.Body?.transformToString()).toBe("234");
  });

  it("may be completed on a condition", async () => {
    await using fixture = await bucketFixture();
    await fixture.put(Key);
    const id = await begin(fixture);
    const parts = [await part(fixture, id, 1, "x")];
    expect(await refusal(complete(fixture, id, parts, { IfNoneMatch: "*" }))).toBe("PreconditionFailed 412");
    expect(await refusal(complete(fixture, id, parts))).toBe("done");
  });

  it("is over when it is completed or aborted", async () => {
    await using fixture = await bucketFixture();
    const id = await begin(fixture);
    const parts = [await part(fixture, id, 1, "x")];
    await fixture.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: id }));
    expect(await refusal(complete(fixture, id, parts))).toBe("NoSuchUpload 404");
    expect(await refusal(part(fixture, id, 2, "x"))).toBe("NoSuchUpload 404");
  });
});

describe("completing", () => {
  it.each<[string, (parts: CompletedPart[]) => CompletedPart[], string]>([
    ["nothing", () => [], "MalformedXML 400"],
    ["in another order", (parts) => parts.toReversed(), "InvalidPartOrder 400"],
    ["a part twice", ([first = {}]) => [first, first], "InvalidPartOrder 400"],
    ["a part that is not there", () => [{ PartNumber: 7, ETag: '"x"' }], "InvalidPart 400"],
    ["a part of another content", () => [{ PartNumber: 1, ETag: '"x"' }], "InvalidPart 400"],
    ["a small part before the last", (parts) => parts, "EntityTooSmall 400"],
    ["the last part alone", (parts) => parts.slice(1), "done"],
  ])("%s is answered", async (_name, choose, expected) => {
    await using fixture = await bucketFixture();
    const id = await begin(fixture);
    const parts = [await part(fixture, id, 1, "small"), await part(fixture, id, 2, "end")];
    expect(await refusal(complete(fixture, id, choose(parts)))).toBe(expected);
  });

  it("refuses another size, part numbers out of range and checksums of another kind", async () => {
    await using fixture = await bucketFixture();
    const id = await begin(fixture, { ChecksumAlgorithm: "SHA256" });
    const put = (PartNumber: number, more: object = {}) =>
      fixture.s3.send(new UploadPartCommand({ Bucket, Key, UploadId: id, PartNumber, Body: "x", ...more }));
    expect(await refusal(put(0))).toBe("InvalidArgument 400");
    expect(await refusal(put(10_001))).toBe("InvalidArgument 400");
    expect(await refusal(put(1, { ChecksumCRC32: "AAAAAA==" }))).toBe("InvalidRequest 400");
    const { ETag = "", ChecksumSHA256 = "" } = await put(1, { ChecksumAlgorithm: "SHA256" });
    const parts = [{ PartNumber: 1, ETag, ChecksumSHA256 }];
    expect(await refusal(complete(fixture, id, [{ PartNumber: 1, ETag }]))).toBe("InvalidRequest 400");
    expect(await refusal(complete(fixture, id, parts, { MpuObjectSize: 2 }))).toBe("InvalidRequest 400");
    expect((await complete(fixture, id, parts, { MpuObjectSize: 1 })).ChecksumSHA256).toMatch(/-1$/);
  });

  it("needs a kind of checksum that exists", async () => {
    await using fixture = await bucketFixture();
    expect(await refusal(begin(fixture, { ChecksumAlgorithm: "SHA256", ChecksumType: "FULL_OBJECT" }))).toBe(
      "InvalidRequest 400",
    );
  });
});

describe("open uploads", () => {
  it("are listed by key, page by page", async () => {
    await using fixture = await bucketFixture();
    for (const key of ["b", "a/1", "a/1", "a/2"]) await begin(fixture, { Key: key });
    const list = (input: object) => fixture.s3.send(new ListMultipartUploadsCommand({ Bucket, ...input }));
    const found: (string | undefined)[] = [];
    let markers: object = {};
    for (;;) {
      const page = await list({ MaxUploads: 1, ...markers });
      found.push(...(page.Uploads?.map(({ Key: key, UploadId }) => `${key} ${UploadId}`) ?? []));
      if (!page.IsTruncated) break;
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
    expect(found.map((entry) => entry?.split(" ")[0])).toEqual(["a/1", "a/1", "a/2", "b"]);
    expect(new Set(found).size).toBe(4);
    const folded = await list({ Delimiter: "/" });
    expect([folded.CommonPrefixes, folded.Uploads?.length]).toEqual([[{ Prefix: "a/" }], 1]);
  });

  it("list their parts page by page", async () => {
    await using fixture = await bucketFixture();
    const id = await begin(fixture);
    for (const number of [1, 3, 5]) await part(fixture, id, number, "x");
    const first = await fixture.s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id, MaxParts: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "3" });
    const second = await fixture.s3.send(
      new ListPartsCommand({ Bucket, Key, UploadId: id, PartNumberMarker: first.NextPartNumberMarker }),
    );
    expect(second.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([5]);
  });
});
