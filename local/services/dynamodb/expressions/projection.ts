/** Projection expressions, and the parts of an item that paths pick out. */
import { attributeOf, type Item, setAttribute, type Value } from "../values/value.ts";
import { Issues } from "./issues.ts";
import { checkOverlap, memberOf, parsePath, type Path } from "./path.ts";
import type { Placeholders } from "./placeholders.ts";
import { TokenReader } from "./tokens.ts";

export function parseProjection(text: string, placeholders: Placeholders): readonly Path[] {
  const reader = new TokenReader("ProjectionExpression", text);
  const issues = new Issues();
  const paths = [parsePath(reader, placeholders, issues)];
  while (reader.skipSign(",")) paths.push(parsePath(reader, placeholders, issues));
  reader.expectEnd();
  checkOverlap(paths, issues);
  issues.check((reason) => reader.error(reason));
  return paths;
}

/** What the paths pick out: maps and lists keep only what was asked for, lists in their order. */
export function project(item: Item, paths: readonly Path[]): Item {
  const picked: Item = {};
  for (const [name, rests] of grouped(paths)) {
    const value = typeof name === "string" ? attributeOf(item, name) : undefined;
    const part = value === undefined ? undefined : pick(value, rests);
    if (part !== undefined) setAttribute(picked, String(name), part);
  }
  return picked;
}

type Rest = readonly (string | number)[];

function pick(value: Value, paths: readonly Rest[]): Value | undefined {
  if (paths.some((path) => path.length === 0)) return value;
  const parts = [...grouped(paths)].flatMap(([element, rests]) => {
    const member = memberOf(value, element);
    const part = member === undefined ? undefined : pick(member, rests);
    return part === undefined ? [] : [{ element, part }];
  });
  if (parts.length === 0) return undefined;
  if ("L" in value) {
    return { L: parts.sort((a, b) => Number(a.element) - Number(b.element)).map(({ part }) => part) };
  }
  const map: Item = {};
  for (const { element, part } of parts) setAttribute(map, String(element), part);
  return { M: map };
}

/** The paths by their first element, which is taken off. */
function grouped(paths: readonly Rest[]): Map<string | number, Rest[]> {
  const groups = new Map<string | number, Rest[]>();
  for (const [first, ...rest] of paths) {
    if (first === undefined) continue;
    const group = groups.get(first);
    if (group) group.push(rest);
    else groups.set(first, [rest]);
  }
  return groups;
}
