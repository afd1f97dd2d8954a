/** Attribute values as they are kept: exactly one type, numbers in canonical form. They are never changed in place. */

export type Value =
  | { S: string }
  | { N: string }
  | { B: Uint8Array }
  | { BOOL: boolean }
  | { NULL: true }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: Uint8Array[] }
  | { L: Value[] }
  | { M: Item };

export type Item = { [name: string]: Value };

export const TYPE_NAMES = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"] as const;
export type TypeName = (typeof TYPE_NAMES)[number];

// A value has one member, and its name is its type.
export const typeOf = (value: Value): TypeName => Object.keys(value)[0] as TypeName;

/** The attribute of that name; names such as `constructor` are names like any other. */
export const attributeOf = (item: Item, name: string): Value | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;

/** Sets the attribute of a fresh copy; `__proto__` is a name like any other. */
export function setAttribute(item: Item, name: string, value: Value): void {
  if (name === "__proto__")
    Object.defineProperty(item, name, { value, enumerable: true, writable: true, configurable: true });
  else item[name] = value;
}

/** A value as AWS writes it into messages: `{S:text}`. */
export function inWords(value: Value): string {
  if ("B" in value) return `{B:${Buffer.from(value.B).toString("base64")}}`;
  if ("S" in value) return `{S:${value.S}}`;
  return "N" in value ? `{N:${value.N}}` : `{${typeOf(value)}}`;
}

/** A value as the JSON protocol writes it: bytes in base64. For values inside errors, which no schema encodes. */
export function asWireJson(value: Value): Readonly<Record<string, unknown>> {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  if ("B" in value) return { B: base64(value.B) };
  if ("BS" in value) return { BS: value.BS.map(base64) };
  if ("L" in value) return { L: value.L.map(asWireJson) };
  return "M" in value ? { M: itemAsWireJson(value.M) } : value;
}

export const itemAsWireJson = (item: Item): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, asWireJson(value)]));
