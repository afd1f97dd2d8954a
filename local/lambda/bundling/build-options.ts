/** SAM's esbuild properties as options of esbuild ("Building Node.js Lambda functions with AWS SAM and esbuild"). */
import type { BuildOptions, Format, Loader } from "esbuild";

export interface Build {
  readonly folder: string;
  readonly entryPoints: readonly string[];
  readonly options: BuildOptions;
}

/** Lists that SAM passes as `key=value`. */
const pairs = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    texts(value).map((pair) => {
      const equals = pair.indexOf("=");
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );

const texts = (value: unknown): string[] =>
  value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map(String);

/**
 * What is built for a function. Not minified, names kept, with source maps, whatever the properties say: errors and
 * breakpoints then lead to the source. Throws when no entry point is named.
 */
export function buildOf(folder: string, properties: Readonly<Record<string, unknown>>): Build {
  const entryPoints = texts(properties["EntryPoints"]);
  if (entryPoints.length === 0) throw new Error("The function's Metadata names no EntryPoints for esbuild");
  const format: Format = properties["Format"] === "esm" ? "esm" : "cjs";
  const loader = pairs(properties["Loader"]) as Record<string, Loader>;
  const mainFields = texts(properties["MainFields"]).flatMap((value) => value.split(","));
  const extension = pairs(properties["OutExtension"])[".js"];
  return {
    folder,
    entryPoints,
    options: {
      format,
      external: texts(properties["External"]),
      banner: pairs(properties["Banner"]),
      footer: pairs(properties["Footer"]),
      define: pairs(properties["Define"]),
      loader,
      conditions: texts(properties["Conditions"]),
      target: texts(properties["Target"] ?? "es2020"),
      ...(mainFields.length > 0 && { mainFields }),
      ...(extension !== undefined && { outExtension: { ".js": extension } }),
      bundle: true,
      platform: "node",
      keepNames: true,
      minify: false,
      sourcemap: true,
      sourcesContent: false,
      // Only ESM can share chunks; 100 handlers are then built in the time of a few.
      splitting: format === "esm",
    },
  };
}
