/** Values as callers send them to values as they are kept. Throws ValidationException for what AWS refuses. */
import { ServiceError } from "../../../core/errors.ts";
import { invalid, invalidParameters } from "../validation.ts";
import { binaryText } from "./compare.ts";
import { canonicalNumber } from "./decimal.ts";
import { type Item, setAttribute, TYPE_NAMES, type TypeName, type Value } from "./value.ts";

/** Levels of lists and maps within an attribute ("Service, account, and table quotas": nested attribute depth). */
const DEEPEST = 32;
const LONGEST_NAME = 65_535;

/** An item or a key: attribute names to values. */
export function readItem(raw: Readonly<Record<string, unknown>>): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(raw)) {
    if (Buffer.byteLength(name) > LONGEST_NAME)
      throw invalidParameters("Attribute name is too large, must be less than 65536 bytes");
    setAttribute(item, name, readValue(value));
  }
  return item;
}

export function readValue(raw: unknown, depth = 0): Value {
  const members = typeof raw === "object" && raw !== null ? raw : {};
  const given = TYPE_NAMES.filter((type) => Object.hasOwn(members, type) && Reflect.get(members, type) != null);
  // A member that is wrong in itself is found before that there are too many.
  const [value, ...more] = given.map((type) => readMember(type, Reflect.get(members, type), depth));
  if (value === undefined) {
    throw invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  if (more.length > 0) {
    throw invalid(
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
  }
  return value;
}

function readMember(type: TypeName, raw: unknown, depth: number): Value {
  switch (type) {
    case "S":
      return { S: text(raw) };
    case "N":
      return { N: canonicalNumber(text(raw)) };
    case "B":
      return { B: bytes(raw) };
    case "BOOL":
      if (typeof raw !== "boolean") throw malformed(raw, "Boolean");
      return { BOOL: raw };
    case "NULL":
      if (raw !== true) throw invalidParameters("Null attribute value types must have the value of true");
      return { NULL: true };
    case "SS":
      return { SS: readTexts(list(raw).map(text)) };
    case "NS":
      return { NS: readNumbers(list(raw).map(text)) };
    case "BS":
      return { BS: readBinaries(list(raw).map(bytes)) };
    case "L":
      return { L: list(raw).map((member) => readValue(member, deeper(depth))) };
    case "M":
      return { M: readMap(raw, deeper(depth)) };
  }
}

function readTexts(members: string[]): string[] {
  if (members.length === 0) throw invalidParameters("An string set  may not be empty");
  if (new Set(members).size < members.length) {
    throw invalidParameters(`Input collection [${members.join(", ")}] contains duplicates.`);
  }
  return members;
}

function readNumbers(members: string[]): string[] {
  if (members.length === 0) throw invalidParameters("An number set  may not be empty");
  const numbers = members.map(canonicalNumber);
  if (new Set(numbers).size < numbers.length) throw invalid("Input collection contains duplicates");
  return numbers;
}

function readBinaries(members: Uint8Array[]): Uint8Array[] {
  if (members.length === 0) throw invalidParameters("Binary sets should not be empty");
  if (new Set(members.map(binaryText)).size < members.length) {
    const shown = members.map((member) => Buffer.from(member).toString("base64")).join(", ");
    throw invalidParameters(`Input collection [${shown}]of type BS contains duplicates.`);
  }
  return members;
}

function readMap(raw: unknown, depth: number): Item {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) throw malformed(raw, "Map");
  const map: Item = {};
  for (const [name, member] of Object.entries(raw)) setAttribute(map, name, readValue(member, depth));
  return map;
}

function deeper(depth: number): number {
  if (depth >= DEEPEST) {
    throw invalid(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
    );
  }
  return depth + 1;
}

function text(raw: unknown): string {
  if (typeof raw !== "string") throw malformed(raw, "String");
  return raw;
}

function bytes(raw: unknown): Uint8Array {
  if (!(raw instanceof Uint8Array)) throw malformed(raw, "Blob");
  return raw;
}

function list(raw: unknown): readonly unknown[] {
  if (!Array.isArray(raw)) throw malformed(raw, "List");
  return raw;
}

/** What the protocol layer of AWS refuses: a JSON value of another kind than the member. */
const malformed = (raw: unknown, wanted: string): ServiceError =>
  new ServiceError("SerializationException", `${(typeof raw).toUpperCase()}_VALUE cannot be converted to ${wanted}`);
