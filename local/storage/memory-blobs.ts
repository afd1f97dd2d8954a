import type { Blobs } from "../core/storage.ts";

/** Object bodies in memory: gone when the process ends. */
export class MemoryBlobs implements Blobs {
  readonly #blobs = new Map<string, Buffer>();
  #next = 0;

  put(bytes: Uint8Array): string {
    const id = `b${this.#next++}`;
    this.#blobs.set(id, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return id;
  }

  read(id: string, start = 0, end?: number): Buffer {
    return this.#get(id).subarray(start, end);
  }

  size(id: string): number {
    return this.#get(id).byteLength;
  }

  delete(id: string): void {
    this.#blobs.delete(id);
  }

  #get(id: string): Buffer {
    const blob = this.#blobs.get(id);
    if (!blob) throw new Error(`There is no blob ${id}`);
    return blob;
  }
}
