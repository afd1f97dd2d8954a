/** Opens a picture: what it is, and its pixels as a person sees them. */
import sharp from "sharp";
import { pngChunks, webpChunks } from "./chunks.ts";
import { type Format, formatOf } from "./format.ts";
import { PictureAnimated, PictureBroken, PictureTooLarge, PictureUnsupported } from "./refusals.ts";

/** Raw pixels in sRGB, 8 bits a channel, row by row. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  /** 4 only where some pixel is transparent. */
  readonly channels: 3 | 4;
}

export interface Picture {
  readonly format: Format;
  readonly pixels: Pixels;
  /** The file stores the pixels in another orientation than the one to show (EXIF). */
  readonly isTurned: boolean;
  /** The file keeps pixels exactly. */
  readonly isLossless: boolean;
}

/** Seconds after which a decoder is stopped. A picture of 50 megapixels takes about one. */
const LONGEST_DECODING_SECONDS = 20;

/**
 * Throws PictureUnsupported, PictureAnimated, PictureTooLarge, PictureBroken.
 *
 * @param mostPixels pictures with more are refused by their header, before anything is unpacked
 */
export async function openPicture(bytes: Uint8Array, mostPixels: number): Promise<Picture> {
  const format = formatOf(bytes);
  if (!format) throw new PictureUnsupported("Its first bytes are those of no JPEG, PNG or WebP");
  // "error" refuses what breaks off; "warning" would refuse the harmless oddities of many cameras too.
  const file = (limitInputPixels: number | false) => sharp(bytes, { limitInputPixels, failOn: "error" });
  const { width, height, pages = 1, orientation = 1, format: decoder } = await decoding(() => file(false).metadata());
  if (decoder !== format) throw new PictureUnsupported(`Its first bytes are those of a ${format}, the rest is not`);
  if (pages > 1 || isAnimated(bytes, format)) throw new PictureAnimated("It has more than one frame");
  if (width * height > mostPixels) {
    throw new PictureTooLarge(`${width} × ${height} pixels, more than ${mostPixels}`, {
      limit: mostPixels,
      unit: "pixels",
    });
  }
  const { data, info } = await decoding(() =>
    file(mostPixels)
      .autoOrient()
      .toColourspace("srgb")
      .timeout({ seconds: LONGEST_DECODING_SECONDS })
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true }),
  );
  const { channels } = info;
  if (channels !== 3 && channels !== 4) throw new PictureBroken(`It has ${channels} channels instead of 3 or 4`);
  return {
    format,
    pixels: withoutIdleAlpha({ data, width: info.width, height: info.height, channels }),
    isTurned: orientation !== 1,
    isLossless: format === "png" || (format === "webp" && webpChunks(bytes).some(({ type }) => type === "VP8L")),
  };
}

/** Animated PNG and WebP say so in a chunk; the decoder shows the first frame of a PNG and is silent about the others. */
function isAnimated(bytes: Uint8Array, format: Format): boolean {
  if (format === "jpeg") return false;
  const types = (format === "png" ? pngChunks(bytes) : webpChunks(bytes)).map(({ type }) => type);
  return types.some((type) => type === "acTL" || type === "ANIM" || type === "ANMF");
}

function withoutIdleAlpha(pixels: Pixels): Pixels {
  if (pixels.channels === 3) return pixels;
  const { data, width, height } = pixels;
  for (let index = 3; index < data.length; index += 4) if (data[index] !== 0xff) return pixels;
  const colours = Buffer.alloc(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) data.copy(colours, to, from, from + 3);
  return { data: colours, width, height, channels: 3 };
}

async function decoding<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [reason = "unknown"] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new PictureBroken(`It cannot be decoded: ${reason}`, {}, { cause: error });
  }
}
