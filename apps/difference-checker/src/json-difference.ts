/** The difference of two JSON documents by structure: which values came, went or changed, each by its path. */
import { diffArrays } from "diff";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** One change, as an operation of JSON Patch (RFC 6902) with the value that was there before. Paths are JSON Pointers (RFC 6901). */
export interface JsonChange {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

export interface JsonDifference {
  readonly kind: "json";
  readonly changes: readonly JsonChange[];
  /** Whether there were more changes than are listed. */
  readonly isCut: boolean;
}

const MOST_CHANGES = 1_000;
const MOST_ELEMENT_EDITS = 400;
/** Deeper documents are compared as wholes from here on: the comparison is recursive. */
const DEEPEST = 200;

export function compareJson(before: Json, after: Json): JsonDifference {
  const changes: JsonChange[] = [];
  compare("", before, after, 0, changes);
  return { kind: "json", changes: changes.slice(0, MOST_CHANGES), isCut: changes.length > MOST_CHANGES };
}

function compare(path: string, before: Json, after: Json, depth: number, changes: JsonChange[]): void {
  if (changes.length > MOST_CHANGES || before === after) return;
  if (depth < DEEPEST && Array.isArray(before) && Array.isArray(after))
    compareLists(path, before, after, depth, changes);
  else if (depth < DEEPEST && isObject(before) && isObject(after)) compareObjects(path, before, after, depth, changes);
  else if (canonical(before) !== canonical(after)) changes.push({ op: "replace", path, before, after });
}

function compareObjects(
  path: string,
  before: Readonly<Record<string, Json>>,
  after: Readonly<Record<string, Json>>,
  depth: number,
  changes: JsonChange[],
): void {
  for (const [name, value] of Object.entries(before)) {
    const at = `${path}/${escaped(name)}`;
    const now = Object.hasOwn(after, name) ? after[name] : undefined;
    if (now === undefined) changes.push({ op: "remove", path: at, before: value });
    else compare(at, value, now, depth + 1, changes);
  }
  for (const [name, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, name)) changes.push({ op: "add", path: `${path}/${escaped(name)}`, after: value });
  }
}

/** Elements that are equal keep their place in the order; a removed and an added element at one place are compared with each other. */
function compareLists(
  path: string,
  before: readonly Json[],
  after: readonly Json[],
  depth: number,
  changes: JsonChange[],
): void {
  const script = diffArrays(before.map(canonical), after.map(canonical), { maxEditLength: MOST_ELEMENT_EDITS }) ?? [
    { value: before.map(canonical), removed: true, added: false },
    { value: after.map(canonical), removed: false, added: true },
  ];
  let [from, to] = [0, 0];
  for (let index = 0; index < script.length; index++) {
    const part = script[index];
    const length = part?.value.length ?? 0;
    if (!part?.added && !part?.removed) {
      from += length;
      to += length;
      continue;
    }
    const next = script[index + 1];
    const isReplacement = part.removed && next?.added;
    const removed = part.removed ? length : 0;
    const added = isReplacement ? next.value.length : part.added ? length : 0;
    const paired = Math.min(removed, added);
    for (let offset = 0; offset < paired; offset++)
      compare(`${path}/${to + offset}`, before[from + offset] ?? null, after[to + offset] ?? null, depth + 1, changes);
    for (let offset = paired; offset < removed; offset++)
      changes.push({ op: "remove", path: `${path}/${to + paired}`, before: before[from + offset] ?? null });
    for (let offset = paired; offset < added; offset++)
      changes.push({ op: "add", path: `${path}/${to + offset}`, after: after[to + offset] ?? null });
    from += removed;
    to += added;
    if (isReplacement) index++;
  }
}

const isObject = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const escaped = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** Equal for documents that differ only in the order of members. */
const canonical = (value: Json): string =>
  JSON.stringify(value, (_name, inner: Json) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
