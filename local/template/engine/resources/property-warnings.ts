/** Properties that a template sets and the local cloud does not know. */
import type { KnownProperties } from "../../../core/service.ts";
import { inside, type Path } from "../../template-error.ts";
import { isFields, isList, valueFunction, type Value } from "../../value.ts";

/** The paths of unknown properties, in the template's order. What a function answers is not looked into. */
export function unknownProperties(value: Value, known: KnownProperties, path: Path): readonly Path[] {
  if (known === true || valueFunction(value)) return [];
  if (isKnownList(known)) {
    if (isList(value)) return value.flatMap((item, index) => unknownProperties(item, known[0], inside(path, index)));
    return unknownProperties(value, known[0], path);
  }
  if (isList(value)) return value.flatMap((item, index) => unknownProperties(item, known, inside(path, index)));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = Object.hasOwn(known, name) ? known[name] : undefined;
    return inner === undefined ? [inside(path, name)] : unknownProperties(member, inner, inside(path, name));
  });
}

// Array.isArray does not narrow readonly tuples out of a union.
const isKnownList = (known: KnownProperties): known is readonly [KnownProperties] => Array.isArray(known);

export const unknownWarning = (path: string, type: string): string =>
  `${path}: the local cloud does not know this property of ${type} and passes it over`;
