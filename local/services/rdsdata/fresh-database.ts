/**
 * A database as initdb leaves it. Making one takes some four seconds of processor time, reading a copy half a second: a copy is kept
 * beside the bundles of functions, by the version of PGlite.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { PGlite } from "@electric-sql/pglite";

const FOLDER = resolve(import.meta.dirname, "../../../.local");

/** A new database in memory, or in a folder. What is in the folder already stays. */
export async function freshDatabase(Postgres: typeof PGlite, folder?: string): Promise<PGlite> {
  if (folder !== undefined) return Postgres.create(folder);
  const file = join(FOLDER, `pglite-${await versionOfPackage()}.tar`);
  const copy = await readFile(file).catch(() => undefined);
  if (copy) return Postgres.create({ loadDataDir: new Blob([copy]) });
  const made = await Postgres.create();
  // Without a place to keep it the next one takes its time again; that is no reason to fail.
  await keep(file, made).catch(() => undefined);
  return made;
}

async function keep(file: string, database: PGlite): Promise<void> {
  const dump = await database.dumpDataDir("none");
  await mkdir(FOLDER, { recursive: true });
  // Renamed when it is whole: another process may read at this moment.
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, Buffer.from(await dump.arrayBuffer()));
  await rename(unfinished, file);
}

/** Its manifest is not among what the package exports. */
async function versionOfPackage(): Promise<string> {
  const main = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const manifest = JSON.parse(await readFile(join(dirname(main), "../package.json"), "utf8")) as { version: string };
  return manifest.version;
}
