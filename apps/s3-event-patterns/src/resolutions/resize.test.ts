import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { resize } from "./resize.ts";

const LIMITS = { mostPixels: 1_000_000, quality: 82 };
const whole = (pixels: number) => ({ pixels, isSquare: false });
/** Left half red, right half blue. */
const halves = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "blue" } }).composite([
    {
      input: { create: { width: width / 2, height, channels: 3, background: "red" } },
      left: 0,
      top: 0,
    },
  ]);
const sizeOf = async (bytes: Uint8Array) => {
  const { width, height, format } = await sharp(bytes).metadata();
  return [format, width, height];
};

describe("a resolution", () => {
  it.each([
    ["jpeg", "a landscape", 400, 200, whole(100), [100, 50]],
    ["png", "a portrait", 200, 400, whole(100), [50, 100]],
    ["webp", "a smaller picture, never enlarged", 40, 20, whole(100), [40, 20]],
    ["jpeg", "a square out of the middle", 400, 200, { pixels: 100, isSquare: true }, [100, 100]],
  ] as const)("of a %s: %s", async (format, _name, width, height, shape, expected) => {
    const bytes = await halves(width, height).toFormat(format).toBuffer();
    expect(await sizeOf(await resize(bytes, shape, LIMITS))).toEqual(["webp", ...expected]);
  });

  it("is upright, and says nothing of camera and place", async () => {
    const exif = { IFD0: { Make: "PlantedCamera" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "59/1 54/1 49/1" } };
    const bytes = await halves(400, 200).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(bytes.includes("PlantedCamera")).toBe(true);
    const made = await resize(bytes, whole(100), LIMITS);
    expect(await sizeOf(made)).toEqual(["webp", 50, 100]);
    expect(made.includes("PlantedCamera") || made.includes("EXIF")).toBe(false);
  });

  it("is the same file each time, so that doing it again changes nothing", async () => {
    const bytes = await halves(400, 200).jpeg().toBuffer();
    expect((await resize(bytes, whole(100), LIMITS)).equals(await resize(bytes, whole(100), LIMITS))).toBe(true);
  });

  it("is refused by the header where there are too many pixels, and made at the limit", async () => {
    const bytes = await halves(1_000, 1_000).png().toBuffer();
    expect(await sizeOf(await resize(bytes, whole(10), LIMITS))).toEqual(["webp", 10, 10]);
    await expect(resize(bytes, whole(10), { ...LIMITS, mostPixels: 999_999 })).rejects.toMatchObject({
      name: "PictureRefused",
      retryable: false,
    });
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["an SVG", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`)],
    ["a GIF", Buffer.from("GIF89a\x01\0\x01\0\0\0\0;", "latin1")],
    ["a JPEG in name only", Buffer.from("\xff\xd8\xff\xe0 and no more", "latin1")],
  ])("of %s is refused", async (_name, bytes) => {
    await expect(resize(bytes, whole(10), LIMITS)).rejects.toMatchObject({ name: "PictureRefused" });
  });
});
