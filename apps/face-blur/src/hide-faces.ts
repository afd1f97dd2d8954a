/** One picture, from the bytes that were uploaded to the bytes that may be shown: orient, detect, cover, encode. */
import { coverFaces, type CoverOptions } from "./faces/cover.ts";
import type { Ellipse } from "./faces/ellipse.ts";
import { findFaces, type FindOptions, type Found, type Look } from "./faces/find.ts";
import type { Size } from "./faces/views.ts";
import { encode } from "./picture/encode.ts";
import type { Format } from "./picture/format.ts";
import { openPicture } from "./picture/open.ts";
import { withoutMetadata } from "./picture/strip.ts";

export interface HideOptions {
  readonly mostPixels: number;
  readonly quality: number;
  readonly find: FindOptions;
  readonly cover: CoverOptions;
}

export interface Hidden {
  readonly bytes: Buffer;
  readonly format: Format;
  readonly size: Size;
  readonly found: Found;
  readonly covers: readonly Ellipse[];
  /** The pixels are those of the upload, to the last bit. */
  readonly isUntouched: boolean;
}

/**
 * Answers a picture on which no face is to be seen, upright, with nothing in the file but its pixels. Whatever goes wrong is
 * thrown: there is no way through here on which a face stays uncovered because something failed.
 */
export async function hideFaces(upload: Uint8Array, look: Look, options: HideOptions): Promise<Hidden> {
  const { format, pixels, isTurned, isLossless } = await openPicture(upload, options.mostPixels);
  const found = await findFaces(pixels, look, options.find);
  const covers = await coverFaces(pixels, found.faces, options.cover);
  // Without faces nothing is decoded and encoded again, which would cost quality.
  const untouched = found.faces.length === 0 && !isTurned ? withoutMetadata(upload, format) : undefined;
  return {
    bytes: untouched ?? (await encode(pixels, { format, quality: options.quality, isLossless })),
    format,
    size: { width: pixels.width, height: pixels.height },
    found,
    covers,
    isUntouched: untouched !== undefined,
  };
}
