import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { failing } from "#shared/testing/invocation";
import { difference, landscape, pixelsOf, stored } from "../tests/pictures.ts";
import type { Look, Seen } from "./faces/find.ts";
import { hideFaces, type HideOptions } from "./hide-faces.ts";

const options: HideOptions = {
  mostPixels: 1_000_000,
  quality: 90,
  find: { leastConfidence: 20, findsSmallFaces: false },
  cover: { method: "pixelate", padding: 0.35, squares: 5 },
};
const seeing =
  (...faces: Seen[]): Look =>
  async () =>
    faces;
const face: Seen = { share: { left: 0.4, top: 0.4, width: 0.2, height: 0.2 }, confidence: 90 };

describe("a picture without faces", () => {
  it("that is upright keeps its pixels", async () => {
    const upload = await landscape().jpeg().toBuffer();
    const hidden = await hideFaces(upload, seeing(), options);
    expect(hidden.isUntouched).toBe(true);
    expect((await pixelsOf(hidden.bytes)).data.equals((await pixelsOf(upload)).data)).toBe(true);
  });

  it.each([2, 3, 4, 5, 6, 7, 8])("that is turned by orientation %d is turned for good", async (orientation) => {
    const upright = await landscape().blur(5).png().toBuffer();
    const hidden = await hideFaces(await stored(upright, orientation), seeing(), options);
    expect([hidden.isUntouched, hidden.size]).toEqual([false, { width: 300, height: 200 }]);
    expect((await sharp(hidden.bytes).metadata()).orientation).toBeUndefined();
    expect(await difference(hidden.bytes, upright)).toBeLessThan(3);
  });

  it("with only a doubtful one is not covered, and says so", async () => {
    const hidden = await hideFaces(await landscape().jpeg().toBuffer(), seeing({ ...face, confidence: 19 }), options);
    expect([hidden.isUntouched, hidden.covers, hidden.found.doubtful.length]).toEqual([true, [], 1]);
  });
});

describe("a picture with a face", () => {
  it.each(["jpeg", "png", "webp"] as const)("stays a %s of the same size", async (format) => {
    const upload = await landscape().toFormat(format).toBuffer();
    const { bytes, isUntouched } = await hideFaces(upload, seeing(face), options);
    expect(isUntouched).toBe(false);
    expect(await sharp(bytes).metadata()).toMatchObject({ format, width: 300, height: 200 });
    expect(await difference(bytes, upload)).toBeGreaterThan(0.5);
  });

  it("keeps a WebP without losses without losses", async () => {
    const upload = await landscape().webp({ lossless: true }).toBuffer();
    const { bytes } = await hideFaces(upload, seeing(face), options);
    const [before, after] = await Promise.all(
      [upload, bytes].map((file) => sharp(file).extract({ left: 0, top: 0, width: 60, height: 40 }).raw().toBuffer()),
    );
    expect(after?.equals(before ?? Buffer.alloc(0))).toBe(true);
  });
});

it("answers nothing when the detector fails", async () => {
  const error = new Error("away");
  const away: Look = async () => {
    throw error;
  };
  expect(await failing(hideFaces(await landscape().jpeg().toBuffer(), away, options))).toBe(error);
});
