/** JSON values as they flow between states. They are never changed in place: states share parts of each other's data. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The member's value, or undefined. Inherited members (`constructor`, `__proto__`) are not members. */
export const member = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** Sets an own member on an object under construction, also one called `__proto__`. */
export function put(target: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** A shallow copy that keeps a member called `__proto__` an ordinary one. */
export function copyOf(object: JsonObject): Record<string, Json> {
  const copy: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) put(copy, key, value);
  return copy;
}

/** Deep equality of JSON values; the order of members does not matter. */
export function equal(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (isArray(left))
    return (
      isArray(right) && left.length === right.length && left.every((item, index) => equal(item, right[index] ?? null))
    );
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key] ?? null, right[key] ?? null))
  );
}

/** The name Step Functions gives a value's type in its messages. */
export function typeName(value: Json | undefined): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  return isArray(value) ? "array" : typeof value;
}
