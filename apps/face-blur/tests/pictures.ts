/** Pictures for tests: photographs that come with the face detector's package, turned, cropped and filled with metadata. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";

const folder = join(dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")), "demo");

/** A photograph of three to five people, 1 to 6; about 1,920 × 1,400. */
export const photograph = (number: number): Buffer => readFileSync(join(folder, `sample${number}.jpg`));

let cut: Promise<Buffer> | undefined;

/** One face of the first photograph, small. */
export const portrait = (): Promise<Buffer> =>
  (cut ??= sharp(photograph(1))
    .extract({ left: 1_280, top: 20, width: 600, height: 600 })
    .jpeg({ quality: 92 })
    .toBuffer());

/** A picture without faces, different in every part, and the same whenever it is made: looking at it once is enough. */
export function landscape(width = 300, height = 200, seed = 1): Sharp {
  const data = Buffer.alloc(width * height * 3);
  let state = seed;
  for (let at = 0; at < data.length; at++) {
    // The generator of Numerical Recipes, whose upper bits are good enough for noise.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[at] = 76 + (state >>> 24) * 0.4;
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/**
 * The portrait in squares of 8 pixels, as JPEG packs them: whichever way it is turned, packing and unpacking makes the same pixels of
 * it, and the detector, which remembers what it has seen, has one picture to look at.
 */
export async function mosaic(): Promise<Buffer> {
  const squares = 125;
  const coarse = await sharp(await portrait())
    .resize(squares)
    .png()
    .toBuffer();
  return sharp(coarse)
    .resize(8 * squares, 8 * squares, { kernel: "nearest" })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** How a file with this EXIF orientation stores an upright picture: turned, so that showing it turns it back. */
export async function stored(upright: Uint8Array, orientation: number): Promise<Buffer> {
  const angle =
    new Map([
      [3, 180],
      [4, 180],
      [5, 90],
      [6, 270],
      [7, 270],
      [8, 90],
    ]).get(orientation) ?? 0;
  const turned = await sharp(upright).rotate(angle).png({ compressionLevel: 1 }).toBuffer();
  const isMirrored = [2, 4, 5, 7].includes(orientation);
  return (isMirrored ? sharp(turned).flop() : sharp(turned))
    .withMetadata({ orientation })
    .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
    .toBuffer();
}

/** Words that are planted in files, and must not be in a published one. */
const SECRETS = ["PlantedCamera", "PlantedOwner", "PlantedThumbnail", "PlantedComment", "PlantedTail"] as const;

export const secretsIn = (file: Buffer): string[] => SECRETS.filter((secret) => file.includes(secret));

/** EXIF with a camera, an owner and a place. */
const exif = {
  IFD0: { Make: "PlantedCamera", Artist: "PlantedOwner" },
  IFD3: { GPSLatitudeRef: "N", GPSLatitude: "59/1 54/1 49/1", GPSLongitudeRef: "E", GPSLongitude: "10/1 45/1 8/1" },
};

export const withExif = (picture: Sharp): Sharp =>
  picture.withExif(exif).withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>PlantedOwner</a></x:xmpmeta>`);

/** A JPEG with everything that cameras and editors leave in one: EXIF, XMP, thumbnails, a comment, another picture behind it. */
export async function talkative(jpeg: Sharp): Promise<Buffer> {
  const bytes = await withExif(jpeg).withIccProfile("p3").jpeg().toBuffer();
  const jfifWithThumbnail = segment(
    0xe0,
    Buffer.concat([
      Buffer.from("JFIF\0\x01\x02\0\0\x01\0\x01\x08\x01", "latin1"),
      Buffer.from("PlantedThumbnail........", "latin1"),
    ]),
  );
  const preview = segment(0xe0, Buffer.from("JFXX\0\x10PlantedThumbnail", "latin1"));
  const editor = segment(0xed, Buffer.from("Photoshop 3.0\0PlantedThumbnail", "latin1"));
  const comment = segment(0xfe, Buffer.from("PlantedComment", "latin1"));
  const tail = Buffer.concat([await landscape(20, 20).jpeg().toBuffer(), Buffer.from("PlantedTail")]);
  return Buffer.concat([bytes.subarray(0, 2), jfifWithThumbnail, preview, editor, comment, bytes.subarray(2), tail]);
}

function segment(marker: number, content: Buffer): Buffer {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([header, content]);
}

/** A PNG with one chunk more behind the first. */
export function withChunk(png: Buffer, type: string, content: Buffer): Buffer {
  const place = PNG_SIGNATURE.length + 25;
  return Buffer.concat([png.subarray(0, place), pngChunk(type, content), png.subarray(place)]);
}

/** A black PNG of 1 bit a pixel: a few kilobytes that become gigabytes. */
export function pngBomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc(side * (Math.ceil(side / 8) + 1)));
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk("IHDR", header),
    pngChunk("IDAT", rows),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

const PNG_SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

function pngChunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(content.length);
  numbers.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)]);
}

/** The pixels of a file, upright and in sRGB. */
export const pixelsOf = (bytes: Uint8Array) =>
  sharp(bytes).autoOrient().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });

/** How far two pictures of one size differ, on average a channel, 0 to 255. */
export async function difference(one: Uint8Array, other: Uint8Array): Promise<number> {
  const [a, b] = await Promise.all([pixelsOf(one), pixelsOf(other)]);
  if (a.info.width !== b.info.width || a.info.height !== b.info.height) return Infinity;
  let sum = 0;
  for (let at = 0; at < a.data.length; at++) sum += Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0));
  return sum / a.data.length;
}

/** How much neighbouring pixels differ in a part of a picture: the median of steps of four pixels. 0 where it is of one colour, or of few squares. */
export function detail(
  { data, info }: Awaited<ReturnType<typeof pixelsOf>>,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): number {
  /** How often neighbours differ by 0, 1, 2 and so on. */
  const steps = new Uint32Array(256);
  let count = 0;
  for (let y = Math.max(0, Math.ceil(top)); y < Math.min(info.height, top + height - 1); y++) {
    for (let x = Math.max(0, Math.ceil(left)); x < Math.min(info.width, left + width) - 4; x++) {
      const at = (y * info.width + x) * info.channels;
      const step = Math.abs((data[at] ?? 0) - (data[at + 4 * info.channels] ?? 0));
      steps[step] = (steps[step] ?? 0) + 1;
      count += 1;
    }
  }
  let seen = 0;
  return count === 0 ? Infinity : steps.findIndex((times) => (seen += times) > Math.floor(count / 2));
}
