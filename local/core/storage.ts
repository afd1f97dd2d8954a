/** Where the services keep their state: in memory, and with a data folder also in a journal that survives a restart. */

/**
 * A map whose entries survive a restart. Values must be structured-cloneable (no functions, no class instances).
 * After changing a value in place, call `set` again: only then is the change kept.
 * What a call has changed is on disk before the call is answered.
 */
export interface StoredMap<V> {
  readonly size: number;
  get(key: string): V | undefined;
  has(key: string): boolean;
  set(key: string, value: V): void;
  delete(key: string): boolean;
  clear(): void;
  keys(): IterableIterator<string>;
  values(): IterableIterator<V>;
  entries(): IterableIterator<[string, V]>;
}

/** Large immutable byte strings (object bodies, deployment packages), kept out of the journal. */
export interface Blobs {
  /** Keeps the bytes; answers their id. The buffer must not be changed afterwards. */
  put(bytes: Uint8Array): string;
  /** The bytes from `start` (inclusive) to `end` (exclusive). Throws when the id is unknown. */
  read(id: string, start?: number, end?: number): Buffer;
  size(id: string): number;
  delete(id: string): void;
}

export interface Storage {
  /** The data folder, when there is one. */
  readonly folder: string | undefined;
  /** The map of that name; the same one at every call. Names read `service.things`, such as `sqs.queues`. */
  map<V>(name: string): StoredMap<V>;
  /** The maps that hold anything. */
  names(): string[];
  readonly blobs: Blobs;
  /** Writes what has changed since the last flush. The dispatcher calls it before it answers. */
  flush(): void;
  close(): void;
}
