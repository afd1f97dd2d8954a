/** The steps of a JSONPath, and what each finds. Dialect: that of Step Functions (Jayway). */
import { isArray, isObject, member, put, type Json } from "../json.ts";

/** Decides whether an item stays; `root` is what `$` means inside a filter. */
export type Predicate = (item: Json, root: Json) => boolean;

export type Segment =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  | {
      readonly kind: "slice";
      readonly start: number | undefined;
      readonly end: number | undefined;
      readonly step: number;
    }
  | { readonly kind: "wildcard" }
  | { readonly kind: "filter"; readonly keep: Predicate }
  | { readonly kind: "descend" }
  | { readonly kind: "length" };

/** A path of names and indexes leads to one place; any other to a list. */
export const isDefinite = (segments: readonly Segment[]): boolean =>
  segments.every(({ kind }) => kind === "name" || kind === "index" || kind === "names" || kind === "length");

const itemAt = (list: readonly Json[], index: number): Json | undefined =>
  list[index < 0 ? list.length + index : index];

/** What one step finds below a value; nothing where it does not apply. */
export function below(value: Json, segment: Segment, root: Json): readonly Json[] {
  const one = (found: Json | undefined): readonly Json[] => (found === undefined ? [] : [found]);
  switch (segment.kind) {
    case "name":
      return isObject(value) ? one(member(value, segment.name)) : [];
    case "names": {
      if (!isObject(value)) return [];
      const picked: Record<string, Json> = {};
      for (const name of segment.names) if (Object.hasOwn(value, name)) put(picked, name, value[name] ?? null);
      return [picked];
    }
    case "index":
      return isArray(value) ? one(itemAt(value, segment.index)) : [];
    case "indexes":
      return isArray(value) ? segment.indexes.flatMap((index) => one(itemAt(value, index))) : [];
    case "slice":
      return isArray(value) ? sliced(value, segment) : [];
    case "wildcard":
      return children(value);
    case "filter":
      return (isArray(value) ? value : [value]).filter((item) => segment.keep(item, root));
    case "descend":
      return descendants(value);
    case "length":
      return isArray(value) || typeof value === "string"
        ? [value.length]
        : isObject(value)
          ? [Object.keys(value).length]
          : [];
  }
}

const children = (value: Json): readonly Json[] =>
  isArray(value) ? value : isObject(value) ? Object.values(value) : [];

function sliced(list: readonly Json[], { start, end, step }: Extract<Segment, { kind: "slice" }>): readonly Json[] {
  const bound = (index: number): number => (index < 0 ? Math.max(0, list.length + index) : index);
  const part = list.slice(start === undefined ? 0 : bound(start), end === undefined ? list.length : bound(end));
  return step === 1 ? part : part.filter((_, index) => index % step === 0);
}

function descendants(value: Json): Json[] {
  const found: Json[] = [value];
  // An explicit worklist would lose document order; definitions of depth limits (JSON texts of 256 KiB) keep this shallow enough.
  for (const child of children(value)) for (const item of descendants(child)) found.push(item);
  return found;
}
