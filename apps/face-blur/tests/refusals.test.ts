import { PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { type Gallery, galleryOf } from "./gallery.ts";
import { landscape, photograph, pngBomb, portrait, withChunk } from "./pictures.ts";

/** With what the template says by itself. */
let app: LocalApp;
let gallery: Gallery;
beforeAll(async () => {
  app = await deploy("face-blur");
  gallery = galleryOf(app);
});
afterEach(() => app.messages("DeadLetters"));
afterAll(() => app[Symbol.asyncDispose]());

/** Another gallery, with parameters. */
async function galleryWith(parameters: Readonly<Record<string, string>>) {
  const app = await deploy("face-blur", { parameters });
  return { ...galleryOf(app), app, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

const animated = async () => {
  const frames = await Promise.all([1, 2].map((seed) => landscape(20, 20, seed).png().toBuffer()));
  return sharp(frames, { join: { animated: true } });
};

describe("what cannot be checked", () => {
  it("is put aside at once with its reason, and never published", async () => {
    const uploads: readonly [key: string, bytes: Buffer, reason: RegExp][] = [
      [
        "drawing.jpg",
        Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`),
        /^PictureUnsupported: /,
      ],
      ["moving.png", await animated().then((picture) => picture.gif().toBuffer()), /^PictureUnsupported: /],
      [
        "moving.webp",
        await animated().then((picture) => picture.webp().toBuffer()),
        /^PictureAnimated: It has more than one frame/,
      ],
      [
        "moving too.png",
        withChunk(await landscape().png().toBuffer(), "acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])),
        /^PictureAnimated: /,
      ],
      ["bomb.png", pngBomb(20_000), /pixel/],
      ["broken.jpg", photograph(1).subarray(0, 90_000), /^PictureBroken: It cannot be decoded: /],
      ["empty.jpg", Buffer.alloc(0), /^PictureUnsupported: /],
      ["a\nb.jpg", await landscape().jpeg().toBuffer(), /^KeyRefused: The key holds control characters/],
      ["%2e%2e/c.jpg", await landscape().jpeg().toBuffer(), /^KeyRefused: The key holds \. or \.\. as a folder/],
    ];
    const before = await gallery.logged("record put aside");
    for (const [key, bytes, expected] of uploads) {
      await gallery.upload(key, bytes);
      expect({ [key]: await gallery.reasons() }).toEqual({ [key]: [expect.stringMatching(expected)] });
    }
    const made = [...(await gallery.publishedKeys()), ...(await gallery.reportKeys())];
    expect(made.filter((name) => uploads.some(([key]) => name.startsWith(key)))).toEqual([]);
    // Each was tried once, and no log line was broken by a key.
    expect(await gallery.logged("record put aside")).toHaveLength(before.length + uploads.length);
    const own = (await app.logs("BlurFaces")).filter(({ message }) => !message.startsWith("REPORT "));
    expect(own.filter(({ message }) => message.includes("\n"))).toEqual([]);
  });

  it("is also a picture larger than the function is made for", async () => {
    await using other = await galleryWith({ MostBytes: "5000", MostPixels: "50000" });
    await other.upload("heavy.jpg", await portrait());
    expect(await other.reasons()).toEqual([expect.stringMatching(/^PictureTooLarge: \d+ bytes, more than 5000$/)]);
    await other.upload(
      "wide.png",
      await sharp({ create: { width: 300, height: 200, channels: 3, background: "red" } })
        .png()
        .toBuffer(),
    );
    expect(await other.reasons()).toEqual(["PictureTooLarge: 300 × 200 pixels, more than 50000"]);
    expect(await other.publishedKeys()).toEqual([]);
  });

  it("does not stop what comes behind it", async () => {
    await gallery.put("bad.jpg", Buffer.from("no picture"));
    await gallery.put("good.jpg", await landscape().jpeg().toBuffer());
    await app.settle();
    const published = await gallery.publishedKeys();
    expect(published.filter((key) => /^(good|bad)/.test(key))).toEqual(["good.jpg"]);
  });
});

describe("what a parameter asks for", () => {
  it("covers faces with grey", async () => {
    await using other = await galleryWith({ Method: "fill" });
    await other.upload(
      "a.png",
      await sharp(await portrait())
        .png()
        .toBuffer(),
    );
    const { bytes } = await other.published("a.png");
    const [face] = await other.faces(await portrait());
    const { Left = 0, Top = 0, Width = 0, Height = 0 } = face?.BoundingBox ?? {};
    const region = await sharp(bytes)
      .extract({
        left: Math.ceil(Left * 600),
        top: Math.ceil(Top * 600),
        width: Math.floor(Width * 600) - 1,
        height: Math.floor(Height * 600) - 1,
      })
      .raw()
      .toBuffer();
    expect(new Set(region)).toEqual(new Set([0x80]));
  });

  it("blurs squares, which the detector does not take for a face either", async () => {
    await using other = await galleryWith({ Method: "blur" });
    const versionId = await other.upload("a.jpg", await portrait());
    expect(await other.report("a.jpg", versionId)).toMatchObject({ method: "blur", count: 1 });
    const { bytes } = await other.published("a.jpg");
    expect((await other.faces(bytes)).filter(({ Confidence = 0 }) => Confidence >= 60)).toEqual([]);
  });

  it("keeps pictures without faces back", async () => {
    await using other = await galleryWith({ PublishWithoutFaces: "false" });
    const versionId = await other.upload("sea.jpg", await landscape().jpeg().toBuffer());
    await other.upload("me.jpg", await portrait());
    expect(await other.publishedKeys()).toEqual(["me.jpg"]);
    expect(await other.report("sea.jpg", versionId)).toMatchObject({ outcome: "withheld", count: 0 });
    expect(await other.reasons()).toEqual([]);
  });

  it("leaves doubtful faces uncovered, and reports them", async () => {
    await using other = await galleryWith({ LeastConfidence: "60" });
    const versionId = await other.upload("a.jpg", photograph(5));
    const report = await other.report("a.jpg", versionId);
    expect(report.faces.every(({ confidence }) => confidence >= 60)).toBe(true);
    expect(report.doubtful.length).toBeGreaterThan(0);
  });

  it("finds small faces of a large picture", async () => {
    const face = await sharp(await portrait())
      .resize(400, 400)
      .toBuffer();
    const large = await sharp({ create: { width: 3_600, height: 800, channels: 3, background: "#7a8a6a" } })
      .composite([{ input: face, left: 2_880, top: 300 }])
      .jpeg({ quality: 95 })
      .toBuffer();
    const missed = await gallery.report("large.jpg", await gallery.upload("large.jpg", large));
    await using other = await galleryWith({ FindSmallFaces: "true" });
    const found = await other.report("large.jpg", await other.upload("large.jpg", large));
    expect([missed.count, found.count]).toEqual([0, 1]);
    expect([missed.looks, found.looks]).toEqual([1, 4]);
  });

  it.each([
    ["Method", "gauss"],
    ["Squares", "9"],
    ["LeastConfidence", "100"],
    ["MaximumConcurrency", "1"],
  ])("is refused when %s is %s", async (name, value) => {
    await expect(deploy("face-blur", { parameters: { [name]: value } })).rejects.toThrow(name);
  });

  it("may be a key, a boundary and a path for the role, a dashboard and a mail address", async () => {
    await using other = await galleryWith({
      KmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
      PermissionsBoundaryArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      RolePath: "/apps/",
      Dashboard: "true",
      AlarmEmail: "ops@example.com",
      KeepUploadsDays: "7",
    });
    expect(other.app.warnings).toEqual([]);
    await other.upload("a.jpg", await landscape().jpeg().toBuffer());
    expect(await other.publishedKeys()).toEqual(["a.jpg"]);
    expect((await other.published("a.jpg")).ServerSideEncryption).toBe("aws:kms");
  });
});

it("takes uploads to a bucket whose versions were suspended", async () => {
  const versions = (Status: "Enabled" | "Suspended") =>
    app
      .client(S3Client)
      .send(
        new PutBucketVersioningCommand({ Bucket: app.resource("SourceBucket"), VersioningConfiguration: { Status } }),
      );
  await versions("Suspended");
  await gallery.upload("suspended.jpg", await landscape().jpeg().toBuffer());
  await versions("Enabled");
  expect(await gallery.isPublished("suspended.jpg")).toBe(true);
});
