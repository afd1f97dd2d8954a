/** Values in order. Adding, removing and finding a place take logarithmic time, plus moving a few hundred neighbours. */

const LARGEST_CHUNK = 512;

export class SortedList<T> {
  readonly #compare: (left: T, right: T) => number;
  /** None is empty; every value of a chunk comes before every value of the next. */
  readonly #chunks: T[][] = [];
  #size = 0;

  constructor(compare: (left: T, right: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a value, unless an equal one is there. */
  add(value: T): void {
    const { chunk, at } = this.#place((other) => this.#compare(other, value) < 0);
    const values = this.#chunks[chunk];
    if (values === undefined) {
      const last = this.#chunks.at(-1);
      if (last === undefined || last.length >= LARGEST_CHUNK) this.#chunks.push([value]);
      else last.push(value);
    } else {
      const there = values[at];
      if (there !== undefined && this.#compare(there, value) === 0) return;
      values.splice(at, 0, value);
      if (values.length > LARGEST_CHUNK) this.#chunks.splice(chunk + 1, 0, values.splice(LARGEST_CHUNK / 2));
    }
    this.#size++;
  }

  /** Takes away the value that is equal to this one. Answers whether there was one. */
  remove(value: T): boolean {
    const { chunk, at } = this.#place((other) => this.#compare(other, value) < 0);
    const values = this.#chunks[chunk];
    const there = values?.[at];
    if (values === undefined || there === undefined || this.#compare(there, value) !== 0) return false;
    values.splice(at, 1);
    if (values.length === 0) this.#chunks.splice(chunk, 1);
    this.#size--;
    return true;
  }

  first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  /** Upwards from the first value for which `isBefore` is false; it must be true for all values up to some place, then false. */
  *upwards(isBefore: (value: T) => boolean): Generator<T, void> {
    const place = this.#place(isBefore);
    for (let { chunk, at } = place; chunk < this.#chunks.length; chunk++, at = 0) {
      const values = this.#chunks[chunk] ?? [];
      for (; at < values.length; at++) yield values[at] as T;
    }
  }

  /** Downwards from the last value for which `isAfter` is false; it must be false for all values up to some place, then true. */
  *downwards(isAfter: (value: T) => boolean): Generator<T, void> {
    const place = this.#place((value) => !isAfter(value));
    let { chunk, at } = place;
    for (; chunk >= 0; chunk--, at = this.#chunks[chunk]?.length ?? 0) {
      const values = this.#chunks[chunk] ?? [];
      for (at--; at >= 0; at--) yield values[at] as T;
    }
  }

  /** The first place whose value is not before. */
  #place(isBefore: (value: T) => boolean): { chunk: number; at: number } {
    const chunk = firstFalse(this.#chunks.length, (index) => isBefore(this.#chunks[index]?.at(-1) as T));
    const values = this.#chunks[chunk] ?? [];
    return { chunk, at: firstFalse(values.length, (index) => isBefore(values[index] as T)) };
  }
}

/** The first index below `length` for which the test is false, which it stays from there on. */
function firstFalse(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
