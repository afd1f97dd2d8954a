/** Bundles functions when they are needed: those of one app that are waiting are built in one run. */
import { join } from "node:path";
import { type Build, buildOf } from "./build-options.ts";
import { bundle } from "./bundle.ts";
import type { Bundle } from "./bundle-cache.ts";

interface Entry {
  readonly build: Build;
  /** Where its output lies in the bundle. Made of the sources, not of the function's name: that differs between stacks. */
  readonly output: string;
  /** Functions with the same group are built together. */
  readonly group: string;
  result: Promise<Bundle> | undefined;
}

export interface Built {
  /** The folder that is the function's package. */
  readonly root: string;
  /** Source files, absolute. */
  readonly inputs: readonly string[];
}

export class Bundler {
  readonly #entries = new Map<string, Entry>();

  /** Makes a function's build known. Throws when its properties are wrong. */
  register(name: string, folder: string, properties: Readonly<Record<string, unknown>>): void {
    const build = buildOf(folder, properties);
    const group = JSON.stringify([folder, build.options]);
    const output = build.entryPoints.join("+").replaceAll(/[^\w.+-]+/g, "_");
    const known = this.#entries.get(name);
    if (known?.group !== group || known.output !== output)
      this.#entries.set(name, { build, output, group, result: undefined });
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }

  /** Sources may have changed: the function is built anew when it is next needed. */
  invalidate(name: string): void {
    const entry = this.#entries.get(name);
    if (entry) entry.result = undefined;
  }

  /** Builds the function unless it is built. Throws BuildFailure; the next call tries again. */
  async built(name: string): Promise<Built> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`No build is known for ${name}`);
    entry.result ??= this.#run(entry.group);
    const { folder, inputs } = await entry.result;
    return { root: join(folder, entry.output), inputs: inputs[entry.output] ?? [] };
  }

  /** The source files of a function that is built. */
  inputsOf(name: string): Promise<readonly string[]> {
    return this.built(name).then(({ inputs }) => inputs);
  }

  #run(group: string): Promise<Bundle> {
    // All of the group, not only those that wait: an unchanged app is then found again by one key.
    const members = [...this.#entries.values()].filter((entry) => entry.group === group);
    const result = bundle(new Map(members.map(({ output, build }) => [output, build])));
    const waiting = members.filter((entry) => entry.result === undefined);
    for (const entry of waiting) entry.result = result;
    result.catch(() => {
      for (const entry of waiting) entry.result = undefined;
    });
    return result;
  }
}
