/**
 * Takes everything out of a file that is not needed to show its pixels, without touching them: what a picture without faces
 * goes through. Each format has a list of parts that stay; all others go, also those that nobody has heard of yet.
 */
import { pngChunks, webpChunks } from "./chunks.ts";
import { type Format, text } from "./format.ts";

/** The same pixels without metadata, or undefined where the file is put together in an unusual way and must be made anew. */
export function withoutMetadata(bytes: Uint8Array, format: Format): Buffer | undefined {
  switch (format) {
    case "jpeg":
      return withoutJpegMetadata(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    case "png":
      return withoutPngMetadata(bytes);
    case "webp":
      return withoutWebpMetadata(bytes);
  }
}

/** Pixels, palette, transparency and colours (PNG Specification, Chunk specifications). Without text, time, EXIF. */
const PNG_KEPT = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT"]);

function withoutPngMetadata(bytes: Uint8Array): Buffer | undefined {
  const chunks = pngChunks(bytes);
  if (chunks.at(-1)?.type !== "IEND") return undefined;
  return Buffer.concat([
    bytes.subarray(0, 8),
    ...chunks.filter(({ type }) => PNG_KEPT.has(type)).map((chunk) => chunk.bytes),
  ]);
}

const WEBP_KEPT = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ICCP"]);
/** Bits in the first byte of VP8X that announce EXIF and XMP (WebP Container Specification, Extended File Format). */
const WEBP_METADATA_BITS = 0b0000_1100;

function withoutWebpMetadata(bytes: Uint8Array): Buffer | undefined {
  const kept = webpChunks(bytes)
    .filter(({ type }) => WEBP_KEPT.has(type))
    .map((chunk) => {
      const copy = Buffer.from(chunk.bytes);
      if (chunk.type === "VP8X") copy.writeUInt8(copy.readUInt8(8) & ~WEBP_METADATA_BITS, 8);
      return copy.length % 2 === 0 ? copy : Buffer.concat([copy, Buffer.alloc(1)]);
    });
  if (!kept.some((chunk) => /^VP8[ L]/.test(text(chunk, 0, 4)))) return undefined;
  const body = Buffer.concat(kept);
  const header = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  header.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([header, body]);
}

/** Markers of JPEG (ITU-T T.81, table B.1). */
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP0 = 0xe0;
const APP2 = 0xe2;
const APP14 = 0xee;

/** Ends with the first picture: cameras put further ones, such as previews and depth maps, behind it. */
function withoutJpegMetadata(bytes: Buffer): Buffer | undefined {
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let start = 2;
  while (start + 4 <= bytes.length) {
    if (bytes[start] !== 0xff) return undefined;
    const marker = bytes.readUInt8(start + 1);
    if (marker === 0xff) {
      start += 1; // a fill byte
      continue;
    }
    const end = start + 2 + bytes.readUInt16BE(start + 2);
    if (end > bytes.length) return undefined;
    kept.push(...keptOfSegment(marker, bytes.subarray(start, end)));
    start = end;
    if (marker !== START_OF_SCAN) continue;
    const scanEnd = endOfScan(bytes, start);
    kept.push(bytes.subarray(start, scanEnd));
    start = scanEnd;
    if (bytes[start + 1] === END_OF_IMAGE) return Buffer.concat([...kept, bytes.subarray(start, start + 2)]);
  }
  return undefined;
}

/** Tables, frames and scans stay, and of the application segments those that colours depend on. */
function keptOfSegment(marker: number, segment: Buffer): Uint8Array[] {
  const name = text(segment, 4, 16);
  if (marker === APP0) return name.startsWith("JFIF\0") && segment.length >= 18 ? [withoutThumbnail(segment)] : [];
  if (marker === APP2) return name.startsWith("ICC_PROFILE\0") ? [segment] : [];
  if (marker === APP14) return name.startsWith("Adobe") ? [segment] : [];
  const isApplicationOrComment = (marker >= APP0 && marker <= 0xef) || marker === 0xfe;
  return isApplicationOrComment ? [] : [segment];
}

/** The JFIF segment may end with a small picture; its width and height are then not 0. */
function withoutThumbnail(segment: Buffer): Buffer {
  const short = Buffer.from(segment.subarray(0, 18));
  short.writeUInt16BE(16, 2);
  short.writeUInt16BE(0, 16);
  return short;
}

/** Where the next marker stands that is neither a stuffed zero nor a restart (ITU-T T.81, B.1.1.5); the end of the file without one. */
function endOfScan(bytes: Buffer, start: number): number {
  for (let place = bytes.indexOf(0xff, start); place !== -1; place = bytes.indexOf(0xff, place + 1)) {
    const next = bytes[place + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return place;
  }
  return bytes.length;
}
