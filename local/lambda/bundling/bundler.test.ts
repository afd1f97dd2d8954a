import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LOCAL_FOLDER } from "../local-folder.ts";
import { Bundler } from "./bundler.ts";

let app: string;
beforeEach(() => {
  mkdirSync(LOCAL_FOLDER, { recursive: true });
  app = mkdtempSync(join(LOCAL_FOLDER, "app-"));
  write("src/shared.ts", `export const greet = (name: string): string => "hello " + name;`);
  write("src/one.ts", `import { greet } from "./shared.ts"; export const handler = async () => greet("one");`);
  write("src/two.ts", `import { greet } from "./shared.ts"; export const handler = async () => greet("two");`);
});
afterEach(() => rmSync(app, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(join(app, name, ".."), { recursive: true });
  writeFileSync(join(app, name), text);
}
const properties = (entry: string, extra: object = {}) => ({
  EntryPoints: [entry],
  Format: "esm",
  Target: "es2022",
  Minify: true,
  OutExtension: [".js=.mjs"],
  ...extra,
});
function bundlerOf(functions: Readonly<Record<string, object>>): Bundler {
  const bundler = new Bundler();
  for (const [name, wanted] of Object.entries(functions)) bundler.register(name, app, { ...wanted });
  return bundler;
}
const run = async (root: string, file: string): Promise<unknown> => {
  const module = (await import(pathToFileURL(join(root, file)).href)) as { handler: () => Promise<unknown> };
  return module.handler();
};

describe("bundling an app", () => {
  it("builds all its functions in one run, with what they share in common", async () => {
    const bundler = bundlerOf({ One: properties("src/one.ts"), Two: properties("src/two.ts") });
    const [one, two] = [await bundler.built("One"), await bundler.built("Two")];
    expect(await run(one.root, "one.mjs")).toBe("hello one");
    expect(await run(two.root, "two.mjs")).toBe("hello two");
    expect(join(one.root, "..")).toBe(join(two.root, ".."));
    expect(readdirSync(join(one.root, "../chunks")).filter((name) => name.endsWith(".mjs"))).toHaveLength(1);
  });

  it("knows the source files of each function", async () => {
    const bundler = bundlerOf({ One: properties("src/one.ts"), Two: properties("src/two.ts") });
    expect(await bundler.inputsOf("One")).toEqual([join(app, "src/one.ts"), join(app, "src/shared.ts")]);
  });

  it("names the output as SAM does: below the folder that the entry points have in common", async () => {
    write("src/deep/three.ts", `export const handler = 3;`);
    const several = { ...properties("src/one.ts"), EntryPoints: ["src/one.ts", "src/deep/three.ts"] };
    const { root } = await bundlerOf({ Several: several }).built("Several");
    expect(existsSync(join(root, "one.mjs"))).toBe(true);
    expect(existsSync(join(root, "deep/three.mjs"))).toBe(true);
  });

  it("keeps names and is not minified, so that errors can be read", async () => {
    const { root } = await bundlerOf({ One: properties("src/one.ts") }).built("One");
    expect(readFileSync(join(root, "one.mjs"), "utf8")).toContain("greet");
    expect(JSON.parse(readFileSync(join(root, "one.mjs.map"), "utf8"))).toMatchObject({
      sources: expect.arrayContaining([expect.stringMatching(/src\/one\.ts$/)]),
    });
  });

  it("leads source maps to the files in the workspace", async () => {
    const { root } = await bundlerOf({ One: properties("src/one.ts") }).built("One");
    const { sources } = JSON.parse(readFileSync(join(root, "one.mjs.map"), "utf8")) as { sources: string[] };
    expect(sources.map((source) => existsSync(join(root, source)))).toEqual(sources.map(() => true));
  });

  it("builds CommonJS when the format says so", async () => {
    const { root } = await bundlerOf({ One: { EntryPoints: ["src/one.ts"] } }).built("One");
    expect(await run(root, "one.js")).toBe("hello one");
  });

  it("finds external packages in the repository", async () => {
    write("src/external.ts", `import sharp from "sharp"; export const handler = async () => typeof sharp;`);
    const { root } = await bundlerOf({ E: properties("src/external.ts", { External: ["sharp"] }) }).built("E");
    expect(await run(root, "external.mjs")).toBe("function");
  });

  it("puts the banner before every file", async () => {
    const banner =
      "js=import { createRequire as __bundleCreateRequire } from 'node:module'; const require = __bundleCreateRequire(import.meta.url);";
    write("src/cjs.ts", `const { sep } = require("node:path"); export const handler = async () => sep;`);
    const { root } = await bundlerOf({ C: properties("src/cjs.ts", { Banner: [banner] }) }).built("C");
    expect(await run(root, "cjs.mjs")).toBe("/");
  });
});

describe("building again", () => {
  it("does nothing when no file has changed", async () => {
    const first = await bundlerOf({ One: properties("src/one.ts") }).built("One");
    const second = await bundlerOf({ One: properties("src/one.ts") }).built("One");
    expect(second).toEqual(first);
  });

  it("makes another folder when a shared file has changed, and leaves the old one to those who run it", async () => {
    const bundler = bundlerOf({ One: properties("src/one.ts") });
    const before = await bundler.built("One");
    write("src/shared.ts", `export const greet = (name: string): string => "good morning " + name;`);
    expect(await bundler.built("One")).toEqual(before);
    bundler.invalidate("One");
    const after = await bundler.built("One");
    expect(after.root).not.toBe(before.root);
    expect(await run(before.root, "one.mjs")).toBe("hello one");
    expect(await run(after.root, "one.mjs")).toBe("good morning one");
  });
});

describe("code that cannot be built", () => {
  it("says where and why, and can be mended", async () => {
    write("src/broken.ts", `import { gone } from "./gone.ts";\nexport const handler = gone;`);
    const bundler = bundlerOf({ Broken: properties("src/broken.ts") });
    await expect(bundler.built("Broken")).rejects.toThrow(
      /could not be built:\n {2}\S*src\/broken\.ts:1:22: Could not resolve "\.\/gone\.ts"/,
    );
    write("src/gone.ts", `export const gone = async () => "found";`);
    expect(await run((await bundler.built("Broken")).root, "broken.mjs")).toBe("found");
  });

  it.each([
    ["a syntax error", `export const handler = (;`, /src\/broken\.ts:1:25: Unexpected ";"/],
    ["an unknown package", `import "no-such-package-here";`, /Could not resolve "no-such-package-here"/],
  ])("names %s", async (_what, text, message) => {
    write("src/broken.ts", text);
    await expect(bundlerOf({ Broken: properties("src/broken.ts") }).built("Broken")).rejects.toThrow(message);
  });

  it("is refused without entry points", () => {
    expect(() => bundlerOf({ None: { Format: "esm" } })).toThrow("names no EntryPoints");
  });
});

describe("bundles of long ago", () => {
  it("are removed when a new one is made", async () => {
    const old = join(LOCAL_FOLDER, "bundles/0-of-long-ago");
    mkdirSync(old, { recursive: true });
    utimesSync(old, new Date(0), new Date(0));
    write("src/fresh.ts", `export const handler = async () => ${JSON.stringify(app)};`);
    await bundlerOf({ Fresh: properties("src/fresh.ts") }).built("Fresh");
    expect(existsSync(old)).toBe(false);
  });
});
