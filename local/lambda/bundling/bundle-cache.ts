/** Finished bundles on disk, found again as long as no source file has changed. Several processes may use it at a time. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { LOCAL_FOLDER, REPOSITORY } from "../local-folder.ts";

export interface Bundle {
  /** Holds one folder per function, named by the function's place in the build. */
  readonly folder: string;
  /** Source files by function, absolute. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
}

interface Manifest extends Bundle {
  /** Modification time and length of every file that was read. */
  readonly stamps: Readonly<Record<string, string>>;
}

const BUNDLES = join(LOCAL_FOLDER, "bundles");
/** Bundles that were made longer ago are removed when a new one is made; whoever still needs one makes it again. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Files are written for this folder, and then moved to one of the same depth: paths in source maps stay right. */
export const OUT_FOLDER = join(BUNDLES, "building");

/** The bundle of this build, unless a file that it was made of has changed. */
export function findBundle(key: string): Bundle | undefined {
  const manifest = readManifest(key);
  if (manifest === undefined || !existsSync(manifest.folder)) return undefined;
  const isUnchanged = Object.entries(manifest.stamps).every(([file, stamp]) => stampOf(file) === stamp);
  return isUnchanged ? manifest : undefined;
}

/** @param files contents by path below OUT_FOLDER. */
export function keepBundle(
  key: string,
  files: ReadonlyMap<string, Uint8Array>,
  inputs: Readonly<Record<string, readonly string[]>>,
): Bundle {
  const hash = createHash("sha256");
  for (const [name, bytes] of files) hash.update(relative(OUT_FOLDER, name)).update(bytes);
  const folder = join(BUNDLES, hash.digest("hex").slice(0, 24));
  if (!existsSync(folder)) {
    removeOld();
    const temporary = `${folder}.${process.pid}`;
    for (const [name, bytes] of files) {
      const target = join(temporary, relative(OUT_FOLDER, name));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
    // CommonJS bundles must not be taken for what the repository's package.json says.
    writeFileSync(join(temporary, "package.json"), "{}\n");
    moveUnlessThere(temporary, folder);
  }
  const sources = new Set(Object.values(inputs).flat());
  const stamps = Object.fromEntries([...watched(sources)].map((file) => [file, stampOf(file)]));
  const manifest: Manifest = { folder, inputs, stamps };
  const file = manifestFile(key);
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(manifest));
  renameSync(`${file}.${process.pid}`, file);
  return manifest;
}

/** Packages change only by an installation, which rewrites npm's own list of them. */
function* watched(sources: Iterable<string>): Iterable<string> {
  yield join(REPOSITORY, "node_modules/.package-lock.json");
  for (const file of sources) if (!file.includes("node_modules")) yield file;
}

function removeOld(): void {
  if (!existsSync(BUNDLES)) return;
  for (const name of readdirSync(BUNDLES)) {
    const path = join(BUNDLES, name);
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - made > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}

function moveUnlessThere(temporary: string, folder: string): void {
  try {
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process was faster: its files are the same.
    if (!existsSync(folder)) throw error;
  }
}

function readManifest(key: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(manifestFile(key), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

const manifestFile = (key: string): string => join(BUNDLES, `${key}.json`);

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}/${stat.size}` : "";
}
