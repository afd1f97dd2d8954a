/** The text of a template, YAML or JSON, as plain values. Short forms (`!Ref`) become long forms (`{ Ref }`). */
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { TemplateError } from "../template-error.ts";
import { isFields, type Fields, type Value } from "../value.ts";
import { BOOLEANS, UNSUPPORTED_TYPES } from "./scalars.ts";
import { longForm } from "./tags.ts";

/** Aliases of aliases can blow up a small file: CloudFormation's own limit on a template is 1 MB of text. */
const MOST_NODES = 200_000;

/**
 * Reads a template (or a definition file). Throws TemplateError naming line and column for broken syntax, duplicate keys,
 * unknown tags and anything that is not a mapping at the top.
 */
export function parseTemplate(text: string): Fields {
  const value = parseValue(text, text.trimStart().startsWith("{") ? "JSON" : "YAML");
  if (!isFields(value)) throw new TemplateError("Template format error: unsupported structure.");
  return value;
}

/** Reads any YAML or JSON value in which intrinsic tags may occur. */
export function parseValue(text: string, language: "YAML" | "JSON" = "YAML"): Value {
  const lines = new LineCounter();
  // JSON is read as YAML too: the yaml package reports duplicate keys, JSON.parse takes the last one.
  const document = parseDocument(text, {
    version: "1.1",
    lineCounter: lines,
    uniqueKeys: true,
    customTags: (tags) => [
      ...tags.filter((tag) => typeof tag === "string" || !UNSUPPORTED_TYPES.has(tag.tag)),
      ...BOOLEANS,
    ],
    logLevel: "silent",
  });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const what =
      error.code === "DUPLICATE_KEY"
        ? `the key ${JSON.stringify(keyAt(text, error.pos[0]))} is given twice`
        : (error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
    throw new TemplateError(
      `Template format error: ${language} not well-formed. (line ${line}, column ${col}): ${what}`,
    );
  }
  const reader = new Reader(document, lines, language);
  return document.contents === null ? null : reader.value(document.contents);
}

class Reader {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #language: string;
  #nodes = 0;

  constructor(document: Document, lines: LineCounter, language: string) {
    this.#document = document;
    this.#lines = lines;
    this.#language = language;
  }

  value(node: unknown): Value {
    if (++this.#nodes > MOST_NODES)
      throw new TemplateError("Template format error: the template's aliases expand too far");
    if (node === null || node === undefined) return null;
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (!target) throw this.#error(node, `the alias *${node.source} has no anchor`);
      return this.value(target);
    }
    if (isScalar(node)) return this.#tagged(node, scalarValue(node.value, node.source));
    if (isSeq(node))
      return this.#tagged(
        node,
        node.items.map((item) => this.value(item)),
      );
    if (isMap(node)) return this.#tagged(node, this.#fields(node.items));
    throw new TemplateError(`Template format error: ${this.#language} not well-formed.`);
  }

  #fields(items: readonly unknown[]): Fields {
    const own: Record<string, Value> = {};
    const merged: Record<string, Value> = {};
    for (const item of items) {
      if (!isPair(item)) continue;
      const { key } = item;
      if (!isScalar(key)) throw new TemplateError("Template format error: keys must be strings");
      const name = typeof key.source === "string" ? key.source : String(key.value);
      if (name === "<<" && key.type === "PLAIN") this.#merge(merged, this.value(item.value), key);
      // Assigning to __proto__ would set the prototype instead of a member.
      else
        Object.defineProperty(own, name, {
          value: this.value(item.value),
          enumerable: true,
          writable: true,
          configurable: true,
        });
    }
    return { ...merged, ...own };
  }

  /** `<<`: the mapping's own keys win, then the first of several merged mappings. */
  #merge(into: Record<string, Value>, value: Value, key: Node): void {
    for (const source of Array.isArray(value) ? value : [value]) {
      if (!isFields(source)) throw this.#error(key, "only mappings can be merged with <<");
      for (const [name, member] of Object.entries(source)) if (!(name in into)) into[name] = member;
    }
  }

  #tagged(node: Node, value: Value): Value {
    const { tag } = node;
    if (tag === undefined || tag === "!" || tag.startsWith("tag:yaml.org,2002:")) return value;
    const long = longForm(tag, value);
    if (long === undefined) throw this.#error(node, `unknown tag ${tag}`);
    return long;
  }

  #error(node: Node, what: string): TemplateError {
    const { line, col } = this.#lines.linePos(node.range?.[0] ?? 0);
    return new TemplateError(
      `Template format error: ${this.#language} not well-formed. (line ${line}, column ${col}): ${what}`,
    );
  }
}

/** Numbers keep the text they were written in where it says more than their value: `012`, `1.10`, `12:30`, account ids. */
function scalarValue(value: unknown, source: string | undefined): Value {
  if (typeof value === "number" || typeof value === "bigint")
    return source !== undefined && String(value) !== source ? source : Number(value);
  return value === null || typeof value === "boolean" ? value : String(value);
}

const keyAt = (text: string, offset: number): string => {
  const rest = text.slice(offset);
  return (
    /^"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? /^'([^']*)'/.exec(rest)?.[1] ?? /^[^:\n]*/.exec(rest)?.[0].trim() ?? ""
  );
};
