/** What a picture is by its first bytes. Names and content types of uploads are claims; the decoder is only given what was recognised here. */

export type Format = "jpeg" | "png" | "webp";

/** How the format calls itself in a Content-Type. */
export const contentTypeOf = (format: Format): string => `image/${format}`;

const PNG_SIGNATURE = "\x89PNG\r\n\x1a\n";
export const text = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.subarray(start, end)).toString("latin1");

/** Undefined for everything else, SVG, GIF, TIFF and HEIC included. */
export function formatOf(bytes: Uint8Array): Format | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "jpeg";
  if (text(bytes, 0, 8) === PNG_SIGNATURE) return "png";
  return text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 12) === "WEBP" ? "webp" : undefined;
}
