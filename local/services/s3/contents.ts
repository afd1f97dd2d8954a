/** The versions that one bucket holds, by key, newest first. */
import type { Storage, StoredMap } from "../../core/storage.ts";
import { SortedKeys } from "./listing/sorted-keys.ts";
import { isObject, NULL_VERSION, type ObjectVersion, type StoredObject } from "./objects/object-version.ts";

export class Contents {
  readonly keys = new SortedKeys();
  readonly #versions = new Map<string, ObjectVersion[]>();
  readonly #stored: StoredMap<ObjectVersion>;
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#stored = storage.map<ObjectVersion>("s3.versions");
  }

  get isEmpty(): boolean {
    return this.keys.size === 0;
  }

  /** All versions and delete markers of a key, newest first. */
  versions(key: string): readonly ObjectVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** The newest version or delete marker. */
  latest(key: string): ObjectVersion | undefined {
    return this.#versions.get(key)?.[0];
  }

  /** The current object; undefined when there is none or it is deleted. */
  current(key: string): StoredObject | undefined {
    const latest = this.latest(key);
    return isObject(latest) ? latest : undefined;
  }

  find(key: string, versionId: string): ObjectVersion | undefined {
    return this.versions(key).find((version) => version.versionId === versionId);
  }

  /** Adds the newest version. The null version replaces the one before it, wherever that is in the line. */
  add(version: ObjectVersion): void {
    if (version.versionId === NULL_VERSION) this.remove(version.key, NULL_VERSION);
    this.#place(version);
    this.#stored.set(storedKey(version), version);
  }

  /** Takes back what was stored before a restart; call it from the oldest to the newest. */
  restore(version: ObjectVersion): void {
    this.#place(version);
  }

  /** Changes what is known of a version (tags, storage class) in its place. */
  amend<V extends ObjectVersion>(version: V, changes: Partial<Pick<ObjectVersion, "tags" | "attributes">>): V {
    const amended = { ...version, ...changes };
    const line = this.#versions.get(version.key);
    const at = line?.indexOf(version) ?? -1;
    if (line && at >= 0) line[at] = amended;
    this.#stored.set(storedKey(version), amended);
    return amended;
  }

  /** Removes a version for good, with its bytes. */
  remove(key: string, versionId: string): ObjectVersion | undefined {
    const line = this.#versions.get(key);
    const at = line?.findIndex((version) => version.versionId === versionId) ?? -1;
    const version = line?.[at];
    if (!line || !version) return undefined;
    line.splice(at, 1);
    if (line.length === 0) {
      this.#versions.delete(key);
      this.keys.delete(key);
    }
    this.#stored.delete(storedKey(version));
    for (const part of version.content?.parts ?? []) this.#storage.blobs.delete(part.blob);
    return version;
  }

  #place(version: ObjectVersion): void {
    const line = this.#versions.get(version.key);
    if (line) line.unshift(version);
    else {
      this.#versions.set(version.key, [version]);
      this.keys.add(version.key);
    }
  }
}

const storedKey = ({ bucket, order }: ObjectVersion): string => `${bucket}/${order}`;
