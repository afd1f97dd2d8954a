import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Blobs } from "../core/storage.ts";

/** Object bodies as files, one each. A file is complete or not there: it is written beside its place and renamed. */
export class FileBlobs implements Blobs {
  readonly #folder: string;
  #next: number;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    const names = readdirSync(folder);
    for (const name of names) if (name.endsWith(".part")) rmSync(join(folder, name));
    const ids = names.flatMap((name) => /^b(\d+)$/.exec(name)?.[1] ?? []);
    this.#next = ids.reduce((highest, id) => Math.max(highest, Number(id) + 1), 0);
  }

  put(bytes: Uint8Array): string {
    const id = `b${this.#next++}`;
    const path = this.#path(id);
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
    return id;
  }

  read(id: string, start = 0, end?: number): Buffer {
    const path = this.#path(id);
    if (!existsSync(path)) throw new Error(`There is no blob ${id}`);
    const file = openSync(path, "r");
    try {
      const length = Math.max(0, (end ?? fstatSync(file).size) - start);
      const bytes = Buffer.allocUnsafe(length);
      let read = 0;
      while (read < length) {
        const count = readSync(file, bytes, read, length - read, start + read);
        if (count === 0) break;
        read += count;
      }
      return bytes.subarray(0, read);
    } finally {
      closeSync(file);
    }
  }

  size(id: string): number {
    return statSync(this.#path(id)).size;
  }

  delete(id: string): void {
    rmSync(this.#path(id), { force: true });
  }

  #path(id: string): string {
    if (!/^b\d+$/.test(id)) throw new Error(`Not a blob id: ${id}`);
    return join(this.#folder, id);
  }
}
