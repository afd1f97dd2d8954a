import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { failing } from "#shared/testing/invocation";
import { landscape, pngBomb, stored, withChunk } from "../../tests/pictures.ts";
import { openPicture } from "./open.ts";

const MOST_PIXELS = 1_000_000;
const open = (bytes: Uint8Array) => openPicture(bytes, MOST_PIXELS);
const refusal = async (bytes: Uint8Array) => (await failing(open(bytes))) as Error;

describe("a picture is opened", () => {
  it.each(["jpeg", "png", "webp"] as const)("as the %s it is", async (format) => {
    const { pixels, isTurned, ...picture } = await open(await landscape(30, 20).toFormat(format).toBuffer());
    expect(picture).toEqual({ format, isLossless: format === "png" });
    expect({ ...pixels, data: pixels.data.length }).toEqual({ width: 30, height: 20, channels: 3, data: 30 * 20 * 3 });
    expect(isTurned).toBe(false);
  });

  it("knowing a WebP without losses", async () => {
    expect((await open(await landscape().webp({ lossless: true }).toBuffer())).isLossless).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("upright, where its EXIF orientation is %d", async (orientation) => {
    // Four colours, one a corner, in blocks so large that compression does not matter.
    const upright = await sharp(Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 99, 99, 99]), {
      raw: { width: 3, height: 2, channels: 3 },
    })
      .resize(96, 64, { kernel: "nearest" })
      .png()
      .toBuffer();
    const { pixels, isTurned } = await open(await stored(upright, orientation));
    const at = (x: number, y: number) => [...pixels.data.subarray((y * pixels.width + x) * 3).subarray(0, 3)];
    expect([pixels.width, pixels.height, isTurned]).toEqual([96, 64, orientation !== 1]);
    const corners = [at(16, 16), at(48, 16), at(80, 16), at(16, 48), at(48, 48)].map((colour) =>
      colour.map((value) => (value > 200 ? 1 : 0)).join(""),
    );
    expect(corners).toEqual(["100", "010", "001", "000", "111"]);
  });

  it.each([
    ["grey", () => landscape(60, 40).greyscale().png()],
    ["16 bits deep", () => landscape(60, 40).toColourspace("rgb16").png()],
    ["in CMYK", () => landscape(60, 40).toColourspace("cmyk").jpeg()],
    ["with a palette", () => landscape(60, 40).png({ palette: true })],
    ["with transparency that hides nothing", () => landscape(60, 40).ensureAlpha(1).png()],
  ])("as three channels of 8 bits, also when it is %s", async (_name, make) => {
    const { pixels } = await open(await make().toBuffer());
    expect([pixels.channels, pixels.data.length]).toEqual([3, 60 * 40 * 3]);
  });

  it("with its transparency where there is some", async () => {
    expect((await open(await landscape().ensureAlpha(0.5).png().toBuffer())).pixels.channels).toBe(4);
  });
});

describe("what is refused", () => {
  it.each([
    ["nothing", async () => Buffer.alloc(0)],
    ["text", async () => Buffer.from("no picture")],
    [
      "SVG",
      async () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>`),
    ],
    [
      "SVG with entities",
      async () => Buffer.from(`<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa">]><svg>&a;</svg>`),
    ],
    ["GIF", async () => landscape(30, 20).gif().toBuffer()],
    ["TIFF", async () => landscape().tiff().toBuffer()],
    ["AVIF", async () => landscape(16, 16).avif({ effort: 0 }).toBuffer()],
  ])("%s, whatever its name says", async (_name, make) => {
    expect((await refusal(await make())).name).toBe("PictureUnsupported");
  });

  it("an animated WebP", async () => {
    const frames = await Promise.all([1, 2].map((seed) => landscape(20, 20, seed).png().toBuffer()));
    const bytes = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect((await refusal(bytes)).name).toBe("PictureAnimated");
  });

  it("an animated PNG, of which decoders show one frame", async () => {
    const bytes = withChunk(await landscape().png().toBuffer(), "acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));
    expect((await refusal(bytes)).name).toBe("PictureAnimated");
  });

  it("a picture with more pixels than allowed, before it takes memory", async () => {
    // 400 megapixels in 50 kB: a decompression bomb.
    const bomb = pngBomb(20_000);
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().rss;
    const error = await refusal(bomb);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    expect(error.name).toMatch(/^Picture(TooLarge|Broken)$/);
    expect(error.message).toMatch(/pixel/);
  });

  it("a JPEG that breaks off, wherever it does", async () => {
    const whole = await landscape().jpeg().toBuffer();
    for (const share of [0.01, 0.1, 0.5, 0.9, 0.999]) {
      expect((await refusal(whole.subarray(0, whole.length * share))).name).toBe("PictureBroken");
    }
  });

  it.each(["png", "webp"] as const)("a %s that breaks off", async (format) => {
    const whole = await landscape().toFormat(format).toBuffer();
    expect((await refusal(whole.subarray(0, whole.length / 2))).name).toBe("PictureBroken");
  });

  it("anything damaged, always with a reason of this app and never with a crash", async () => {
    const originals = await Promise.all(
      (["jpeg", "png", "webp"] as const).map((format) => landscape(40, 30).toFormat(format).toBuffer()),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        async (original, place, noise) => {
          const bytes = Buffer.from(original);
          bytes.set(noise.subarray(0, bytes.length), place % Math.max(1, bytes.length - noise.length));
          const result = await open(bytes).catch((error: Error) => error.name);
          expect(typeof result === "string" ? result : "opened").toMatch(/^(opened|Picture\w+)$/);
        },
      ),
      { numRuns: 150 },
    );
  });
});
