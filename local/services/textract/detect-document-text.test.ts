import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DetectDocumentTextCommand, TextractClient } from "@aws-sdk/client-textract";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../testing.ts";
import { pdfOf, pictureOf, scanOf } from "./pages-fixture.ts";

let cloud: TestCloud;
let textract: TextractClient;
beforeAll(async () => {
  cloud = await testCloud();
  textract = cloud.client(TextractClient);
});
afterAll(() => cloud.stop());

const detect = async (Bytes: Uint8Array) =>
  (await textract.send(new DetectDocumentTextCommand({ Document: { Bytes } }))).Blocks ?? [];
const linesIn = (blocks: Awaited<ReturnType<typeof detect>>) =>
  blocks.filter(({ BlockType }) => BlockType === "LINE").map(({ Text }) => Text);

describe("the text of a digital PDF", () => {
  it("comes as lines and words with their places, columns apart", async () => {
    const blocks = await detect(
      await pdfOf([
        ["Invoice 4711", 50, 100, 20],
        ["Total due", 50, 200],
        ["$1,234.56", 400, 200],
      ]),
    );
    expect(linesIn(blocks)).toEqual(["Invoice 4711", "Total due", "$1,234.56"]);
    const [page, line] = blocks;
    expect(page).toMatchObject({ BlockType: "PAGE", Geometry: { BoundingBox: { Width: 1, Height: 1 } } });
    expect(page?.Relationships?.[0]).toMatchObject({ Type: "CHILD", Ids: { length: 3 } });
    const words = blocks.filter(({ Id = "" }) => line?.Relationships?.[0]?.Ids?.includes(Id));
    expect(words.map(({ Text, TextType }) => [Text, TextType])).toEqual([
      ["Invoice", "PRINTED"],
      ["4711", "PRINTED"],
    ]);
    const { Left = 0, Top = 0, Height = 0 } = line?.Geometry?.BoundingBox ?? {};
    expect(Left).toBeCloseTo(50 / 595, 2);
    expect(Top + Height).toBeCloseTo(104 / 842, 1);
    expect(line?.Geometry?.Polygon).toHaveLength(4);
    expect(line?.Confidence).toBeGreaterThan(99);
  });

  it("is only the page when the page is blank", async () => {
    const blocks = await detect(await pdfOf([]));
    expect(blocks).toHaveLength(1);
    expect(blocks[0]?.Relationships).toBeUndefined();
  });
});

describe("the text of a picture", () => {
  it.each(["png", "jpeg", "tiff"] as const)("is recognised in a %s", async (format) => {
    const blocks = await detect(await pictureOf(["Make checks payable to: Acme Power", "Please pay 99.50"], format));
    expect(linesIn(blocks)).toEqual(["Make checks payable to: Acme Power", "Please pay 99.50"]);
    expect(blocks.find(({ BlockType }) => BlockType === "WORD")?.Confidence).toBeGreaterThan(80);
  });

  it("is read as the picture is meant to be seen", async () => {
    const turned = await sharp(await pictureOf(["Turned by its orientation"]))
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(linesIn(await detect(turned))).toEqual(["Turned by its orientation"]);
  });

  it("is recognised on a scanned page of a PDF", async () => {
    const scan = await scanOf(await pictureOf(["A scanned page", "without any text of its own"]));
    expect(linesIn(await detect(scan))).toEqual(["A scanned page", "without any text of its own"]);
  });

  it("is nothing in an empty picture", async () => {
    const empty = sharp({ create: { width: 400, height: 300, channels: 3, background: "#fff" } });
    expect(linesIn(await detect(await empty.png().toBuffer()))).toEqual([]);
  });
});

describe("an object", () => {
  it("is read when the caller can read it", async () => {
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: "scans" }));
    await s3.send(new PutObjectCommand({ Bucket: "scans", Key: "a.pdf", Body: await pdfOf([["Hello", 50, 50]]) }));
    const ask = (Name: string) =>
      textract.send(new DetectDocumentTextCommand({ Document: { S3Object: { Bucket: "scans", Name } } }));
    expect((await ask("a.pdf")).Blocks?.map(({ Text }) => Text)).toContain("Hello");
    await expect(ask("b.pdf")).rejects.toMatchObject({ name: "InvalidS3ObjectException" });
  });
});

describe("what is refused", () => {
  it.each([
    ["no document", () => undefined, "InvalidParameterException"],
    ["text", () => Buffer.from("hello"), "UnsupportedDocumentException"],
    ["a PDF of two pages", () => pdfOf([], []), "UnsupportedDocumentException"],
    ["a PDF that is none", () => Buffer.from("%PDF-1.7\nhello"), "BadDocumentException"],
    ["a JPEG that breaks off", () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]), "BadDocumentException"],
    ["more than 10 MB", () => Buffer.alloc(10 * 1024 * 1024 + 1, "%PDF-"), "DocumentTooLargeException"],
    [
      "a picture of more than 10000 pixels",
      () =>
        sharp({ create: { width: 10_001, height: 10, channels: 3, background: "#fff" } })
          .png()
          .toBuffer(),
      "BadDocumentException",
    ],
  ])("%s", async (_name, make, name) => {
    const bytes = await make();
    await expect(
      textract.send(new DetectDocumentTextCommand({ Document: bytes ? { Bytes: bytes } : {} })),
    ).rejects.toMatchObject({ name });
  });
});
