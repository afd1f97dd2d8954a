/** One run of esbuild for all functions of an app. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Metafile } from "esbuild";
import { REPOSITORY } from "../local-folder.ts";
import { BuildFailure, messagesOf } from "./build-failure.ts";
import type { Build } from "./build-options.ts";
import { type Bundle, findBundle, keepBundle, OUT_FOLDER } from "./bundle-cache.ts";

const EXTENSIONS = ["", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".tsx", ".jsx"];

/** Builds of one folder with the same options, by the folder of their output. Throws BuildFailure. */
export async function bundle(builds: ReadonlyMap<string, Build>): Promise<Bundle> {
  const [first] = builds.values();
  if (first === undefined) throw new Error("Nothing to build");
  const entryPoints = Object.assign({}, ...[...builds].map(([name, build]) => entriesOf(name, build))) as Entries;
  const key = createHash("sha256")
    .update(JSON.stringify([process.version, entryPoints, first.options]))
    .digest("hex")
    .slice(0, 24);
  const found = findBundle(key);
  if (found) return found;
  const { build: run } = await import("esbuild");
  try {
    const result = await run({
      ...first.options,
      entryPoints,
      absWorkingDir: REPOSITORY,
      outdir: OUT_FOLDER,
      chunkNames: "chunks/[name]-[hash]",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const files = new Map(result.outputFiles.map(({ path, contents }) => [path, contents]));
    return keepBundle(key, files, inputsOf(result.metafile, builds.keys()));
  } catch (error) {
    const messages = messagesOf(error);
    throw messages ? new BuildFailure(relative(REPOSITORY, first.folder) || first.folder, messages) : error;
  }
}

type Entries = Record<string, string>;

/**
 * Source by output name. With SAM every function is a run of its own, whose outputs lie below the folder that its entry
 * points have in common (esbuild's documentation, "Outbase"): one entry point `src/a.ts` becomes `a.js`.
 */
function entriesOf(name: string, { folder, entryPoints }: Build): Entries {
  const sources = entryPoints.map((entry) => sourceOf(resolve(folder, entry)));
  const base = sources.map(dirname).reduce(commonFolder);
  return Object.fromEntries(
    sources.map((source) => [join(name, relative(base, source)).replace(/\.[cm]?[jt]sx?$/, ""), source]),
  );
}

/** SAM lets the extension of an entry point away, as esbuild does. */
const sourceOf = (path: string): string => EXTENSIONS.map((extension) => path + extension).find(isFile) ?? path;
const isFile = (path: string): boolean => /\.\w+$/.test(path) && existsSync(path);

function commonFolder(a: string, b: string): string {
  const [left, right] = [a.split(sep), b.split(sep)];
  const differs = left.findIndex((part, index) => part !== right[index]);
  return (differs < 0 ? left : left.slice(0, differs)).join(sep);
}

/** The files that went into each function, through the chunks it shares. */
function inputsOf(metafile: Metafile, names: Iterable<string>): Record<string, string[]> {
  const collect = (output: string, seen: Set<string>, files: Set<string>): void => {
    const described = metafile.outputs[output];
    if (described === undefined || seen.has(output)) return;
    seen.add(output);
    for (const input of Object.keys(described.inputs)) files.add(isAbsolute(input) ? input : join(REPOSITORY, input));
    for (const { path } of described.imports) collect(path, seen, files);
  };
  const prefix = relative(REPOSITORY, OUT_FOLDER).split(sep).join("/");
  return Object.fromEntries(
    [...names].map((name) => {
      const files = new Set<string>();
      for (const output of Object.keys(metafile.outputs))
        if (output.startsWith(`${prefix}/${name}/`)) collect(output, new Set(), files);
      return [name, [...files].sort()];
    }),
  );
}
