/** Unpacks a deployment package into a folder. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
import { BadZip, readDirectory, type ZipEntry } from "./central-directory.ts";

/** "Lambda quotas": a package may have 250 MB unpacked, layers included. */
export const LARGEST_UNPACKED = 250 * 1024 * 1024;

const STORED = 0;
const DEFLATED = 8;

/** Bytes of all files once unpacked, as the archive claims. Throws BadZip. */
export const unpackedSize = (archive: Buffer): number =>
  readDirectory(archive).reduce((total, { size }) => total + size, 0);

/** Throws BadZip; nothing is written outside of the folder, and no more than the limit. */
export function unpack(archive: Buffer, folder: string): void {
  let left = LARGEST_UNPACKED;
  for (const entry of readDirectory(archive)) {
    const target = resolve(folder, entry.name);
    if (target !== folder && !target.startsWith(folder + sep))
      throw new BadZip(`${entry.name} lies outside of the archive`);
    if (entry.isFolder) {
      mkdirSync(target, { recursive: true });
      continue;
    }
    const bytes = contents(entry, left);
    left -= bytes.length;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
}

/** The file's bytes. An archive whose files are longer than it claims, or than is left, is refused before they are in memory. */
function contents(entry: ZipEntry, left: number): Buffer {
  if (entry.size > left) throw new BadZip(`The archive unpacks to more than ${LARGEST_UNPACKED} bytes`);
  const bytes = inflate(entry);
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw new BadZip(`${entry.name} is damaged`);
  return bytes;
}

function inflate(entry: ZipEntry): Buffer {
  if (entry.method === STORED) return entry.compressed;
  if (entry.method !== DEFLATED) throw new BadZip(`${entry.name} is compressed by an unknown method`);
  try {
    return inflateRawSync(entry.compressed, { maxOutputLength: Math.max(1, entry.size) });
  } catch {
    throw new BadZip(`${entry.name} is damaged`);
  }
}
