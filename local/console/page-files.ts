/** The files of the page: HTML, CSS and JavaScript as they lie in `page/`, read anew when they have changed. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import type { HttpResponse } from "../core/service.ts";
import type { WireRequest } from "../gateway/wire.ts";
import { PAGE_POLICY, SAFE_HEADERS } from "./guard.ts";

const FOLDER = join(import.meta.dirname, "page");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

interface PageFile {
  readonly changedAt: number;
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Answers the page for `/_console`, its files below it; 404 for anything that is not one of them. */
export function pageFiles(): (request: WireRequest, path: string) => HttpResponse {
  let names = pageNames();
  const read = new Map<string, PageFile>();

  const file = (name: string): PageFile => {
    const path = join(FOLDER, name);
    const changedAt = statSync(path).mtimeMs;
    const known = read.get(name);
    if (known?.changedAt === changedAt) return known;
    const bytes = readFileSync(path);
    const fresh = {
      changedAt,
      bytes,
      etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 20)}"`,
    };
    read.set(name, fresh);
    return fresh;
  };

  return (request, path) => {
    const name = path === "" || path === "/" ? "page.html" : path.slice(1);
    // A file may have been added since.
    if (!names.has(name)) names = pageNames();
    if (!names.has(name)) return { status: 404, headers: SAFE_HEADERS, body: "There is no such file" };
    const { bytes, etag } = file(name);
    const headers = {
      ...SAFE_HEADERS,
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      "content-security-policy": PAGE_POLICY,
      etag,
    };
    return request.headers["if-none-match"] === etag ? { status: 304, headers } : { status: 200, headers, body: bytes };
  };
}

/** Only names found in the folder are served, so no path leads out of it. */
const pageNames = (): ReadonlySet<string> =>
  new Set(
    readdirSync(FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
      .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)).split(sep).join("/")),
  );
