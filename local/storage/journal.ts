/**
 * An append-only file of changes. A record is a 4-byte length and the v8-serialised changes of one flush, each [map, key, value]; a
 * missing value is a deletion. A torn last record (the process was killed while writing) is cut off at the next start: it was never
 * acknowledged, and as it goes as a whole, a transaction is never there by half.
 *
 * Nothing waits for the disk itself: what the kernel has taken survives the end of the process, though not that of the machine.
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
const CHANGES_PER_RECORD = 1_000;

export class Journal {
  readonly #path: string;
  #file: number;
  #size: number;
  #sizeAtCompaction: number;
  readonly #compactBytes: number;

  /** The journal wants to be rewritten when it has grown by `compactBytes` beyond twice what it held at the last start. */
  constructor(folder: string, compactBytes: number) {
    this.#compactBytes = compactBytes;
    this.#path = join(folder, FILE);
    this.#file = openSync(this.#path, existsSync(this.#path) ? "r+" : "w+");
    this.#size = fstatSync(this.#file).size;
    this.#sizeAtCompaction = this.#size;
  }

  get wantsCompaction(): boolean {
    return this.#size > 2 * this.#sizeAtCompaction + this.#compactBytes;
  }

  replay(apply: (change: Change) => void): void {
    const bytes = readFileSync(this.#path);
    let offset = 0;
    while (offset + 4 <= bytes.length) {
      const end = offset + 4 + bytes.readUInt32BE(offset);
      if (end > bytes.length) break;
      for (const change of deserialize(bytes.subarray(offset + 4, end)) as Change[]) apply(change);
      offset = end;
    }
    if (offset < bytes.length) ftruncateSync(this.#file, offset);
    this.#size = offset;
    this.#sizeAtCompaction = offset;
  }

  /** One record for all: after a kill either all of them are there or none. */
  append(changes: readonly Change[]): void {
    this.#size += writeAll(this.#file, encode(changes), this.#size);
  }

  /** Replaces the journal by one that holds just these entries. Until the new one is complete and has its name, the old one counts. */
  compact(entries: Iterable<Change>): void {
    const fresh = openSync(`${this.#path}.new`, "w+");
    let size = 0;
    let batch: Change[] = [];
    for (const entry of entries) {
      batch.push(entry);
      if (batch.length < CHANGES_PER_RECORD) continue;
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

function encode(changes: readonly Change[]): Buffer {
  const record = serialize(changes);
  const bytes = Buffer.allocUnsafe(4 + record.length);
  bytes.writeUInt32BE(record.length);
  record.copy(bytes, 4);
  return bytes;
}

function writeAll(file: number, bytes: Buffer, position: number): number {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written, position + written);
  return written;
}
