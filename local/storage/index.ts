/** The state of the local cloud: in memory, or in memory and a data folder. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Blobs, Storage, StoredMap } from "../core/storage.ts";
import { FileBlobs } from "./file-blobs.ts";
import { type Change, Journal } from "./journal.ts";
import { MemoryBlobs } from "./memory-blobs.ts";

/** How much a journal grows before it is rewritten. */
const COMPACT_BYTES = 64 * 1024 * 1024;

/** Opens the state kept in a folder, or a state that lives as long as the process. */
export function openStorage(folder?: string, { compactBytes = COMPACT_BYTES } = {}): Storage {
  return folder === undefined ? new MemoryStorage() : new FolderStorage(folder, compactBytes);
}

class MemoryStorage implements Storage {
  readonly folder = undefined;
  readonly blobs: Blobs = new MemoryBlobs();
  readonly #maps = new Map<string, Map<string, unknown>>();

  map<V>(name: string): StoredMap<V> {
    let map = this.#maps.get(name);
    if (!map) this.#maps.set(name, (map = new Map<string, unknown>()));
    // A name stands for one type of value; the service that owns the name knows it.
    return map as Map<string, V>;
  }

  names(): string[] {
    return [...this.#maps].flatMap(([name, map]) => (map.size > 0 ? name : []));
  }

  flush(): void {}
  close(): void {}
}

class FolderStorage implements Storage {
  readonly folder: string;
  readonly blobs: Blobs;
  readonly #files: FileBlobs;
  readonly #journal: Journal;
  readonly #maps = new Map<string, JournaledMap<unknown>>();
  readonly #dirty = new Set<JournaledMap<unknown>>();
  /** Blobs that nothing refers to any more once the changes are written. */
  readonly #unwanted: string[] = [];
  #scheduled = false;
  #isClosed = false;

  constructor(folder: string, compactBytes: number) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    const files = new FileBlobs(join(folder, "blobs"));
    this.#files = files;
    this.blobs = {
      put: (bytes) => files.put(bytes),
      read: (id, start, end) => files.read(id, start, end),
      size: (id) => files.size(id),
      // The journal still refers to it: ended now, the process would leave an object without its bytes.
      delete: (id) => {
        this.#unwanted.push(id);
        this.#schedule();
      },
    };
    this.#journal = new Journal(folder, compactBytes);
    this.#journal.replay((change) => this.#mapNamed(change[0]).load(change));
  }

  map<V>(name: string): StoredMap<V> {
    return this.#mapNamed(name) as JournaledMap<V>;
  }

  names(): string[] {
    return [...this.#maps].flatMap(([name, map]) => (map.size > 0 ? name : []));
  }

  flush(): void {
    // What still happens after the end was never acknowledged; the file may be another cloud's by now.
    if ((this.#dirty.size === 0 && this.#unwanted.length === 0) || this.#isClosed) return;
    const changes: Change[] = [];
    for (const map of this.#dirty) for (const change of map.takeChanges()) changes.push(change);
    this.#dirty.clear();
    if (changes.length > 0) this.#journal.append(changes);
    for (const id of this.#unwanted.splice(0)) this.#files.delete(id);
    if (this.#journal.wantsCompaction) this.#journal.compact(this.#entries());
  }

  close(): void {
    this.flush();
    this.#isClosed = true;
    this.#journal.close();
  }

  #mapNamed(name: string): JournaledMap<unknown> {
    let map = this.#maps.get(name);
    if (!map) {
      map = new JournaledMap<unknown>(name, (changed) => this.#changed(changed));
      this.#maps.set(name, map);
    }
    return map;
  }

  /** Changes made outside a call (by a timer) are written at the end of this turn of the event loop. */
  #changed(map: JournaledMap<unknown>): void {
    this.#dirty.add(map);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  *#entries(): Iterable<Change> {
    for (const [name, map] of this.#maps) for (const [key, value] of map.entries()) yield [name, key, value];
  }
}

class JournaledMap<V> implements StoredMap<V> {
  readonly #name: string;
  readonly #onChange: (map: JournaledMap<unknown>) => void;
  readonly #entries = new Map<string, V>();
  readonly #changed = new Set<string>();

  constructor(name: string, onChange: (map: JournaledMap<unknown>) => void) {
    this.#name = name;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, value: V): void {
    this.#entries.set(key, value);
    this.#note(key);
  }

  delete(key: string): boolean {
    const existed = this.#entries.delete(key);
    if (existed) this.#note(key);
    return existed;
  }

  clear(): void {
    for (const key of this.#entries.keys()) this.#changed.add(key);
    this.#entries.clear();
    this.#onChange(this as JournaledMap<unknown>);
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  entries(): IterableIterator<[string, V]> {
    return this.#entries.entries();
  }

  load([, key, ...value]: Change): void {
    if (value.length === 0) this.#entries.delete(key);
    else this.#entries.set(key, value[0] as V);
  }

  takeChanges(): Change[] {
    const changes = [...this.#changed].map((key): Change => {
      const value = this.#entries.get(key);
      return value === undefined ? [this.#name, key] : [this.#name, key, value];
    });
    this.#changed.clear();
    return changes;
  }

  #note(key: string): void {
    this.#changed.add(key);
    this.#onChange(this as JournaledMap<unknown>);
  }
}
