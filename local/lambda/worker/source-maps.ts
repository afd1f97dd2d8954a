/**
 * Stack traces that lead to a function's sources. Node's own `--enable-source-maps` looks through every file as it is loaded, which
 * costs a sixth of a cold start; here a map is read when the first error of its file tells where it comes from.
 */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const COMMENT = "//# sourceMappingURL=";
const maps = new Map<string, SourceMap | undefined>();

export function mapStackTraces(): void {
  Error.prepareStackTrace = (error, frames) =>
    [headOf(error), ...frames.map((frame) => `    at ${described(frame)}`)].join("\n");
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** The frame as V8 writes it, with the place in the source where there is a map. */
function described(frame: NodeJS.CallSite): string {
  const text = String(frame);
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (!file || !line || !column) return text;
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (!entry || !("originalSource" in entry) || !URL.canParse(entry.originalSource, urlOf(file).href)) return text;
  const source = new URL(entry.originalSource, urlOf(file));
  const path = source.protocol === "file:" ? fileURLToPath(source) : source.href;
  const place = `${path}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  // By a function: `$&` in a path is no pattern.
  return text.replace(`${file}:${line}:${column}`, () => place);
}

const urlOf = (file: string): URL => (file.startsWith("file:") ? new URL(file) : pathToFileURL(file));

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(file));
  return maps.get(file);
}

/** A file without a map, or with one that cannot be read, keeps its own places. */
function readMap(file: string): SourceMap | undefined {
  if (file.startsWith("node:")) return undefined;
  try {
    const url = urlOf(file);
    const code = readFileSync(url, "utf8");
    const at = code.lastIndexOf(COMMENT);
    if (at < 0) return undefined;
    const reference = code.slice(at + COMMENT.length).trim();
    const inline = /^data:application\/json[^,]*;base64,(.*)$/.exec(reference);
    const json = inline?.[1]
      ? Buffer.from(inline[1], "base64").toString()
      : readFileSync(new URL(reference, url), "utf8");
    return new SourceMap(JSON.parse(json) as ConstructorParameters<typeof SourceMap>[0]);
  } catch {
    return undefined;
  }
}
