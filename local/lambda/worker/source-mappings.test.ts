import { SourceMap } from "node:module";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { SourceMappings, type SourceMapText } from "./source-mappings.ts";

describe.each([true, false])("a bundle's map, minified %s", (minify) => {
  let map: SourceMapText;
  let code: string;
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [new URL("../../../shared/middleware.ts", import.meta.url).pathname],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      sourcemap: "external",
      outfile: "out.mjs",
      minify,
    });
    const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
    map = JSON.parse(text(".map")) as SourceMapText;
    code = text(".mjs");
  });

  it("says what Node's own reading of it says, wherever one looks", () => {
    const oracle = new SourceMap(map as unknown as ConstructorParameters<typeof SourceMap>[0]);
    const mappings = new SourceMappings(map);
    const lines = code.split("\n");
    let known = 0;
    for (let n = 0; n < 300; n++) {
      const line = (n * 7_919) % lines.length;
      const column = (n * 104_729) % Math.max(1, lines[line]?.length ?? 0);
      const entry = oracle.findEntry(line, column);
      const expected =
        "originalSource" in entry && entry.generatedLine === line
          ? { source: entry.originalSource, line: entry.originalLine, column: entry.originalColumn }
          : undefined;
      expect(mappings.find(line, column)).toEqual(expected);
      if (expected) known += 1;
    }
    expect(known).toBeGreaterThan(100);
  });
});

describe("a map", () => {
  const find = (mappings: string, line: number, column: number, sources = ["a.ts", "b.ts"]) =>
    new SourceMappings({ sources, mappings }).find(line, column);

  it("has nothing to say before its first mapping, on lines without any, and after its end", () => {
    expect(find("EAAA", 0, 1)).toBeUndefined();
    expect(find("EAAA", 0, 2)).toEqual({ source: "a.ts", line: 0, column: 0 });
    expect(find("AAAA;;AACA", 1, 5)).toBeUndefined();
    expect(find("AAAA", 3, 0)).toBeUndefined();
    expect(find("", 0, 0)).toBeUndefined();
  });

  it("counts on from line to line, back too, and over several digits", () => {
    expect(find("AAAA;ACgCY", 1, 0)).toEqual({ source: "b.ts", line: 32, column: 12 });
    expect(find("AAAA;ACgCY;ADjCX", 2, 0)).toEqual({ source: "a.ts", line: -1, column: 1 });
  });

  it("knows code that comes from nowhere, and sources without a name", () => {
    expect(find("AAAA,E", 0, 3)).toBeUndefined();
    expect(new SourceMappings({ sources: [null], mappings: "AAAA" }).find(0, 0)).toBeUndefined();
    expect(new SourceMappings({ sources: ["a.ts"], sourceRoot: "src/", mappings: "AAAA" }).find(0, 0)?.source).toBe(
      "src/a.ts",
    );
  });
});
