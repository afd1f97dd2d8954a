/** `$input` and `$util` ("API Gateway mapping template and access logging variable reference"). */
import { JsonPathError, jsonPath } from "../shared-serving/json-path.ts";
import { printed } from "./java-values.ts";
import type { Tool } from "./render.ts";
import { TemplateError } from "./syntax.ts";

export interface Parameters {
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  readonly header: Readonly<Record<string, string>>;
}

/** `body`: what the template maps, the request's or the integration's. */
export function inputTool(body: string, parameters: Parameters): Tool {
  const select = (path: unknown): unknown => {
    const content = contentOf(body);
    try {
      return jsonPath(printed(path)).find(content);
    } catch (error) {
      throw error instanceof JsonPathError ? new TemplateError(error.message) : error;
    }
  };
  return {
    body,
    path: (path) => select(path),
    json(path) {
      if (body === "") return "{}";
      const value = select(path);
      return value === undefined ? '""' : JSON.stringify(value);
    },
    params(name) {
      if (name === undefined) return structuredClone(parameters);
      const wanted = printed(name);
      const { path, querystring, header } = parameters;
      const headerName = Object.keys(header).find((key) => key.toLowerCase() === wanted.toLowerCase());
      return path[wanted] ?? querystring[wanted] ?? (headerName === undefined ? "" : header[headerName]);
    },
  };
}

/** A body that is no JSON is a text. */
function contentOf(body: string): unknown {
  if (body.trim() === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

export const UTIL: Tool = {
  escapeJavaScript: (value) => (value === undefined || value === null ? value : escapeJavaScript(printed(value))),
  urlEncode: (value) => encode(printed(value ?? "")),
  urlDecode: (value) => decodeURIComponent(printed(value ?? "").replaceAll("+", " ")),
  base64Encode: (value) => Buffer.from(printed(value ?? "")).toString("base64"),
  base64Decode: (value) => Buffer.from(printed(value ?? ""), "base64").toString(),
  parseJson(value) {
    try {
      return JSON.parse(printed(value ?? ""));
    } catch {
      throw new TemplateError("$util.parseJson() got something that is no JSON");
    }
  },
};

/** As Java's URLEncoder writes it: form encoding. */
const encode = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1).replaceAll("%2A", "*");

const SHORT: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "'": "\\'",
  "/": "\\/",
  "\b": "\\b",
  "\n": "\\n",
  "\t": "\\t",
  "\f": "\\f",
  "\r": "\\r",
};

/** Everything that is not printable ASCII becomes an escape; a single quote too, which is no JSON. */
const escapeJavaScript = (text: string): string =>
  text.replace(
    /[\\"'/]|[^ -~]/g,
    (unit) =>
      SHORT[unit] ??
      Array.from(
        { length: unit.length },
        (_, index) => `\\u${unit.charCodeAt(index).toString(16).toUpperCase().padStart(4, "0")}`,
      ).join(""),
  );
