/** Document paths: `order.lines[0].price`. */
import { attributeOf, type Item, type Value } from "../values/value.ts";
import { isReserved } from "./reserved-words.ts";
import type { Issues } from "./issues.ts";
import type { Placeholders } from "./placeholders.ts";
import type { TokenReader } from "./tokens.ts";

/** An attribute's name, then names of map members and positions in lists. */
export type Path = readonly [string, ...(string | number)[]];

/** Levels of an item, and so of a path ("Quotas in Amazon DynamoDB", nested attribute depth). */
const DEEPEST = 32;

/** Reads a path at the current token. Reserved words and undefined names are noted as issues. */
export function parsePath(reader: TokenReader, placeholders: Placeholders, issues: Issues): Path {
  const path: [string, ...(string | number)[]] = [parseName(reader, placeholders, issues)];
  for (;;) {
    if (reader.skipSign(".")) path.push(parseName(reader, placeholders, issues));
    else if (reader.skipSign("[")) {
      if (reader.current.kind !== "number") throw reader.syntaxError();
      const { text } = reader.take();
      if (Number(text) > 0x7fffffff)
        throw reader.error(`List index is not within the allowable range; index: [${text}]`);
      path.push(Number(text));
      reader.expectSign("]");
    } else break;
  }
  if (path.length > DEEPEST)
    issues.note("path", `The document path has too many nesting elements; nesting levels: ${path.length}`);
  return path;
}

function parseName(reader: TokenReader, placeholders: Placeholders, issues: Issues): string {
  const { kind, text } = reader.current;
  if (kind === "identifier") {
    reader.take();
    if (isReserved(text)) issues.note("reserved", `Attribute name is a reserved keyword; reserved keyword: ${text}`);
    return text;
  }
  if (kind !== "name") throw reader.syntaxError();
  reader.take();
  const name = placeholders.name(text);
  if (name !== undefined) return name;
  issues.note(
    "placeholder",
    `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
  );
  return text;
}

/** What stands at the path; undefined when there is nothing. */
export function valueAt(item: Item, path: Path): Value | undefined {
  let value = attributeOf(item, path[0]);
  for (let at = 1; at < path.length && value !== undefined; at++) value = memberOf(value, path[at] ?? "");
  return value;
}

export function memberOf(value: Value, element: string | number): Value | undefined {
  if (typeof element === "number") return "L" in value ? value.L[element] : undefined;
  return "M" in value ? attributeOf(value.M, element) : undefined;
}

export const samePath = (left: Path, right: Path): boolean =>
  left.length === right.length && left.every((element, at) => element === right[at]);

/** A path as messages show it: `[order, lines, [0]]`. */
export const pathInWords = (path: Path): string =>
  `[${path.map((element) => (typeof element === "number" ? `[${element}]` : element)).join(", ")}]`;

/** Notes paths of which one contains the other, or that take a list for a map. */
export function checkOverlap(paths: readonly Path[], issues: Issues): void {
  for (const [at, later] of paths.entries()) {
    for (const earlier of paths.slice(0, at)) compare(earlier, later, issues);
  }
}

function compare(earlier: Path, later: Path, issues: Issues): void {
  const shared = Math.min(earlier.length, later.length);
  for (let at = 0; at < shared; at++) {
    if (earlier[at] === later[at]) continue;
    if (typeof earlier[at] !== typeof later[at]) issues.note("conflict", clash("conflict", earlier, later));
    return;
  }
  issues.note("overlap", clash("overlap", earlier, later));
}

const clash = (how: string, one: Path, two: Path): string =>
  `Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: ${pathInWords(one)}, path two: ${pathInWords(two)}`;
