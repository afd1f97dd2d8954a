/** Makes a file of pixels. It holds pixels and nothing else: no EXIF, no place, no thumbnail, no colour profile (pixels are sRGB). */
import sharp from "sharp";
import type { Format } from "./format.ts";
import type { Pixels } from "./open.ts";

export interface Encoding {
  readonly format: Format;
  /** 1 to 100, of JPEG and of WebP with losses. */
  readonly quality: number;
  readonly isLossless: boolean;
}

export const sharpOf = ({ data, width, height, channels }: Pixels) => sharp(data, { raw: { width, height, channels } });

export function encode(pixels: Pixels, { format, quality, isLossless }: Encoding): Promise<Buffer> {
  const file = sharpOf(pixels);
  switch (format) {
    case "jpeg":
      return file.jpeg({ quality }).toBuffer();
    case "png":
      return file.png().toBuffer();
    case "webp":
      return file.webp(isLossless ? { lossless: true } : { quality }).toBuffer();
  }
}
