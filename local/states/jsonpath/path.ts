/** A compiled path: into the state's data (`$`), the Context object (`$$`) or a workflow variable (`$name`). */
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject, member } from "../json.ts";
import type { Scope } from "../scope.ts";
import { readSegments } from "./parse.ts";
import { below, isDefinite, type Segment } from "./segments.ts";
import { Cursor } from "./tokens.ts";

/** What expressions of a state can see. */
export interface Sight {
  readonly data: Json;
  readonly context: JsonObject;
  readonly variables: Scope;
}

export interface Path {
  readonly text: string;
  readonly definite: boolean;
  readonly segments: readonly Segment[];
  readonly root: "data" | "context" | "variable";
  /** What the path leads to: a value, or a list for paths with wildcards, filters or slices. Undefined when there is nothing. */
  find(sight: Sight): Json | undefined;
}

const VARIABLE = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;

const cache = new Map<string, Path>();

/** Throws PathSyntaxError. */
export function compilePath(text: string): Path {
  const known = cache.get(text);
  if (known) return known;
  const cursor = new Cursor(text);
  const path = readPath(cursor);
  if (!cursor.done) cursor.fail("the path goes on in a way that cannot be read");
  // Paths come from definitions, so their number is small; a flood of them must still not fill the memory.
  if (cache.size > 10_000) cache.clear();
  cache.set(text, path);
  return path;
}

/** Reads a path that may be followed by something else (an argument of a function). */
export function readPath(cursor: Cursor): Path {
  const start = cursor.at;
  cursor.expect("$");
  let root: Path["root"] = "data";
  let variable = "";
  if (cursor.take("$")) root = "context";
  else {
    const name = cursor.match(VARIABLE);
    if (name) {
      root = "variable";
      variable = name[0];
    }
  }
  const segments = readSegments(cursor);
  const text = cursor.text.slice(start, cursor.at);
  const definite = isDefinite(segments);
  const walk = walker(segments, definite);
  const find =
    root === "data"
      ? (sight: Sight) => walk(sight.data)
      : root === "context"
        ? (sight: Sight) => walk(sight.context)
        : (sight: Sight) => {
            const value = sight.variables.get(variable);
            return value === undefined ? undefined : walk(value);
          };
  return { text, definite, segments, root, find };
}

function walker(segments: readonly Segment[], definite: boolean): (root: Json) => Json | undefined {
  if (segments.length === 0) return (root) => root;
  if (segments.every(({ kind }) => kind === "name"))
    return byNames(segments.map((segment) => (segment.kind === "name" ? segment.name : "")));
  return (root) => {
    let found: readonly Json[] = [root];
    for (const segment of segments)
      found =
        found.length === 1 && found[0] !== undefined
          ? below(found[0], segment, root)
          : found.flatMap((value) => below(value, segment, root));
    return definite ? found[0] : found;
  };
}

/** The way nearly all paths go, without intermediate lists. */
function byNames(names: readonly string[]): (root: Json) => Json | undefined {
  return (root) => {
    let value: Json | undefined = root;
    for (const name of names) {
      if (!isObject(value) || isArray(value)) return undefined;
      value = member(value, name);
      if (value === undefined) return undefined;
    }
    return value;
  };
}

/** A path in bracket notation, as messages show it: `$['a'][0]`. */
export const inBrackets = (path: Path): string =>
  "$" +
  path.segments
    .map((segment) =>
      segment.kind === "name" ? `['${segment.name}']` : segment.kind === "index" ? `[${segment.index}]` : "[…]",
    )
    .join("");
