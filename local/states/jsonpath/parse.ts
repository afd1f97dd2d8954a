/** Reads a JSONPath: `$.a.b`, `$['a b']`, `[0]`, `[-1]`, `[0,2]`, `[1:3]`, `[*]`, `..name`, `[?(…)]`, `.length()`. */
import { readFilter } from "./filter.ts";
import type { Segment } from "./segments.ts";
import type { Cursor } from "./tokens.ts";

const NAME = /[\p{L}\p{N}_\-$@]+/uy;
const INTEGER = /-?\d+/y;

/** Steps up to the end of the text, or up to a character that cannot go on a path (inside filters and functions). */
export function readSegments(cursor: Cursor): Segment[] {
  const segments: Segment[] = [];
  for (;;) {
    if (cursor.take("..")) {
      segments.push({ kind: "descend" });
      if (cursor.next !== "[") segments.push(readName(cursor));
    } else if (cursor.take(".")) {
      segments.push(readName(cursor));
    } else if (cursor.take("[")) {
      segments.push(readBracket(cursor));
    } else {
      return segments;
    }
  }
}

function readName(cursor: Cursor): Segment {
  if (cursor.take("*")) return { kind: "wildcard" };
  if (cursor.take("length()")) return { kind: "length" };
  const name = cursor.match(NAME)?.[0] ?? cursor.fail("a name expected");
  if (cursor.next === "(") cursor.fail(`the path function ${name}() is not supported`);
  return { kind: "name", name };
}

function readBracket(cursor: Cursor): Segment {
  cursor.skipSpace();
  const segment = readSelector(cursor);
  cursor.skipSpace();
  cursor.expect("]");
  return segment;
}

function readSelector(cursor: Cursor): Segment {
  if (cursor.take("*")) return { kind: "wildcard" };
  if (cursor.take("?")) {
    cursor.skipSpace();
    cursor.expect("(");
    const keep = readFilter(cursor);
    cursor.expect(")");
    return { kind: "filter", keep };
  }
  if (cursor.next === "'" || cursor.next === '"') {
    const [name = "", ...others] = readList(cursor, () => cursor.quoted());
    return others.length === 0 ? { kind: "name", name } : { kind: "names", names: [name, ...others] };
  }
  return readNumbers(cursor);
}

function readNumbers(cursor: Cursor): Segment {
  const integer = (): number | undefined => {
    const found = cursor.match(INTEGER);
    return found ? Number(found[0]) : undefined;
  };
  const first = integer();
  cursor.skipSpace();
  if (cursor.take(":")) {
    const end = integer();
    const step = cursor.take(":") ? (integer() ?? 1) : 1;
    if (step < 1) cursor.fail("a slice goes forward");
    return { kind: "slice", start: first, end, step };
  }
  if (first === undefined) cursor.fail("an index, a name in quotes, '*' or a filter expected");
  if (cursor.next !== ",") return { kind: "index", index: first };
  cursor.take(",");
  cursor.skipSpace();
  return {
    kind: "indexes",
    indexes: [first, ...readList(cursor, () => integer() ?? cursor.fail("an index expected"))],
  };
}

function readList<T>(cursor: Cursor, item: () => T): T[] {
  const items: T[] = [];
  do {
    cursor.skipSpace();
    items.push(item());
    cursor.skipSpace();
  } while (cursor.take(","));
  return items;
}
