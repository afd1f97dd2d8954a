import type { FaceDetail } from "@aws-sdk/client-rekognition";
import { GetObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { sharedBy, type Size } from "../src/faces/views.ts";
import { type Gallery, galleryOf } from "./gallery.ts";
import {
  detail,
  difference,
  landscape,
  mosaic,
  photograph,
  pixelsOf,
  portrait,
  secretsIn,
  stored,
  talkative,
} from "./pictures.ts";

let app: LocalApp;
let gallery: Gallery;
beforeAll(async () => {
  app = await deploy("face-blur");
  gallery = galleryOf(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("is deployed without warnings", () => expect(app.warnings).toEqual([]));

const placeOf = (
  { BoundingBox: { Left = 0, Top = 0, Width = 0, Height = 0 } = {} }: FaceDetail,
  { width, height }: Size,
) => ({
  left: Left * width,
  top: Top * height,
  width: Width * width,
  height: Height * height,
});

describe("a photograph of several people", () => {
  it.each([1, 3, 5, 6])("number %d shows no face any more, and all the rest of it", async (number) => {
    const key = `trips/group ${number}.JPG`;
    const before = photograph(number);
    const known = await gallery.faces(before);
    const versionId = await gallery.upload(key, before, { ContentType: "image/jpeg" });
    const { bytes } = await gallery.published(key);

    const [old, now] = await Promise.all([pixelsOf(before), pixelsOf(bytes)]);
    expect(now.info).toMatchObject({ width: old.info.width, height: old.info.height });
    const { width, height } = now.info;
    const places = known.map((face) => placeOf(face, now.info));

    // The detector does not find them again.
    const again = (await gallery.faces(bytes)).filter((face) =>
      places.some((place) => sharedBy(place, placeOf(face, now.info)) > 0.2),
    );
    expect(again.filter(({ Confidence = 0 }) => Confidence >= 60)).toEqual([]);
    // Nothing of their detail is left: within a square hardly anything changes from one pixel to the next.
    for (const place of places) {
      expect(detail(now, place)).toBeLessThan(detail(old, place) / 2);
      expect(detail(now, place)).toBeLessThan(3);
    }
    // The rest is as it was, but for the losses of JPEG.
    const report = await gallery.report(key, versionId);
    expect(report).toMatchObject({ outcome: "covered", count: known.length, width, height, method: "pixelate" });
    const isCovered = (x: number, y: number) =>
      report.faces.some(({ left, top, width, height, radiusX = 0, radiusY = 0 }) => {
        const [right, down] = [(x - left - width / 2) / (radiusX + 17), (y - top - height / 2) / (radiusY + 17)];
        return right * right + down * down < 1;
      });
    let [sum, count] = [0, 0];
    for (let y = 0; y < height; y += 7) {
      for (let x = 0; x < width; x += 7) {
        if (isCovered(x, y)) continue;
        const at = (y * width + x) * 3;
        sum += Math.abs((old.data[at] ?? 0) - (now.data[at] ?? 0));
        count += 1;
      }
    }
    expect(sum / count).toBeLessThan(3);
    expect(count).toBeGreaterThan(10_000);
  });
});

describe("a picture that its EXIF data turns", () => {
  it("is upright when it is published, and its face is covered, in all eight orientations", async () => {
    const upright = await mosaic();
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      await gallery.put(`turned/${orientation}.jpg`, await stored(upright, orientation));
    }
    await app.settle();
    const first = (await gallery.published("turned/1.jpg")).bytes;
    expect(await gallery.faces(upright)).toHaveLength(1);
    expect((await gallery.faces(first)).filter(({ Confidence = 0 }) => Confidence >= 60)).toEqual([]);
    for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
      const { bytes } = await gallery.published(`turned/${orientation}.jpg`);
      expect((await sharp(bytes).metadata()).orientation).toBeUndefined();
      // Nearly the same pixels: also its face is covered, in the same place.
      expect([orientation, (await difference(bytes, first)) < 4]).toEqual([orientation, true]);
    }
  });
});

describe("what a file tells beside its pixels", () => {
  it.each([
    ["with a face", () => portrait().then((face) => talkative(sharp(face)))],
    ["without a face", () => talkative(landscape())],
  ])("is gone from a picture %s", async (_name, make) => {
    const before = await make();
    expect(secretsIn(before)).toHaveLength(5);
    await gallery.upload("talkative.jpeg", before);
    const { bytes } = await gallery.published("talkative.jpeg");
    expect(secretsIn(bytes)).toEqual([]);
    const { exif, xmp, iptc, comments, orientation } = await sharp(bytes).metadata();
    expect({ exif, xmp, iptc, comments, orientation }).toEqual({});
    // One picture only: no thumbnail at the start, no second one behind the end.
    expect(bytes.indexOf(Buffer.from([0xff, 0xd8, 0xff]), 2)).toBe(-1);
  });
});

describe("a picture without faces", () => {
  it.each(["jpeg", "png", "webp"] as const)("is published with its %s pixels untouched", async (format) => {
    const before = await landscape().toFormat(format).toBuffer();
    const versionId = await gallery.upload(`sea.${format}`, before);
    const { bytes, ContentType } = await gallery.published(`sea.${format}`);
    expect((await pixelsOf(bytes)).data.equals((await pixelsOf(before)).data)).toBe(true);
    expect(ContentType).toBe(`image/${format}`);
    expect(await gallery.report(`sea.${format}`, versionId)).toMatchObject({
      outcome: "copied",
      count: 0,
      isUntouched: true,
    });
  });
});

describe("what goes along with a picture", () => {
  it("is kept, but for what tells of the shot and for a wrong content type", async () => {
    await gallery.upload(
      "with care.PNG",
      await sharp(await portrait())
        .png()
        .toBuffer(),
      {
        ContentType: "text/html",
        CacheControl: "max-age=60",
        ContentDisposition: 'inline; filename="a.png"',
        ContentLanguage: "nb",
        Expires: new Date("2031-01-01T00:00:00Z"),
        Metadata: {
          album: "summer",
          "gps-latitude": "59.9",
          exif: "Canon",
          "face-blur-sequencer": "FFFFFFFFFFFFFFFFFFFF",
        },
        Tagging: "team=web%20%2B%20print%3D1&year=2030",
      },
    );
    const { bytes, ContentType, CacheControl, ContentDisposition, ContentLanguage, ExpiresString, Metadata } =
      await gallery.published("with care.PNG");
    expect({ ContentType, CacheControl, ContentDisposition, ContentLanguage }).toEqual({
      ContentType: "image/png",
      CacheControl: "max-age=60",
      ContentDisposition: 'inline; filename="a.png"',
      ContentLanguage: "nb",
    });
    expect(ExpiresString).toBe("Wed, 01 Jan 2031 00:00:00 GMT");
    expect(Metadata).toEqual({
      album: "summer",
      "face-blur-sequencer": expect.not.stringMatching("FFFF"),
      "face-blur-version": expect.any(String),
    });
    expect((await sharp(bytes).metadata()).format).toBe("png");
    const { TagSet } = await app
      .client(S3Client)
      .send(new GetObjectTaggingCommand({ Bucket: app.resource("DestinationBucket"), Key: "with care.PNG" }));
    expect(TagSet).toEqual([
      { Key: "team", Value: "web + print=1" },
      { Key: "year", Value: "2030" },
    ]);
  });

  it.each(["50% + größer/文件.webp", "__proto__.webp", "a&b=c?d#e.webp"])(
    "includes its key, such as %s",
    async (key) => {
      await gallery.upload(key, await landscape().webp().toBuffer());
      expect(await gallery.publishedKeys()).toContain(key);
    },
  );
});

it("leaves other files alone", async () => {
  await gallery.upload("notes.txt", Buffer.from("hello"));
  await gallery.upload("a.gif", await landscape(30, 20).gif().toBuffer());
  expect((await gallery.publishedKeys()).filter((key) => /notes|gif/.test(key))).toEqual([]);
  expect(await gallery.reasons()).toEqual([]);
});
