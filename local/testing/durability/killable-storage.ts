/** Writes into a data folder as fast as it can, telling each write when it is done, until it is killed: `node killable-storage.ts <folder>`. */
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { openStorage } from "../../storage/index.ts";

/** So small that the journal is rewritten every few dozen writes. */
export const COMPACT_BYTES = 100_000;
export const KEYS = 50;
export const TEXT = "x".repeat(4_000);

export interface Written {
  readonly number: number;
  readonly text: string;
  readonly blob: string;
}

if (import.meta.main) {
  const [, , folder = ""] = process.argv;
  const storage = openStorage(folder, { compactBytes: COMPACT_BYTES });
  flushCompileCache();
  const left = storage.map<Written>("test.left");
  const right = storage.map<number>("test.right");
  const first = Math.max(-1, ...right.values()) + 1;
  for (let number = first; ; number++) {
    const key = `k${number % KEYS}`;
    const former = left.get(key);
    if (former) storage.blobs.delete(former.blob);
    left.set(key, { number, text: TEXT, blob: storage.blobs.put(Buffer.from(String(number))) });
    right.set(key, number);
    storage.flush();
    writeSync(1, `${number}\n`);
  }
}
