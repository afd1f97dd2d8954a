/** The folder on disk from which a function's code runs. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Blobs } from "../../core/storage.ts";
import { Bundler } from "../bundling/bundler.ts";
import { LOCAL_FOLDER } from "../local-folder.ts";
import type { CodeRef } from "./code-ref.ts";
import { unpack } from "./unpack.ts";

/** How long (real ms) a build waits for further functions of the app. */
const GATHER_MS = 20;

export class CodeStore {
  readonly #blobs: Blobs;
  readonly #bundler = new Bundler();
  /** Folders that run as they are: how often each was reloaded. */
  readonly #reloads = new Map<string, number>();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /**
   * Makes code known before it is needed, so that an app's functions are built together. Throws when the build's
   * properties are wrong. `id` is unique to the function version.
   */
  register(id: string, code: CodeRef): void {
    if (code.kind === "local" && code.buildMethod === "esbuild" && code.root === undefined)
      this.#bundler.register(id, code.folder, code.buildProperties ?? {});
  }

  forget(id: string): void {
    this.#bundler.forget(id);
  }

  /** Builds ahead of the first invocation. Throws BuildFailure. */
  async prepare(id: string, code: CodeRef): Promise<void> {
    if (code.kind !== "local" || code.buildMethod !== "esbuild" || code.root !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    await this.#bundler.built(id);
  }

  /** The function's folder. A folder of the same path holds the same code. Throws BuildFailure or BadZip. */
  async rootOf(id: string, code: CodeRef): Promise<string> {
    switch (code.kind) {
      case "inline":
        return keepFolder(createHash("sha256").update(code.source).digest("hex"), (folder) =>
          writeFileSync(join(folder, "index.js"), code.source),
        );
      case "zip":
        return keepFolder(code.sha256, (folder) => unpack(this.#blobs.read(code.blob), folder));
      case "local":
        if (code.buildMethod !== "esbuild") return code.folder;
        if (code.root !== undefined && existsSync(code.root)) return code.root;
        this.register(id, code);
        return (await this.#bundler.built(id)).root;
    }
  }

  /** Grows with every reload of code that runs from where it lies. */
  reloadsOf(id: string): number {
    return this.#reloads.get(id) ?? 0;
  }

  /** Sources may have changed. A bundle's folder differs when it has; code that runs as it is counts as changed. */
  reload(id: string, code: CodeRef): void {
    if (code.kind !== "local") return;
    if (code.buildMethod === "esbuild") this.#bundler.invalidate(id);
    else this.#reloads.set(id, this.reloadsOf(id) + 1);
  }

  /** Source files, absolute: those of the bundle, or the folder itself. */
  async inputsOf(id: string, code: CodeRef): Promise<readonly string[]> {
    if (code.kind !== "local") return [];
    if (code.buildMethod !== "esbuild") return [code.folder];
    this.#bundler.register(id, code.folder, code.buildProperties ?? {});
    return this.#bundler.inputsOf(id);
  }
}

const PACKAGES = join(LOCAL_FOLDER, "code");

/** Makes a folder once for all processes and times. */
function keepFolder(sha256: string, fill: (folder: string) => void): string {
  const folder = join(PACKAGES, sha256.slice(0, 24));
  if (existsSync(folder)) return folder;
  mkdirSync(PACKAGES, { recursive: true });
  // As in /var/task there is no package.json above: without one of its own, a package is CommonJS unless it reads as ESM.
  writeFileSync(join(PACKAGES, "package.json"), "{}\n");
  const temporary = `${folder}.${process.pid}`;
  try {
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary);
    fill(temporary);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
