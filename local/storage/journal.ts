/**
 * An append-only file of changes. A record is a 4-byte length and the v8-serialised [map, key, value]; a missing value is a
 * deletion. A torn last record (the process was killed while writing) is cut off at the next start: it was never acknowledged.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

export type Change = readonly [map: string, key: string, value?: unknown];

const FILE = "journal";
/** The journal is rewritten when it has grown by this much beyond what it held at the last start. */
const COMPACT_BYTES = 64 * 1024 * 1024;

export class Journal {
  readonly #path: string;
  #file: number;
  #size: number;
  #sizeAtCompaction: number;

  constructor(folder: string) {
    this.#path = join(folder, FILE);
    this.#file = openSync(this.#path, existsSync(this.#path) ? "r+" : "w+");
    this.#size = fstatSync(this.#file).size;
    this.#sizeAtCompaction = this.#size;
  }

  get wantsCompaction(): boolean {
    return this.#size > 2 * this.#sizeAtCompaction + COMPACT_BYTES;
  }

  replay(apply: (change: Change) => void): void {
    const bytes = readFileSync(this.#path);
    let offset = 0;
    while (offset + 4 <= bytes.length) {
      const end = offset + 4 + bytes.readUInt32BE(offset);
      if (end > bytes.length) break;
      apply(deserialize(bytes.subarray(offset + 4, end)) as Change);
      offset = end;
    }
    if (offset < bytes.length) ftruncateSync(this.#file, offset);
    this.#size = offset;
    this.#sizeAtCompaction = offset;
  }

  /** One write for all: what is in the file survives the end of this process, however it ends. */
  append(changes: Iterable<Change>): void {
    this.#size += writeAll(this.#file, encode(changes), this.#size);
  }

  /** Replaces the journal by one that holds just these entries. */
  compact(entries: Iterable<Change>): void {
    const fresh = openSync(`${this.#path}.new`, "w+");
    let size = 0;
    let batch: Change[] = [];
    for (const entry of entries) {
      batch.push(entry);
      if (batch.length < 1_000) continue;
      size += writeAll(fresh, encode(batch), size);
      batch = [];
    }
    size += writeAll(fresh, encode(batch), size);
    renameSync(`${this.#path}.new`, this.#path);
    closeSync(this.#file);
    this.#file = fresh;
    this.#size = size;
    this.#sizeAtCompaction = size;
  }

  close(): void {
    closeSync(this.#file);
  }
}

function encode(changes: Iterable<Change>): Buffer {
  const parts: Buffer[] = [];
  for (const change of changes) {
    const record = serialize(change);
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(record.length);
    parts.push(length, record);
  }
  return Buffer.concat(parts);
}

function writeAll(file: number, bytes: Buffer, position: number): number {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written, position + written);
  return written;
}
