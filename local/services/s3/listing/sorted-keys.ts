/** The keys of a bucket in listing order, in chunks: adding and removing one moves a chunk, not all of them. */
import { compareKeys } from "./key-order.ts";

const FULL = 1024;

export class SortedKeys implements Iterable<string> {
  #chunks: string[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a key; one that is there already changes nothing. */
  add(key: string): void {
    const [chunkAt, at] = this.#find((other) => compareKeys(other, key) >= 0);
    if (this.#chunks[chunkAt]?.[at] === key) return;
    this.#size += 1;
    // Behind the last key of all, the last chunk grows.
    const chunk = this.#chunks[chunkAt] ?? this.#chunks.at(-1);
    if (chunk === undefined) {
      this.#chunks.push([key]);
      return;
    }
    chunk.splice(chunk === this.#chunks[chunkAt] ? at : chunk.length, 0, key);
    if (chunk.length <= FULL) return;
    const place = Math.min(chunkAt, this.#chunks.length - 1);
    this.#chunks.splice(place + 1, 0, chunk.splice(FULL / 2));
  }

  delete(key: string): void {
    const [chunkAt, at] = this.#find((other) => compareKeys(other, key) >= 0);
    const chunk = this.#chunks[chunkAt];
    if (chunk?.[at] !== key) return;
    this.#size -= 1;
    chunk.splice(at, 1);
    if (chunk.length === 0) this.#chunks.splice(chunkAt, 1);
  }

  /**
   * The keys from the first one on for which the claim holds. The claim must be false up to some key and true from
   * there on.
   */
  *from(isReached: (key: string) => boolean): Generator<string, undefined> {
    const [chunkAt, at] = this.#find(isReached);
    for (let c = chunkAt; c < this.#chunks.length; c++) {
      const chunk = this.#chunks[c] ?? [];
      for (let k = c === chunkAt ? at : 0; k < chunk.length; k++) {
        const key = chunk[k];
        if (key !== undefined) yield key;
      }
    }
  }

  [Symbol.iterator](): Iterator<string> {
    return this.from(() => true);
  }

  /** Chunk and place of the first key for which the claim holds; behind the last chunk when there is none. */
  #find(isReached: (key: string) => boolean): [chunk: number, at: number] {
    const chunkAt = firstIndex(this.#chunks, (chunk) => chunk.length > 0 && isReached(chunk.at(-1) ?? ""));
    const chunk = this.#chunks[chunkAt];
    return [chunkAt, chunk ? firstIndex(chunk, isReached) : 0];
  }
}

function firstIndex<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
