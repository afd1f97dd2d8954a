/** The program of the worker threads, as one JavaScript file: stripping types in every thread would cost 40 ms each. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LOCAL_FOLDER } from "./local-folder.ts";

const SOURCE = join(import.meta.dirname, "worker");
let program: Promise<URL> | undefined;

/** Built when its sources have changed. */
export const workerProgram = (): Promise<URL> => (program ??= build());

async function build(): Promise<URL> {
  const hash = createHash("sha256").update(process.version);
  for (const name of readdirSync(SOURCE).sort()) hash.update(readFileSync(join(SOURCE, name)));
  const folder = join(LOCAL_FOLDER, "worker");
  const file = join(folder, `${hash.digest("hex").slice(0, 20)}.mjs`);
  if (!existsSync(file)) {
    const { build: bundle } = await import("esbuild");
    const { outputFiles } = await bundle({
      entryPoints: [join(SOURCE, "bootstrap.ts")],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: "node22",
    });
    mkdirSync(folder, { recursive: true });
    // Another process may be doing the same: the file appears whole or not at all.
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, outputFiles[0]?.contents ?? "");
    renameSync(temporary, file);
  }
  return pathToFileURL(file);
}
