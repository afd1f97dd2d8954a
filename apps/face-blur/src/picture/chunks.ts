/** The parts that PNG and WebP files consist of. */
import { text } from "./format.ts";

export interface Chunk {
  /** Four letters. */
  readonly type: string;
  /** The whole chunk with its header, and checksum or padding. */
  readonly bytes: Uint8Array;
  /** What is in it. */
  readonly content: Uint8Array;
}

/** Chunks up to and including IEND; what follows is no part of the picture. Stops at one that is longer than the file. */
export function pngChunks(bytes: Uint8Array): Chunk[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Chunk[] = [];
  let start = 8;
  while (start + 12 <= view.length) {
    const length = view.readUInt32BE(start);
    const end = start + 12 + length;
    if (end > view.length) break;
    const type = text(view, start + 4, start + 8);
    found.push({ type, bytes: view.subarray(start, end), content: view.subarray(start + 8, end - 4) });
    if (type === "IEND") break;
    start = end;
  }
  return found;
}

/** Chunks within the length that the RIFF header states. Chunks begin at even places. */
export function webpChunks(bytes: Uint8Array): Chunk[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const limit = Math.min(view.length, view.length < 8 ? 0 : view.readUInt32LE(4) + 8);
  const found: Chunk[] = [];
  let start = 12;
  while (start + 8 <= limit) {
    const length = view.readUInt32LE(start + 4);
    const end = start + 8 + length;
    if (end > limit) break;
    const padded = Math.min(end + (length % 2), limit);
    found.push({
      type: text(view, start, start + 4),
      bytes: view.subarray(start, padded),
      content: view.subarray(start + 8, end),
    });
    start = padded;
  }
  return found;
}
