/** Reads a ZIP archive (PKWARE APPNOTE 6.3, sections 4.3 and 4.4): what deployment packages are. No encryption, no ZIP64. */

export interface ZipEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly compressed: Buffer;
  /** Bytes once unpacked, as the archive claims. */
  readonly size: number;
  readonly crc: number;
}

const END_OF_DIRECTORY = 0x0605_4b50;
const DIRECTORY_ENTRY = 0x0201_4b50;
const LOCAL_ENTRY = 0x0403_4b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const ENCRYPTED = 1;

export class BadZip extends Error {
  override readonly name = "BadZip";
}

/** The archive's entries in the order of its directory. Throws BadZip. */
export function readDirectory(archive: Buffer): ZipEntry[] {
  const end = endOfDirectory(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  try {
    for (let index = 0; index < count; index++) {
      if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new BadZip("The archive's directory is damaged");
      const nameLength = archive.readUInt16LE(at + 28);
      entries.push(readEntry(archive, at, archive.toString("utf8", at + 46, at + 46 + nameLength)));
      at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    }
  } catch (error) {
    if (error instanceof RangeError) throw new BadZip("The archive is cut off");
    throw error;
  }
  return entries;
}

function readEntry(archive: Buffer, at: number, name: string): ZipEntry {
  if ((archive.readUInt16LE(at + 8) & ENCRYPTED) !== 0) throw new BadZip(`${name} is encrypted`);
  const compressedSize = archive.readUInt32LE(at + 20);
  const local = archive.readUInt32LE(at + 42);
  if (archive.readUInt32LE(local) !== LOCAL_ENTRY) throw new BadZip(`The archive has no data for ${name}`);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  if (start + compressedSize > archive.length) throw new BadZip("The archive is cut off");
  return {
    name,
    isFolder: name.endsWith("/"),
    method: archive.readUInt16LE(at + 10),
    compressed: archive.subarray(start, start + compressedSize),
    size: archive.readUInt32LE(at + 24),
    crc: archive.readUInt32LE(at + 16),
  };
}

/** The record at the end, behind which there is only a comment. */
function endOfDirectory(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_LENGTH - LONGEST_COMMENT);
  for (let at = archive.length - END_LENGTH; at >= first; at--)
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  throw new BadZip("This is not a ZIP archive");
}
