/** Makes one resolution of a picture: upright, in sRGB, as WebP, and without the words that cameras leave in files. */
import sharp from "sharp";
import { PictureRefused } from "../picture/refusals.ts";
import type { Shape } from "./resolution.ts";

export interface Limits {
  /** Pictures with more pixels are refused by their header, before they are unpacked. */
  readonly mostPixels: number;
  /** 1 to 100. */
  readonly quality: number;
}

const LONGEST_SECONDS = 20;

/** Never larger than the original. Throws PictureRefused. */
export async function resize(
  bytes: Uint8Array,
  { pixels, isSquare }: Shape,
  { mostPixels, quality }: Limits,
): Promise<Buffer> {
  if (!isPicture(bytes)) throw new PictureRefused("Its first bytes are those of no JPEG, PNG or WebP");
  const { width, height } = await decoding(() => sharp(bytes, { limitInputPixels: false }).metadata());
  if (width * height > mostPixels) {
    throw new PictureRefused(`${width} × ${height} pixels, more than ${mostPixels}`);
  }
  // "error" refuses what breaks off; "warning" would refuse the harmless oddities of many cameras too.
  return decoding(() =>
    sharp(bytes, { limitInputPixels: mostPixels, failOn: "error" })
      .autoOrient()
      .resize({ width: pixels, height: pixels, fit: isSquare ? "cover" : "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .webp({ quality })
      .timeout({ seconds: LONGEST_SECONDS })
      .toBuffer(),
  );
}

/** By the first bytes: the name of a file is a claim, and other decoders (SVG) read more than pixels. */
function isPicture(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  return (
    head.startsWith("\xff\xd8\xff") ||
    head.startsWith("\x89PNG\r\n\x1a\n") ||
    (head.startsWith("RIFF") && head.endsWith("WEBP"))
  );
}

async function decoding<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [reason = "unknown"] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new PictureRefused(`It cannot be decoded: ${reason}`, {}, { cause: error });
  }
}
