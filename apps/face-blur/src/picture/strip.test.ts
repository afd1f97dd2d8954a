import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { landscape, secretsIn, talkative, withChunk, withExif } from "../../tests/pictures.ts";
import { withoutMetadata } from "./strip.ts";
import type { Format } from "./format.ts";

const raw = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();

const files: readonly [string, Format, () => Promise<Buffer>][] = [
  ["JPEG of a camera", "jpeg", () => talkative(landscape())],
  ["progressive JPEG", "jpeg", () => withExif(landscape()).jpeg({ progressive: true }).toBuffer()],
  ["JPEG in CMYK", "jpeg", () => withExif(landscape().toColourspace("cmyk")).jpeg().toBuffer()],
  [
    "JPEG with restart markers",
    "jpeg",
    () => withExif(landscape()).jpeg({ optimiseCoding: false, chromaSubsampling: "4:4:4" }).toBuffer(),
  ],
  [
    "PNG",
    "png",
    async () =>
      withChunk(
        withChunk(await withExif(landscape()).png().toBuffer(), "tEXt", Buffer.from("Author\0PlantedOwner")),
        "prVW",
        Buffer.from("PlantedThumbnail"),
      ),
  ],
  [
    "PNG with palette and transparency",
    "png",
    () => withExif(landscape(60, 40).ensureAlpha(0.5)).png({ palette: true }).toBuffer(),
  ],
  ["WebP", "webp", () => withExif(landscape()).withIccProfile("p3").webp().toBuffer()],
  ["WebP without losses", "webp", () => withExif(landscape().ensureAlpha(0.5)).webp({ lossless: true }).toBuffer()],
];

describe.each(files)("%s", (_name, format, make) => {
  it("keeps its pixels to the last bit, and loses everything else", async () => {
    const file = Buffer.concat([await make(), Buffer.from("PlantedTail")]);
    const before = await sharp(file).metadata();
    expect(before.exif ?? before.xmp).toBeDefined();

    const stripped = withoutMetadata(file, format) ?? Buffer.alloc(0);

    const { exif, xmp, iptc, comments, icc } = await sharp(stripped).metadata();
    expect({ exif, xmp, iptc, comments }).toEqual({});
    expect(icc?.equals(before.icc ?? Buffer.alloc(0)) ?? false).toBe(before.icc !== undefined);
    expect((await raw(stripped)).equals(await raw(file))).toBe(true);
    expect(secretsIn(stripped)).toEqual([]);
    expect(stripped.includes(Buffer.from("Exif"))).toBe(false);
    expect(withoutMetadata(stripped, format)?.equals(stripped)).toBe(true);
  });

  it("is not stripped in part: a file that breaks off is left to be made anew, or opens as before", async () => {
    const file = await make();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), async (length) => {
        const stripped = withoutMetadata(file.subarray(0, length), format);
        expect(secretsIn(stripped ?? Buffer.alloc(0))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

it("takes anything for a file, and answers nothing longer than what it was given but for padding", () => {
  const formats = fc.constantFrom<Format>("jpeg", "png", "webp");
  fc.assert(
    fc.property(formats, fc.uint8Array({ maxLength: 200 }), (format, noise) => {
      const start = { jpeg: "\xff\xd8", png: "\x89PNG\r\n\x1a\n", webp: "RIFF\xff\0\0\0WEBP" }[format];
      const file = Buffer.concat([Buffer.from(start, "latin1"), noise]);
      expect(withoutMetadata(file, format)?.length ?? 0).toBeLessThanOrEqual(file.length + 1);
    }),
    { numRuns: 2_000 },
  );
});
